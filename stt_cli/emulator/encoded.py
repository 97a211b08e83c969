"""Compressed audio that a service takes as it is, decoded to what it hears."""

from __future__ import annotations

from stt_cli.protocols.usp.framing import INVALID_PAYLOAD, FramingError

_UNKNOWN_SECONDS = 1


def decoded_pcm(data: bytes, *, given: bool) -> bytes:
    """Return 16 kHz 16-bit mono PCM.

    Args:
        given: whether the transcript is given, so that a codec that cannot be
            decoded here (SILK, Siren) stands for a second of audio.

    Raises:
        FramingError: it is no audio, with the close code for that.
    """
    import io

    import numpy as np
    import soundfile
    import soxr

    try:
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    except soundfile.LibsndfileError as fault:
        if given:
            return bytes(32_000 * _UNKNOWN_SECONDS)
        raise FramingError(
            INVALID_PAYLOAD, "The audio format cannot be decoded"
        ) from fault
    mono = samples.mean(axis=1) if samples.ndim > 1 else samples
    heard = soxr.resample(mono, rate, 16_000)
    pcm: bytes = (np.clip(heard, -1, 1) * 32_767).astype("<i2").tobytes()
    return pcm
