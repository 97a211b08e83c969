"""Sub-word tokens become words, and it is found where a segment begins.

A token's text is a piece of a word, and a blank before it is part of it:
pieces are joined exactly as they are. Markers of the real-time service, audio
events and translations are not what was said and are kept apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stt_cli.core.transcript import Segment, Word
from stt_cli.protocols.json_fields import Fields, flag, number, text, unknown

ENDPOINT_MARK = "<end>"
FINALIZED_MARK = "<fin>"
MARKS = frozenset({ENDPOINT_MARK, FINALIZED_MARK})

_PAUSE_S = 1.0  # a silence that parts two phrases
_BREATH_S = 0.3  # one that parts them after the end of a sentence
_LONGEST_S = 30.0  # after which any end of a sentence will do
_SENTENCE_ENDS = frozenset(".?!…。？！।؟")


_KNOWN = frozenset(
    {
        "text",
        "start_ms",
        "end_ms",
        "confidence",
        "speaker",
        "language",
        "source_language",
        "translation_status",
        "is_audio_event",
        "is_final",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; times are seconds. ``details`` keeps fields of newer services."""

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: str | None = None
    language: str | None = None
    translation_status: str | None = None
    is_audio_event: bool = False
    is_final: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: Fields, offset: float = 0.0) -> Token:
        """Read a token; ``offset`` seconds are added to its times."""
        found = fields.get("text")
        start, end = number(fields, "start_ms"), number(fields, "end_ms")
        return cls(
            text=found if isinstance(found, str) else "",
            start=None if start is None else start / 1000 + offset,
            end=None if end is None else end / 1000 + offset,
            confidence=number(fields, "confidence"),
            speaker=text(fields, "speaker"),
            language=text(fields, "language"),
            translation_status=text(fields, "translation_status"),
            is_audio_event=flag(fields, "is_audio_event"),
            is_final=flag(fields, "is_final"),
            details=unknown(fields, _KNOWN),
        )

    @property
    def is_mark(self) -> bool:
        """Whether it is a marker of the real-time service, no speech."""
        return self.text in MARKS

    @property
    def is_translation(self) -> bool:
        """Whether it is translated speech; its times mean nothing."""
        return self.translation_status == "translation"

    @property
    def awaits_translation(self) -> bool:
        """Whether its translation comes in tokens behind it."""
        return self.translation_status == "original"

    @property
    def is_speech(self) -> bool:
        """Whether it is part of what was said."""
        return not (self.is_mark or self.is_translation or self.is_audio_event)


def begins_segment(
    spoken: Sequence[Token], token: Token, *, done: bool = False
) -> bool:
    """Whether a token begins a segment after those that were spoken before it.

    Never within a word. Else where speaker or language change, after a pause, and
    after the end of a sentence that a breath follows, that has gone on for long, or
    that is ``done``: translated already.
    """
    spoken = [t for t in spoken if t.text.strip()]
    if not spoken or not _begins_word(spoken[-1].text, token.text):
        return False
    last = spoken[-1]
    if token.speaker != last.speaker or _differ(token.language, last.language):
        return True
    if token.start is None or last.end is None:
        return False
    gap = token.start - last.end
    if gap >= _PAUSE_S:
        return True
    long = last.end - (spoken[0].start or 0.0) >= _LONGEST_S
    ends = last.text.rstrip()[-1:] in _SENTENCE_ENDS
    return ends and (gap >= _BREATH_S or long or done)


def segment_of(tokens: Sequence[Token]) -> Segment:
    """Return all tokens as one segment; its confidence is the words' mean."""
    words = words_of(tokens)
    rated = [word.confidence for word in words if word.confidence is not None]
    return Segment(
        text=text_of(tokens),
        start=next((t.start for t in tokens if t.start is not None), None),
        end=next((t.end for t in reversed(tokens) if t.end is not None), None),
        confidence=round(sum(rated) / len(rated), 4) if rated else None,
        speaker=next((t.speaker for t in tokens if t.speaker), None),
        language=next((t.language for t in tokens if t.language), None),
        words=tuple(words),
    )


def text_of(tokens: Iterable[Token]) -> str:
    """Return the pieces joined exactly as they are, without blanks around."""
    return "".join(token.text for token in tokens).strip()


def words_of(tokens: Iterable[Token]) -> list[Word]:
    """Join tokens into words; punctuation stays with the word before it."""
    pieces: list[list[Token]] = []
    text_before = ""
    for token in tokens:
        if not token.text.strip():
            text_before = token.text or text_before
            continue
        if not pieces or _begins_word(text_before, token.text):
            pieces.append([])
        pieces[-1].append(token)
        text_before = token.text
    return [_word(group) for group in pieces]


def _word(tokens: list[Token]) -> Word:
    rated = [t.confidence for t in tokens if t.confidence is not None]
    return Word(
        text="".join(token.text for token in tokens).strip(),
        start=next((t.start for t in tokens if t.start is not None), None),
        end=next((t.end for t in reversed(tokens) if t.end is not None), None),
        # A word is as sure as its least sure piece.
        confidence=min(rated) if rated else None,
        details=_details(tokens),
    )


def _details(tokens: Sequence[Token]) -> dict[str, Any]:
    """Return what the pieces of a word say: once where they agree, else by piece."""
    names = dict.fromkeys(name for token in tokens for name in token.details)
    found: dict[str, Any] = {}
    for name in names:
        values = [token.details.get(name) for token in tokens]
        agree = all(value == values[0] for value in values)
        found[name] = values[0] if agree else values
    return found


def _begins_word(before: str, after: str) -> bool:
    """Whether a new word begins between two pieces of text."""
    if not before or before[-1:].isspace() or after[:1].isspace():
        return True
    if _is_punctuation(after[0]):
        return False
    return _is_unspaced(before[-1]) or _is_unspaced(after[0])


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _is_unspaced(character: str) -> bool:
    """Whether its script is written without blanks between words.

    Chinese and Japanese (U+3040-30FF, 3400-9FFF, F900-FAFF, 20000 and up) and
    Thai (U+0E00-0E7F): there every token stands for itself.
    """
    code = ord(character)
    return (
        0x0E00 <= code <= 0x0E7F
        or 0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or code >= 0x20000
    )


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other
