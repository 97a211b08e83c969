"""When each piece of a phrase is spoken.

A service's words and the text it displays seldom agree letter by letter: the
words are bare and in lower case, the text has capitals, commas and "23" for
"twenty three". The words give the times, the text gives what is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stt_cli.core.transcript import Segment, Transcript, Word
from stt_cli.formats.line_breaking import Piece, width

# How fast people read aloud, to interpolate times (characters a second).
_SPEAKING_RATE = 15.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TimedPiece:
    """A piece of text and the seconds from the start of the input it lasts."""

    piece: Piece
    start: float
    end: float


def has_times(segment: Segment) -> bool:
    """Whether it is known when a phrase began: by its own time, or by its words."""
    return _own_span(segment) is not None


def spans_of_segments(transcript: Transcript, texts: Sequence[str]) -> list[Span]:
    """Return each segment's start and end, interpolated where nobody knows them."""
    known = [_own_span(segment) for segment in transcript.segments]
    return _filled(known, texts, (0.0, _finite(transcript.duration)))


def timed(
    parts: Sequence[Piece], words: Sequence[Word], span: Span
) -> list[TimedPiece]:
    """Give every piece of a phrase its time: from the words, else by its length."""
    usable = [
        (_letters(word.text), (start, end))
        for word in words
        if (start := _finite(word.start)) is not None
        and (end := _finite(word.end)) is not None
        and end >= start >= 0
    ]
    bare = [_letters(part.text) for part in parts]
    letters = [(text, time) for text, time in usable if text]
    if "".join(bare) == "".join(text for text, _ in letters):
        known = _by_letters(bare, letters)
    else:
        known = _by_words(bare, letters)
    spans = _filled(known, [part.text for part in parts], span)
    return _in_order(parts, spans)


def _own_span(segment: Segment) -> Span | None:
    start, end = _finite(segment.start), _finite(segment.end)
    times = [
        time
        for word in segment.words
        for time in (_finite(word.start), _finite(word.end))
        if time is not None
    ]
    if start is None and times:
        start = min(times)
    if end is None and times:
        end = max(times)
    if start is None:
        return None
    start = max(start, 0.0)
    if end is None:
        end = start + len(segment.text) / _SPEAKING_RATE
    return start, max(end, start)


def _by_letters(
    bare: Sequence[str], words: Sequence[tuple[str, Span]]
) -> list[Span | None]:
    """Map pieces to words where both have the same letters in the same order."""
    times: list[Span] = []
    for text, (start, end) in words:
        step = (end - start) / len(text)
        times.extend(
            (start + step * n, start + step * (n + 1)) for n in range(len(text))
        )
    found: list[Span | None] = []
    at = 0
    for text in bare:
        mine = times[at : at + len(text)]
        found.append((mine[0][0], mine[-1][1]) if mine else None)
        at += len(text)
    return found


def _by_words(
    bare: Sequence[str], words: Sequence[tuple[str, Span]]
) -> list[Span | None]:
    """Map pieces to equal words, and what was rewritten to the words it stands for."""
    from difflib import SequenceMatcher

    found: list[Span | None] = [None] * len(bare)
    matcher = SequenceMatcher(None, bare, [text for text, _ in words], autojunk=False)
    for kind, first, last, word_first, word_last in matcher.get_opcodes():
        if kind == "equal":
            for offset in range(last - first):
                found[first + offset] = words[word_first + offset][1]
        elif kind == "replace":
            start, end = words[word_first][1][0], words[word_last - 1][1][1]
            texts = bare[first:last]
            found[first:last] = _shared(texts, start, max(start, end))
    return found


def _filled(
    known: Sequence[Span | None],
    texts: Sequence[str],
    outer: tuple[float, float | None],
) -> list[Span]:
    """Fill each run of unknown times between its neighbors, by length of text."""
    filled: list[Span] = []
    at = 0
    while at < len(known):
        span = known[at]
        if span is not None:
            filled.append(span)
            at += 1
            continue
        end = at
        while end < len(known) and known[end] is None:
            end += 1
        after = known[end] if end < len(known) else None
        low = filled[-1][1] if filled else outer[0]
        high = after[0] if after else outer[1]
        run = texts[at:end]
        if high is None or (high <= low and after is None):
            high = low + sum(map(width, run)) / _SPEAKING_RATE
        filled.extend(_shared(run, low, max(low, high)))
        at = end
    return filled


def _shared(texts: Sequence[str], start: float, end: float) -> list[Span]:
    """Divide a stretch of time among texts by their width."""
    weights = [max(width(text), 1) for text in texts]
    total = sum(weights)
    spans = []
    done = 0
    for weight in weights:
        spans.append(
            (
                start + (end - start) * done / total,
                start + (end - start) * (done + weight) / total,
            )
        )
        done += weight
    return spans


def _in_order(parts: Sequence[Piece], spans: Sequence[Span]) -> list[TimedPiece]:
    """Let no piece start before the one that it follows."""
    ordered: list[TimedPiece] = []
    earliest = 0.0
    for part, (start, end) in zip(parts, spans, strict=True):
        begin = max(start, earliest)
        ordered.append(TimedPiece(part, begin, max(end, begin)))
        earliest = begin
    return ordered


def _letters(text: str) -> str:
    """Return what is heard of a text: its letters and digits, in one case."""
    return "".join(filter(str.isalnum, text.casefold()))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
