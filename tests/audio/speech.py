"""Recordings of the sample sentence in every container, and programs to make them."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.environment import Directories, Environment
from tests.audio.tones import WEATHER

FFMPEG = shutil.which("ffmpeg")
needs_ffmpeg = pytest.mark.skipif(FFMPEG is None, reason="makes its inputs with ffmpeg")
NO_FFMPEG = {"STT_FFMPEG": ""}

Signal = NDArray[np.float32]


def opened(
    path: Path | str, variables: Mapping[str, str] | None = None, **options: Any
) -> AudioSource:
    """Open a recording in an environment with these variables, or the real ones."""
    environment = Environment(
        variables=os.environ if variables is None else variables,
        directories=Directories(),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    return open_source(str(path), environment, **options)


def weather() -> Signal:
    """Return the sample sentence, 16 kHz."""
    samples: Signal = soundfile.read(WEATHER, dtype="float32")[0]
    return samples


def made(path: Path, *arguments: str, source: Path = WEATHER) -> Path:
    """Encode the sample sentence with ffmpeg, in the container of the suffix."""
    assert FFMPEG is not None
    subprocess.run(
        [FFMPEG, "-v", "error", "-y", "-i", str(source), *arguments, str(path)],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return path


def heard(source: AudioSource) -> Signal:
    """Return all that a recognizer gets to hear."""
    pcm = b"".join(source.pcm())
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    return samples / np.float32(32768)


def likeness(one: Signal, other: Signal) -> float:
    """Return how alike two signals rise and fall, 1 at most.

    An encoder may have moved one of them by up to 0.1 s.
    """
    first, second = _envelope(one), _envelope(other)
    shifted = [(first[by:], second) for by in range(11)]
    shifted += [(first, second[by:]) for by in range(1, 11)]
    return max(_correlation(left, right) for left, right in shifted)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    length = min(len(one), len(other))
    return float(np.corrcoef(one[:length], other[:length])[0, 1])


def _envelope(signal: Signal) -> NDArray[np.float64]:
    frames = signal[: len(signal) // 160 * 160].reshape(-1, 160)
    power: NDArray[np.float64] = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return np.sqrt(power)
