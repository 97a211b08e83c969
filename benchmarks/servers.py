"""Starting a server for a benchmark, in a process of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import IO


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, IO[str]]]:
    """Run ``python -m ARGUMENTS``; yields its first line and its further output."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process.stdout
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
