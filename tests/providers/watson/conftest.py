"""Recordings, and a run of ``stt`` against an emulated Watson."""

from __future__ import annotations

import json
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
            "SPEECH_TO_TEXT_APIKEY": KEY,
            "TEXT_TO_SPEECH_APIKEY": KEY,
            "STT_PROVIDER": "watson",
            "STT_WATSON_ENDPOINT": emulator.url,
            **self.variables,
        }
        return self.run(
            *arguments, env=env, sleep=self.slept.append, random=lambda: 0.0
        )

    def json(self, emulator: Emulated, *arguments: str | Path) -> Any:
        """Return what a run prints as JSON."""
        return json.loads(self(emulator, *arguments, "--json").stdout)


@pytest.fixture
def shell(stt: Runner) -> Shell:
    return Shell(stt)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Two seconds in a file."""
    path = tmp_path / "call.wav"
    path.write_bytes(silent_wav(2.0))
    return path


@pytest.fixture
def other_wav(tmp_path: Path) -> Path:
    """One second in another file."""
    path = tmp_path / "second.wav"
    path.write_bytes(silent_wav(1.0))
    return path
