"""Compressed audio that a service takes as it is, decoded to what it hears."""

from __future__ import annotations

from stt_cli.emulator.sound import pcm_of
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
    pcm = pcm_of(data)
    if pcm is not None:
        return pcm
    if given:
        return bytes(32_000 * _UNKNOWN_SECONDS)
    raise FramingError(INVALID_PAYLOAD, "The audio format cannot be decoded")
