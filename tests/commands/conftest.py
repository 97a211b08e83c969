"""The parrot, a third party's provider, installed once for all tests here."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from tests.parrot import install_parrot


@pytest.fixture(scope="session")
def parrot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site-packages")
    install_parrot(folder)
    return folder


@pytest.fixture
def parrot(parrot_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the installed parrot visible, here and to processes that a test starts."""
    import os

    monkeypatch.syspath_prepend(str(parrot_folder))
    before = os.environ.get("PYTHONPATH")
    both = str(parrot_folder) + (os.pathsep + before if before else "")
    monkeypatch.setenv("PYTHONPATH", both)
    return parrot_folder


def silent_wav(seconds: float = 1.0) -> bytes:
    """Return a WAV of silence, 16 kHz mono PCM."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(int(seconds * 16_000) * 2))
    return buffer.getvalue()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A second of silence in a file."""
    path = tmp_path / "a.wav"
    path.write_bytes(silent_wav())
    return path
