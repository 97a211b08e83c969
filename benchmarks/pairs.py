"""Timing two commands in turn, so that a noisy machine treats both alike.

Every figure is of whole processes, children included, as the operating system
accounts for them; the ratio is that of the medians.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PAIRS = 7


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
    complaint = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        words = complaint.decode(errors="replace")[-500:]
        raise RuntimeError(f"{' '.join(command)} gave {process.returncode}: {words}")
    return Run(wall, used.ru_utime + used.ru_stime, _megabytes(used))


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


def _megabytes(used: resource.struct_rusage) -> float:
    # Linux counts kilobytes here, macOS bytes.
    return used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
