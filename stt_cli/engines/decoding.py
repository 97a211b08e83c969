"""What is decoded and by whom: the seam between listening and the engines."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, Self

from stt_cli.audio.voice_activity import SAMPLE_RATE, Utterance
from stt_cli.core.environment import Environment
from stt_cli.core.transcript import Segment

Span = tuple[float, float]
"""Start and end, in seconds from the start of the input."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of audio that is decoded at once, and where in it people speak.

    ``start`` is in seconds from the start of the input; ``pcm`` is 16-bit mono at
    16 kHz. ``speech`` holds at least one span.
    """

    start: float
    pcm: bytes
    speech: tuple[Span, ...]

    @classmethod
    def of(cls, utterance: Utterance) -> Window:
        """Return the window of a single utterance."""
        span = (utterance.start, utterance.end)
        return cls(utterance.start, utterance.pcm, (span,))

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.pcm) / (2 * SAMPLE_RATE)

    @property
    def end(self) -> float:
        """Where it ends, in seconds."""
        return round(self.start + self.seconds, 4)


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """How to decode.

    ``alternatives`` is how many readings of each phrase to give, best first.
    ``language`` is a code of the model's; ``None`` lets it find out, window by
    window: where it is unsure, ``likely_language`` holds.
    ``phrases`` are words and names that are likely to be said.
    """

    alternatives: int = 0
    language: str | None = None
    likely_language: str | None = None
    phrases: tuple[str, ...] = ()


class Decoders(Protocol):
    """Turns windows into phrases, at once or in the background. Any thread may ask."""

    @property
    def limit(self) -> int:
        """How many windows may wait for their result."""

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        """Decode one window; no phrase where nothing was understood."""


class OwnDecoders(Decoders, Protocol):
    """Decoders on this machine, to be closed by whoever opened them."""

    def warm_up(self) -> None:
        """Begin to load the model before there is work for it."""

    def follow(self, options: DecodeOptions) -> PartialDecoder:
        """Return what follows one input's utterances while they are spoken."""

    def close(self) -> None:
        """Give up what is under way."""


class PartialDecoder(Protocol):
    """Follows one utterance while it is spoken. Never keeps the audio waiting."""

    def begin(self) -> None:
        """Get ready for a new utterance, whatever became of the last."""

    def hear(self, pcm: bytes) -> str:
        """Take the next PCM and return what was understood up to now."""


class EngineModel(Protocol):
    """A model of an engine, by name: it can be compared, hashed and pickled.

    It travels to workers, which open their own copy of what it names.
    """

    @property
    def longest_window(self) -> float | None:
        """Seconds of neighboring utterances that it decodes best at once.

        ``None``: each utterance by itself.
        """

    def describe(self) -> Mapping[str, str]:
        """Return engine, model and what else tells them apart."""

    def at_a_place_for_all(self) -> Self:
        """Return the same model as other processes find it, whatever their folder."""

    def open(
        self, environment: Environment, workers: int, threads: int = 1
    ) -> OwnDecoders:
        """Return decoders for so many windows at a time, each with so many threads.

        What is wrong with the model is raised there, or where its first result is
        asked for.
        """
