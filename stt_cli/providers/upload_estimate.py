"""The audio that a recognition would send: how much, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stt_cli.core.errors import SttError

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_BYTES_A_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class UploadEstimate:
    """What ``--dry-run`` tells besides the request.

    ``size`` is the audio that would leave, in bytes, where it can be told
    beforehand; ``refusals`` are the limits of the service that it breaks, as the
    errors that sending it would end in.
    """

    size: int | None = None
    refusals: tuple[SttError, ...] = ()


def pcm_size(source: AudioSource, sample_rate: int, header: int = 0) -> int | None:
    """Return the bytes of an input as 16-bit mono PCM behind a header, if known.

    Raises:
        AudioError: it cannot be made PCM on this machine.
    """
    source.check_decodable()
    if source.live or source.duration is None:
        return None
    return header + round(source.duration * sample_rate) * _BYTES_A_SAMPLE
