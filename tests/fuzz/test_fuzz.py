"""A few hundred inputs for every target; see ``tests.fuzz`` for more."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import seeds_of
from tests.fuzz.targets import TARGETS

_SLOW = {"audio": 100, "piped-audio": 100, "http": 100, "websocket": 100}


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_it(name: str, tmp_path: Path) -> None:
    """In a process of its own, for a decoder may take the interpreter with it."""
    seed = random.randrange(1_000_000)
    count = _SLOW.get(name, 400)
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", name, "--count", str(count),
         "--seed", str(seed), "--keep", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"seed {seed}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_seeds(name: str) -> None:
    assert seeds_of(name)
