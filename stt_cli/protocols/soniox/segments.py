"""Tokens become segments, each with its translations, in the order of speech.

With translation on, the tokens of a stretch of speech are followed by those of its
translation, which have no times (Soniox, "Real-time translation"). A segment waits for
its own: it ends where speech goes on after that, so that the two always match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from stt_cli.core.transcript import Segment
from stt_cli.protocols.soniox.tokens import (
    ENDPOINT_MARK,
    Token,
    begins_segment,
    segment_of,
    text_of,
)

Tags = Mapping[str, str]
"""The languages that were asked for, as the user wrote them, by Soniox's own codes."""


@dataclass(slots=True)
class _Draft:
    """A segment that may still grow."""

    spoken: list[Token] = field(default_factory=list)
    translated: list[Token] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether its translation is still to come."""
        return not self.translated and any(t.awaits_translation for t in self.spoken)

    def is_by(self, speaker: str | None) -> bool:
        """Whether nothing says that somebody else speaks."""
        own = next((token.speaker for token in self.spoken if token.speaker), None)
        return None in (own, speaker) or own == speaker


class SegmentBuilder:
    """Takes tokens in order and gives segments as soon as they are complete.

    A segment ends with an endpoint, a change of speaker or language, or a pause.

    Args:
        tags: how translations are called in the segments.
    """

    def __init__(self, tags: Tags = MappingProxyType({})) -> None:
        self._tags = tags
        self._drafts: list[_Draft] = []
        self._receiving: _Draft | None = None

    @property
    def text(self) -> str:
        """What was said since the last complete segment."""
        return text_of(token for draft in self._drafts for token in draft.spoken)

    def translations_with(self, tentative: Iterable[Token]) -> dict[str, str]:
        """Return the translation of ``text``, and of tentative tokens behind it."""
        known = [token for draft in self._drafts for token in draft.translated]
        return _translations([*known, *tentative], self._tags)

    def feed(self, token: Token) -> list[Segment]:
        """Take one token and return the segments that it completes."""
        if token.text == ENDPOINT_MARK:
            return self.flush()
        if token.is_translation:
            self._receive(token)
            return []
        if not token.is_speech or not token.text:
            return []
        self._receiving = None
        last = self._drafts[-1] if self._drafts else None
        if last is None or self._begins(token, last):
            last = _Draft()
            self._drafts.append(last)
        last.spoken.append(token)
        return self._complete()

    def flush(self) -> list[Segment]:
        """Return what is left as segments, none where only blanks are."""
        drafts, self._drafts, self._receiving = self._drafts, [], None
        return self._segments(drafts)

    def _begins(self, token: Token, last: _Draft) -> bool:
        if not last.spoken:
            return True  # a translation that came after its speech had ended
        if last.waits and last.is_by(token.speaker):
            return False  # its translation will be one for both
        return begins_segment(last.spoken, token, done=bool(last.translated))

    def _receive(self, token: Token) -> None:
        """Give a translation to the speech that it belongs to."""
        receiving = self._receiving
        if receiving is None or not receiving.is_by(token.speaker):
            fitting = [each for each in self._drafts if each.is_by(token.speaker)]
            waiting = [each for each in fitting if each.waits]
            if not self._drafts:  # its speech ended before it came
                self._drafts.append(_Draft())
            receiving = (waiting or fitting[-1:] or self._drafts[-1:])[0]
            self._receiving = receiving
        receiving.translated.append(token)

    def _complete(self) -> list[Segment]:
        """Take out what is complete: all before the last, in order."""
        done = 0
        while done < len(self._drafts) - 1 and not self._drafts[done].waits:
            done += 1
        complete, self._drafts = self._drafts[:done], self._drafts[done:]
        return self._segments(complete)

    def _segments(self, drafts: Iterable[_Draft]) -> list[Segment]:
        segments = [
            replace(
                segment_of(draft.spoken),
                translations=_translations(draft.translated, self._tags),
            )
            for draft in drafts
        ]
        return [each for each in segments if each.text or each.translations]


def segments_of(
    tokens: Iterable[Token], tags: Tags = MappingProxyType({})
) -> list[Segment]:
    """Return the segments of a whole transcript's tokens."""
    builder = SegmentBuilder(tags)
    segments = [done for token in tokens for done in builder.feed(token)]
    return [*segments, *builder.flush()]


def _translations(tokens: Iterable[Token], tags: Tags) -> dict[str, str]:
    """Return what was translated, by language."""
    by_language: dict[str, list[Token]] = {}
    for token in tokens:
        code = token.language or "und"  # BCP 47 for one that nobody names
        by_language.setdefault(tags.get(code, code), []).append(token)
    texts = {tag: text_of(pieces) for tag, pieces in by_language.items()}
    return {tag: text for tag, text in texts.items() if text}
