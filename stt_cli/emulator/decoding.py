"""Audio that clients send, decoded to what the engine hears: 16 kHz 16-bit mono."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from stt_cli.protocols.json_fields import Fields, integer
from stt_cli.protocols.usp.framing import INVALID_PAYLOAD, FramingError

_UNKNOWN_SECONDS = 1


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


def pcm_of(
    data: bytes, raw: RawAudio | None = None, channel: int | None = None
) -> bytes | None:
    """Return a recording as 16 kHz 16-bit mono PCM, ``None`` if it is none.

    Args:
        channel: the only one to hear, from 0; all are mixed by default.
    """
    import numpy as np
    import soundfile
    import soxr

    form = raw.as_read() if raw else {}
    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32", **form)
    except (soundfile.LibsndfileError, RuntimeError, ValueError):
        return None
    mono = samples
    if samples.ndim > 1:
        mono = samples.mean(axis=1) if channel is None else samples[:, channel]
    heard = mono if rate == 16_000 else soxr.resample(mono, rate, 16_000)
    pcm: bytes = (np.clip(heard, -1, 1) * 32_767).astype("<i2").tobytes()
    return pcm


def channels_of(data: bytes) -> int:
    """Return how many channels a recording has, 1 if that cannot be told."""
    import soundfile

    try:
        return int(soundfile.info(io.BytesIO(data)).channels)
    except (soundfile.LibsndfileError, RuntimeError, ValueError):
        return 1


def seconds_of(data: bytes) -> float | None:
    """Return the length of a recording, ``None`` if it cannot be told."""
    import soundfile

    try:
        return float(soundfile.info(io.BytesIO(data)).duration)
    except (soundfile.LibsndfileError, RuntimeError, ValueError):
        return None


def decoded_pcm(data: bytes, *, given: bool) -> bytes:
    """Return 16 kHz 16-bit mono PCM.

    Args:
        given: whether the transcript is given, so that a codec that cannot be
            decoded here (SILK, Siren) stands for a second of audio.

    Raises:
        FramingError: it is no audio, with the close code for that.
    """
    pcm = pcm_of(data)
    if pcm is not None:
        return pcm
    if given:
        return bytes(32_000 * _UNKNOWN_SECONDS)
    raise FramingError(INVALID_PAYLOAD, "The audio format cannot be decoded")


def resampled(data: bytes, config: Fields) -> bytes:
    """Return 16-bit PCM as 16 kHz mono; ``config`` names rate and channels."""
    rate = integer(config, "sample_rate") or 16_000
    channels = integer(config, "num_channels") or 1
    if (rate, channels) == (16_000, 1):
        return data
    whole = len(data) - len(data) % (2 * channels)
    return pcm_of(data[:whole], RawAudio("PCM_16", rate, channels)) or b""
