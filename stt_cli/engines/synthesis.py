"""The small interface of an embedded synthesizer."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from stt_cli.core.catalog import Voice


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is to be spoken, and how.

    ``voice`` is the ID of one of the engine's voices; ``rate`` is in words a
    minute; ``pitch`` goes from 0 to 100, ``volume`` from 0 to 200, ``None``
    being the engine's own. ``is_lenient`` speaks SSML without what the engine
    lacks, instead of refusing it.
    """

    text: str
    voice: str
    is_ssml: bool = False
    rate: int | None = None
    pitch: int | None = None
    volume: int | None = None
    is_lenient: bool = False


class Synthesizer(Protocol):
    """An engine that speaks."""

    @property
    def version(self) -> str:
        """The engine's name and version."""

    @property
    def sample_rate(self) -> int:
        """Samples a second of what ``speak`` yields."""

    def voices(self) -> tuple[Voice, ...]:
        """Return every voice, one language after the other."""

    def choose(
        self, voice: str | None, language: str | None, gender: str | None
    ) -> Voice:
        """Return the voice that fits best.

        Raises:
            NotFoundError: there is no such voice.
            UsageError: it does not speak that language, or not in that gender.
        """

    def speak(self, utterance: Utterance) -> Generator[bytes]:
        """Yield 16-bit little-endian mono PCM in blocks, while it is made.

        Constant memory, however long the text. Closing the generator stops the
        engine at once. An engine may speak one text at a time: another caller
        waits, so finish or close one generator before starting the next.
        """
