"""Recordings, and a run of ``stt`` against an emulated service."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.emulating import KEY, Emulated


@dataclass
class Shell:
    """Runs ``stt`` with a key; ``slept`` holds the pauses, which take no time."""

    run: Runner
    slept: list[float] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def __call__(self, emulator: Emulated, *arguments: str | Path) -> Outcome:
        env = {
            "SONIOX_API_KEY": KEY,
            "STT_SONIOX_ENDPOINT": emulator.url,
            "SCRIPTIX_TOKEN": KEY,
            "STT_SCRIPTIX_ENDPOINT": emulator.url,
            **self.variables,
        }
        return self.run(
            *arguments, env=env, sleep=self.slept.append, random=lambda: 0.0
        )

    def json(self, emulator: Emulated, *arguments: str | Path) -> Any:
        """Return what a run prints as JSON."""
        done = self(emulator, *arguments, "--json")
        return json.loads(done.stdout)


Stt = Callable[..., Outcome]


@pytest.fixture
def shell(stt: Runner) -> Shell:
    return Shell(stt)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Two seconds in a folder whose name is nobody's business."""
    path = tmp_path / "secret-folder" / "meeting.wav"
    path.parent.mkdir()
    path.write_bytes(silent_wav(2.0))
    return path
