"""Recordings that clients upload, decoded to what the engine hears."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawAudio:
    """What samples without a header are; ``subtype`` as libsndfile names it."""

    subtype: str
    rate: int
    channels: int = 1
    big_endian: bool = False

    def as_read(self) -> dict[str, Any]:
        """Return the arguments with which libsndfile reads such samples."""
        return {
            "format": "RAW",
            "subtype": self.subtype,
            "samplerate": self.rate,
            "channels": self.channels,
            "endian": "BIG" if self.big_endian else "LITTLE",
        }


def pcm_of(data: bytes, raw: RawAudio | None = None) -> bytes | None:
    """Return a recording as 16 kHz 16-bit mono PCM, ``None`` if it is none."""
    import numpy as np
    import soundfile
    import soxr

    form = raw.as_read() if raw else {}
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", **form)
    except (soundfile.LibsndfileError, RuntimeError, ValueError):
        return None
    mono = samples.mean(axis=1) if samples.ndim > 1 else samples
    heard = mono if rate == 16_000 else soxr.resample(mono, rate, 16_000)
    pcm: bytes = (np.clip(heard, -1, 1) * 32_767).astype("<i2").tobytes()
    return pcm


def seconds_of(data: bytes) -> float | None:
    """Return the length of a recording, ``None`` if it cannot be told."""
    import soundfile

    try:
        return float(soundfile.info(io.BytesIO(data)).duration)
    except (soundfile.LibsndfileError, RuntimeError, ValueError):
        return None
