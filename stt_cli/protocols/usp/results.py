"""What a service says about speech: hypotheses, phrases, ends of speech.

Numbers come as numbers or as strings, even within one document's samples; both
are read. Only the index in ``NBest`` ranks readings, never ``Confidence``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stt_cli.core.transcript import Alternative, RecognitionStatus, Segment, Word
from stt_cli.protocols.json_fields import unknown
from stt_cli.protocols.usp.limits import ticks_to_seconds

_STATUSES = {
    "success": RecognitionStatus.SUCCESS,
    "nomatch": RecognitionStatus.NO_MATCH,
    "initialsilencetimeout": RecognitionStatus.INITIAL_SILENCE,
    "babbletimeout": RecognitionStatus.BABBLE,
}
_MARKERS = ("endofdictation",)
_PHRASE = frozenset(
    {
        "Id",
        "Type",
        "RecognitionStatus",
        "Offset",
        "Duration",
        "NBest",
        "DisplayText",
        "SpeakerId",
        "Channel",
        "PrimaryLanguage",
    }
)
_READING = frozenset(
    {"Confidence", "Lexical", "ITN", "MaskedITN", "Display", "Words", "DisplayWords"}
)
_WORD = frozenset({"Word", "Offset", "Duration", "Confidence"})


@dataclass(frozen=True, slots=True)
class PhraseResult:
    """One speech.phrase, or one answer of the REST API for short audio.

    ``status`` is the service's own word; ``outcome`` is ours, ``None`` for a
    failure of the service; ``is_marker`` tells one that is no result at all.
    """

    status: str
    offset: int
    duration: int
    segment: Segment

    @property
    def outcome(self) -> RecognitionStatus | None:
        """How the recognition of this phrase went."""
        return _STATUSES.get(self.status.lower())

    @property
    def is_marker(self) -> bool:
        """Whether it only marks the end of a dictation."""
        return self.status.lower() in _MARKERS

    @property
    def end(self) -> int:
        """The phrase's end in ticks, from the start of the turn's audio."""
        return self.offset + self.duration


def parse_phrase(body: Any, base_ticks: int = 0) -> PhraseResult:
    """Read the body of a phrase, simple or detailed.

    Args:
        base_ticks: what lies before the turn's own audio; added to all times.

    Raises:
        ValueError: the body is no object, or has no status.
    """
    if not isinstance(body, dict) or not body.get("RecognitionStatus"):
        raise ValueError("a phrase without RecognitionStatus")
    offset = _integer(body.get("Offset")) or 0
    duration = _integer(body.get("Duration")) or 0
    best = [item for item in _list(body.get("NBest")) if isinstance(item, dict)]
    first = best[0] if best else {}
    shown = [_string(first.get("Display")), _string(body.get("DisplayText"))]
    # An empty one is a result: removed profanity must not come back as lexical.
    texts = [text for text in shown if text is not None]
    known = offset or duration
    start = ticks_to_seconds(base_ticks + offset)
    segment = Segment(
        text=max(texts, key=len) if texts else _text(first.get("Lexical")) or "",
        start=start if known else None,
        end=start + ticks_to_seconds(duration) if known else None,
        confidence=_number(first.get("Confidence")),
        speaker=_text(body.get("SpeakerId")),
        channel=_integer(body.get("Channel")),
        language=_language(body.get("PrimaryLanguage")),
        words=_words(first, base_ticks),
        alternatives=tuple(_alternative(item) for item in best),
        details=unknown(body, _PHRASE) | unknown(first, _READING),
    )
    return PhraseResult(str(body["RecognitionStatus"]), offset, duration, segment)


def parse_offset(body: Any) -> int:
    """Return the Offset of a message in ticks; an empty body counts as 0."""
    return (_integer(body.get("Offset")) or 0) if isinstance(body, dict) else 0


def parse_hypothesis(body: Any) -> tuple[str, int | None, int]:
    """Return text, offset and duration in ticks; streaming models give no offset.

    Raises:
        ValueError: the body is no object.
    """
    if not isinstance(body, dict):
        raise ValueError("a hypothesis that is not an object")
    duration = _integer(body.get("Duration")) or 0
    return _text(body.get("Text")) or "", _integer(body.get("Offset")), duration


def _alternative(item: dict[str, Any]) -> Alternative:
    return Alternative(
        text=_text(item.get("Display")) or "",
        confidence=_number(item.get("Confidence")),
        lexical=_string(item.get("Lexical")),
        itn=_string(item.get("ITN")),
        masked_itn=_string(item.get("MaskedITN")),
    )


def _words(first: dict[str, Any], base_ticks: int) -> tuple[Word, ...]:
    words = []
    for item in _list(first.get("Words")):
        if not isinstance(item, dict):
            continue
        offset = _integer(item.get("Offset"))
        duration = _integer(item.get("Duration")) or 0
        start = None if offset is None else ticks_to_seconds(base_ticks + offset)
        words.append(
            Word(
                _text(item.get("Word")) or "",
                start,
                None if start is None else start + ticks_to_seconds(duration),
                _number(item.get("Confidence")),
                unknown(item, _WORD),
            )
        )
    return tuple(words)


def _language(value: Any) -> str | None:
    if isinstance(value, dict):
        return _text(value.get("Language"))
    return _text(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _integer(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 2**63 else None
