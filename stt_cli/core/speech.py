"""What a synthesizer yields: the format first, then audio, IDs as they come."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.events import Identified, Notice, Started


@dataclass(frozen=True, slots=True)
class SpeechFormat:
    """How synthesized audio is encoded.

    ``container`` is ``wav``, ``mp3``, ``ogg``, ``webm``, ``flac`` or ``raw``;
    ``codec`` is ``pcm_s16le``, ``mulaw``, ``alaw``, ``mp3``, ``opus``, … ;
    ``suffix`` is the file suffix without a dot.
    """

    container: str
    codec: str
    sample_rate: int
    channels: int = 1
    suffix: str = "wav"
    content_type: str = "audio/wav"


@dataclass(frozen=True, slots=True)
class SpeechFormatKnown:
    """The audio that follows is in this format."""

    format: SpeechFormat


@dataclass(frozen=True, slots=True)
class SpeechAudio:
    """A block of encoded audio, as long as the engine makes it."""

    data: bytes


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """All audio was made; what plays or keeps it may end."""


SpeechEvent = Started | Identified | Notice | SpeechFormatKnown | SpeechAudio
