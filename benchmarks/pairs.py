"""Timing two commands in turn, so that a noisy machine treats both alike.

Every figure is of whole processes, children included, as the operating system
accounts for them; the ratio is that of the medians.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAIRS = 7
_LOOK_SECONDS = 0.005  # how often the memory of a run is read


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run: seconds of wall and CPU time, peak memory in MB."""

    wall: float
    cpu: float
    memory: float


def run_once(command: Sequence[str], env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end, its output thrown away.

    Raises:
        RuntimeError: it failed; a benchmark of a failure says nothing.
    """
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_as_installed({**os.environ, **(env or {})}),
    )
    assert process.stderr is not None
    with _peak_memory(process.pid) as peak:
        complaint = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        words = complaint.decode(errors="replace")[-500:]
        raise RuntimeError(f"{' '.join(command)} gave {process.returncode}: {words}")
    return Run(wall, used.ru_utime + used.ru_stime, peak[0] or _megabytes(used))


def compare(
    title: str,
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    pairs: int = PAIRS,
    env: Mapping[str, str] | None = None,
) -> dict[str, float]:
    """Run both in turn, print medians and ratios, and return the ratios."""
    for warm_up in (ours, theirs):
        run_once(warm_up, env)
    runs = [(run_once(ours, env), run_once(theirs, env)) for _ in range(pairs)]
    ratios = {}
    print(title)
    for name, unit in (("wall", "s"), ("cpu", "s"), ("memory", "MB")):
        mine, other = (
            statistics.median(getattr(pair[side], name) for pair in runs)
            for side in (0, 1)
        )
        ratios[name] = mine / other if other else float("inf")
        print(
            f"  {name:6}  ours {mine:8.3f} {unit:2}  theirs {other:8.3f} {unit:2}"
            f"  ratio {ratios[name]:.2f}"
        )
    return ratios


def _as_installed(env: dict[str, str]) -> dict[str, str]:
    """Let Python keep compiled modules, as ``pip install`` leaves them for us all.

    Without, a checkout is compiled anew in every run, and its peers are not.
    """
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


@contextmanager
def _peak_memory(pid: int) -> Iterator[list[float]]:
    """Watch a process's own peak; the list's one number is in MB, 0 if unknown.

    What ``wait4`` tells counts the memory of this program too, from which the
    other was forked: with an emulator inside it, far more than what is measured.
    """
    status, peak, over = Path(f"/proc/{pid}/status"), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_SECONDS):
            try:
                found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
            except OSError:
                return
            # Once it has begun another program its count starts anew.
            peak[0] = int(found[1]) / 2**10 if found else peak[0]

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _megabytes(used: resource.struct_rusage) -> float:
    # Linux counts kilobytes here, macOS bytes.
    return used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
