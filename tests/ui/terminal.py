"""A terminal to look at: a pseudo-terminal whose output a terminal emulator reads."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import pyte

_PREAMBLE = """
import os, sys, time
from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice, Partial
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import Segment
from stt_cli.ui.reporter import Reporter
world = Environment.of_this_process()
reporter = Reporter(world)

def leave():
    "End at once, so that what is drawn at this moment stays to be seen."
    reporter.screen.refresh()
    os._exit(0)
"""


@dataclass(frozen=True)
class Seen:
    """What a person saw at the end, what the terminal was sent, how it ended."""

    rows: list[str]
    raw: str
    status: int
    piped: bytes

    @property
    def text(self) -> str:
        """The rows that are not empty."""
        return "\n".join(self.rows).strip("\n")


def show(
    script: str,
    *,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    stdout_piped: bool = False,
    stderr_piped: bool = False,
) -> Seen:
    """Run Python code with ``world`` and ``reporter`` on a terminal of its own."""
    return run(
        [sys.executable, "-c", _PREAMBLE + script],
        columns=columns,
        rows=rows,
        env=env,
        stdout_piped=stdout_piped,
        stderr_piped=stderr_piped,
    )


def run(
    command: list[str],
    *,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    stdout_piped: bool = False,
    stderr_piped: bool = False,
) -> Seen:
    """Run a program on a terminal of its own and return what was to be seen."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    variables = {**os.environ, "TERM": "xterm-256color", **(env or {})}
    if "COLUMNS" not in (env or {}):
        variables.pop("COLUMNS", None)
    child = subprocess.Popen(
        command,
        stdin=there,
        stdout=subprocess.PIPE if stdout_piped else there,
        stderr=subprocess.PIPE if stderr_piped else there,
        env=variables,
    )
    os.close(there)
    sent = b""
    with suppress(OSError):  # Linux ends a pseudo-terminal with EIO
        while block := os.read(here, 65_536):
            sent += block
    os.close(here)
    piped = b"".join(p.read() for p in (child.stdout, child.stderr) if p is not None)
    with child:
        status = child.wait(60)
    screen = pyte.Screen(columns, rows)
    pyte.ByteStream(screen).feed(sent)
    shown = [row.rstrip() for row in screen.display]
    return Seen(shown, sent.decode(), status, piped)
