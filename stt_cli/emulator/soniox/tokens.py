"""Tokens for what was heard, cut as finely as the service cuts words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stt_cli.emulator.hearing import Heard
from stt_cli.protocols.json_fields import Fields, text

_PIECE = 4  # letters; longer words are cut in two
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class TokenStyle:
    """What tokens carry besides their text and times."""

    speakers: bool = False
    languages: bool = False
    language: str = "en"
    translation: Fields = field(default_factory=dict)

    def target(self, spoken: str) -> str | None:
        """Return what a language is translated into, ``None`` for nothing."""
        pair = (
            text(self.translation, "language_a"),
            text(self.translation, "language_b"),
        )
        if spoken in pair:
            return pair[1 - pair.index(spoken)]
        target = text(self.translation, "target_language")
        return None if target == spoken else target


def tokens_of(
    heard: Sequence[Heard], start: float, end: float, style: TokenStyle
) -> list[dict[str, Any]]:
    """Return the tokens of phrases that fill the time, in seconds.

    With ``style.speakers`` phrases take turns between two speakers. Each phrase is
    followed by its translation, where one was asked for: the given one, or the same
    words with a mark.
    """
    phrases = [phrase for phrase in heard if phrase.text.strip()]
    step = (end - start) / max(len(phrases), 1)
    tokens: list[dict[str, Any]] = []
    for number, phrase in enumerate(phrases):
        at = start + number * step
        more: dict[str, Any] = {}
        if style.speakers:
            more["speaker"] = str(number % 2 + 1)
        spoken = (phrase.language or style.language).partition("-")[0]
        if style.languages or style.translation:
            more["language"] = spoken
        said = _spoken(phrase, at, at + step, first=not tokens)
        if not style.translation:
            tokens += [{**token, **more} for token in said]
            continue
        target = style.target(spoken)
        if target is None:
            more["translation_status"] = "none"
            tokens += [{**token, **more} for token in said]
            continue
        original = {**more, "translation_status": "original"}
        translated = {
            **more,
            "translation_status": "translation",
            "language": target,
            "source_language": spoken,
        }
        other = Heard(phrase.translated(target))
        answer = _spoken(other, at, at + step, first=not tokens)
        tokens += [{**token, **original} for token in said]
        tokens += [{"text": token["text"], **translated} for token in answer]
    return tokens


def text_of(tokens: Sequence[dict[str, Any]]) -> str:
    """Return what was said: no translation, no marks."""
    spoken = (t for t in tokens if t.get("translation_status") != "translation")
    return "".join(token["text"] for token in spoken)


def _spoken(
    phrase: Heard, start: float, end: float, *, first: bool
) -> list[dict[str, Any]]:
    texts = phrase.text.split()
    timed = phrase.words if len(phrase.words) == len(texts) else ()
    step = (end - start) / max(len(texts), 1)
    tokens = []
    for number, word in enumerate(texts):
        if timed and timed[number].start is not None and timed[number].end is not None:
            begins, ends = timed[number].start, timed[number].end
        else:
            begins, ends = start + number * step, start + (number + 1) * step
        blank = "" if first and number == 0 else " "
        tokens += _pieces(blank + word, begins or 0.0, ends or 0.0)
    return tokens


def _pieces(text: str, start: float, end: float) -> list[dict[str, Any]]:
    cuts = [text[:_PIECE], text[_PIECE:]] if len(text) > _PIECE + 1 else [text]
    step = (end - start) / len(cuts)
    return [
        {
            "text": piece,
            "start_ms": round((start + i * step) * 1000),
            "end_ms": round((start + (i + 1) * step) * 1000),
            "confidence": CONFIDENCE,
        }
        for i, piece in enumerate(cuts)
    ]
