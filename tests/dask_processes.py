"""A Dask cluster of real processes on loopback, of which each may die."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ALTERED = (
    "import sys; {alteration}; from distributed.cli.{program} import main; main()"
)
_PATIENCE_S = 60.0


class DaskProcesses:
    """Starts them one by one, and ends them all.

    ``alteration`` is a statement that a process runs before it begins: what it
    lacks, or how it misbehaves.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self._folder = folder
        self._variables = {**os.environ, **variables}
        self._processes: list[subprocess.Popen[bytes]] = []
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.address = ""

    def __enter__(self) -> DaskProcesses:
        return self

    def __exit__(self, *_exception: object) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def start_scheduler(
        self, *options: str, alteration: str = "", protocol: str = "tcp"
    ) -> None:
        """Start the scheduler, and wait until it listens."""
        told = self._folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", alteration,
            f"--host={protocol}://127.0.0.1", "--port=0", "--no-dashboard",
            "--dashboard-address=127.0.0.1:0", f"--scheduler-file={told}", *options,
        )  # fmt: skip
        self.address = wait_until(lambda: _address_in(told))

    def start_worker(
        self, name: str, *, threads: int = 1, alteration: str = ""
    ) -> subprocess.Popen[bytes]:
        """Start a worker without a guardian: killed is killed."""
        return self._start(
            "dask_worker", alteration,
            self.address, f"--nthreads={threads}", f"--name={name}", "--no-nanny",
            "--no-dashboard", f"--local-directory={self._folder / name}",
            "--memory-limit=0",
        )  # fmt: skip

    def _start(
        self, program: str, alteration: str, *arguments: str
    ) -> subprocess.Popen[bytes]:
        code = _ALTERED.format(alteration=alteration or "pass", program=program)
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._variables,
                cwd=self._folder,
            )
        self._processes.append(process)
        return process


def _address_in(path: Path) -> str | None:
    """Return the address in a scheduler file, once it is whole."""
    try:
        address: str = json.loads(path.read_text())["address"]
    except (FileNotFoundError, ValueError):
        return None
    return address


def wait_until(condition: Callable[[], Any], patience: float = _PATIENCE_S) -> Any:
    """Return what the condition gives once it is true."""
    give_up = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    return found
