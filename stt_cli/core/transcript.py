"""What was recognized. Times are seconds from the start of the input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from stt_cli.core.errors import SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Redactor


class RecognitionStatus(StrEnum):
    """How a recognition ended, the ``status`` of the JSON contract."""

    SUCCESS = "success"
    NO_MATCH = "no_match"
    INITIAL_SILENCE = "initial_silence"
    BABBLE = "babble"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognized word; ``confidence`` lies between 0 and 1.

    ``details`` keeps what the service says beyond that, under its own names.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return a word of the JSON contract."""
        known = {
            "text": self.text,
            "start": seconds(self.start),
            "end": seconds(self.end),
            "confidence": self.confidence,
        }
        return known | _details(self.details)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the n best readings, in the service's own order."""

    text: str
    confidence: float | None = None
    lexical: str | None = None
    itn: str | None = None
    masked_itn: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return an alternative of the JSON contract."""
        return {
            "text": self.text,
            "confidence": self.confidence,
            "lexical": self.lexical,
            "itn": self.itn,
            "masked_itn": self.masked_itn,
        }


@dataclass(frozen=True, slots=True)
class Segment:
    """One final phrase, as long as the speaker went on without a pause.

    ``translations`` holds the same phrase in other languages: text by language
    tag, in the order in which the languages were asked for. A language whose
    translation failed is missing. ``intent`` is what the phrase asks for, as the
    intent service answered, or in the same form where a pattern fitted. ``details``
    keeps what the service says beyond all this, under its own names.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: str | None = None
    channel: int | None = None
    language: str | None = None
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    translations: Mapping[str, str] = field(default_factory=dict)
    intent: Mapping[str, Any] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return a segment of the JSON contract."""
        known: dict[str, Any] = {
            "start": seconds(self.start),
            "end": seconds(self.end),
            "text": self.text,
            "confidence": self.confidence,
            "speaker": self.speaker,
            "channel": self.channel,
            "language": self.language,
            "words": [word.to_dict() for word in self.words],
            "alternatives": [other.to_dict() for other in self.alternatives],
            "translations": dict(self.translations),
            "intent": None if self.intent is None else dict(self.intent),
        }
        return known | _details(self.details)

    def masked(self, redactor: Redactor) -> Segment:
        """Return the segment with its details masked, and those of its words."""
        if not self.details and not any(word.details for word in self.words):
            return self
        words = (
            replace(word, details=redactor.clean_data(word.details))
            for word in self.words
        )
        details = redactor.clean_data(self.details)
        return replace(self, details=details, words=tuple(words))


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall time from the start of the run; ``None`` where not known."""

    connect: float | None = None
    first_partial: float | None = None
    total: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the ``timing`` object of the JSON contract."""
        return {
            "connect": seconds(self.connect),
            "first_partial": seconds(self.first_partial),
            "total": seconds(self.total),
        }


@dataclass(frozen=True, slots=True)
class Transcript:
    """One input's result, whole: what JSON prints and every format writes.

    ``raw`` is the provider's own answer, kept only when ``--raw`` asked for it.
    """

    provider: str
    input: str
    status: RecognitionStatus
    transport: str | None = None
    language: str | None = None
    mode: str | None = None
    ids: Identifiers = field(default_factory=Identifiers)
    duration: float | None = None
    segments: tuple[Segment, ...] = ()
    timing: Timing = field(default_factory=Timing)
    error: SttError | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    raw: tuple[Any, ...] = ()

    @property
    def text(self) -> str:
        """All phrases as one text."""
        return " ".join(segment.text for segment in self.segments if segment.text)

    @property
    def translations(self) -> dict[str, str]:
        """All phrases as one text in each language they were translated into."""
        phrases: dict[str, list[str]] = {}
        for segment in self.segments:
            for language, text in segment.translations.items():
                phrases.setdefault(language, []).append(text)
        return {tag: " ".join(filter(None, texts)) for tag, texts in phrases.items()}

    def translated(self, language: str) -> Transcript:
        """Return the transcript as if it had been spoken in another language.

        Words and alternatives are gone: translations have none. A phrase without
        this translation is left out.
        """
        segments = tuple(
            replace(
                segment,
                text=segment.translations[language],
                start=_first(segment.start, *(w.start for w in segment.words)),
                end=_first(segment.end, *(w.end for w in reversed(segment.words))),
                language=language,
                words=(),
                alternatives=(),
                translations={},
            )
            for segment in self.segments
            if language in segment.translations
        )
        return replace(self, language=language, segments=segments)

    def masked(self, redactor: Redactor) -> Transcript:
        """Return the transcript with its details and raw answers masked.

        Services repeat the addresses of recordings, which may hold credentials.
        """
        return replace(
            self,
            segments=tuple(segment.masked(redactor) for segment in self.segments),
            details=redactor.clean_data(self.details),
            raw=tuple(redactor.clean_data(answer) for answer in self.raw),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the recognition object of the JSON contract; no key vanishes."""
        known: dict[str, Any] = {
            "provider": self.provider,
            "transport": self.transport,
            "input": self.input,
            "language": self.language,
            "mode": self.mode,
            "status": str(self.status),
            "ids": self.ids.to_dict(),
            "duration": seconds(self.duration),
            "text": self.text,
            "translations": self.translations,
            "segments": [segment.to_dict() for segment in self.segments],
            "timing": self.timing.to_dict(),
            "error": self.error.to_dict() if self.error else None,
        }
        if self.raw:
            known["raw"] = list(self.raw)
        return known | _details(self.details)


def _details(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"details": dict(details)} if details else {}


def _first(*times: float | None) -> float | None:
    return next((time for time in times if time is not None), None)


def seconds(value: float | None) -> float | None:
    """Round seconds to a tenth of a millisecond, so that JSON shows no noise."""
    return None if value is None else round(value, 4)
