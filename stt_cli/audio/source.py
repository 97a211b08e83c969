"""What a recognizer gets to hear: one interface over files, pipes and microphones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from stt_cli.core.events import Notice


@dataclass(frozen=True, slots=True)
class AudioEncoding:
    """How a recording is encoded, read from its own header.

    ``container`` is ``wav``, ``flac``, ``ogg``, ``mp3``, ``aiff``, ``au``,
    ``silk``, ``raw``, …; ``codec`` is ``pcm_s16le``, ``mulaw``, ``alaw``,
    ``flac``, ``opus``, ``vorbis``, ``mp3``, ``silk``, ``siren``, ``sirensr``, …;
    ``sample_rate`` is in hertz. It and ``channels`` are 0 where only a decoder
    could tell (MP4, AMR and others that pass through as they are);
    ``content_type`` is the media type for a service that takes it as it is.
    """

    container: str
    codec: str
    sample_rate: int
    channels: int
    content_type: str


class AudioSource(Protocol):
    """One input. It is opened when it is read, and may be read more than once
    unless ``live``.
    """

    @property
    def name(self) -> str:
        """What the user called it: a path, ``-``, a URL, ``microphone``."""

    @property
    def path(self) -> Path | None:
        """The file, where it is one."""

    @property
    def url(self) -> str | None:
        """The address, where the user gave one."""

    @property
    def live(self) -> bool:
        """Whether the audio arrives while it is spoken, once only.

        True for every pipe: standard input may well be a microphone's.
        """

    @property
    def encoding(self) -> AudioEncoding:
        """How it is encoded. Raises ``AudioError`` where that cannot be told.

        Of a live source this waits for the first bytes, and takes none away.
        """

    @property
    def duration(self) -> float | None:
        """Its length in seconds, where its header or size tells it."""

    @property
    def size(self) -> int | None:
        """Its length in bytes as it stands, where known."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was amiss and did not stop the reading, known by now.

        It may grow while the audio is read: ask again at the end.
        """

    def check_decodable(self) -> None:
        """Raise the ``AudioError`` that ``pcm`` would, as far as can be told before.

        It may ask a decoder; of a live source nothing can be told.
        """

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Yield 16-bit little-endian mono PCM, resampled, in blocks of that length.

        Constant memory; the last block may be shorter, none is empty. Raises
        ``AudioError`` for what cannot be decoded.
        """

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Yield the bytes as they stand in the file, container included."""
