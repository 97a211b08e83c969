"""Headerless PCM of any rate and number of channels, as the engine hears it."""

from __future__ import annotations

from stt_cli.emulator.sound import RawAudio, pcm_of
from stt_cli.protocols.json_fields import Fields, integer


def resampled(data: bytes, config: Fields) -> bytes:
    """Return 16-bit PCM as 16 kHz mono; ``config`` names rate and channels."""
    rate = integer(config, "sample_rate") or 16_000
    channels = integer(config, "num_channels") or 1
    if (rate, channels) == (16_000, 1):
        return data
    whole = len(data) - len(data) % (2 * channels)
    return pcm_of(data[:whole], RawAudio("PCM_16", rate, channels)) or b""
