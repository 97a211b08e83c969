"""A recording for tests that go through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of silence in a file."""
    path = tmp_path / "a.wav"
    path.write_bytes(silent_wav())
    return path
