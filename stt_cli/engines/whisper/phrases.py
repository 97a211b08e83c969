"""A decoded text as phrases: sentences, their words and when each is said.

Timestamps that Whisper writes into its text cut it into pieces; pieces that make a
sentence belong together, and sentences between which somebody paused do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stt_cli.core.transcript import Alternative, Segment, Word
from stt_cli.engines.decoding import DecodeOptions, Span, Window
from stt_cli.engines.whisper import gates
from stt_cli.engines.whisper.tokens import decode, is_special, timestamp
from stt_cli.engines.whisper.words import (
    TokenSpan,
    parted_at_pauses,
    split_words,
    token_times,
)

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！", '."', '?"', '!"')
_LONGEST_PHRASE_S = 20.0
_LONGEST_GAP_S = 1.0  # within a phrase
_PAUSE_S = 0.2  # between two sentences that are phrases of their own


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands between two timestamps: tokens of text, seconds in the window."""

    start: float
    end: float
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _HeardWord:
    """A word: of which piece, its tokens and how likely they are, when it is said."""

    text: str
    piece: int
    tokens: tuple[str, ...]
    span: Span
    probabilities: Sequence[float]


def phrases_of(
    pieces: Sequence[Piece], alignment: Any, window: Window, language: str
) -> list[Segment]:
    """Return the phrases of a text, with the times of their words.

    Args:
        alignment: of all the pieces' tokens with the window, by CTranslate2.
    """
    tokens = [token for piece in pieces for token in piece.tokens]
    times = token_times(alignment.alignments, len(tokens))
    found: list[tuple[int, int, int, TokenSpan]] = []
    first = 0
    for number, piece in enumerate(pieces):
        for word in split_words(piece.tokens, language):
            found.append((number, first + word.first, first + word.end, word))
        first += len(piece.tokens)
    spans = parted_at_pauses(
        [
            (window.start + times[begin], window.start + times[end])
            for _, begin, end, _ in found
        ],
        window.speech,
    )
    words = [
        _HeardWord(
            word.text,
            number,
            tuple(tokens[begin:end]),
            span,
            alignment.text_token_probs[begin:end],
        )
        for (number, begin, end, word), span in zip(found, spans, strict=True)
    ]
    segments = [_segment(phrase) for phrase in _phrases(words)]
    return [segment for segment in segments if gates.has_words(segment.text)]


def pieces_of(tokens: Sequence[str], length: float) -> list[Piece]:
    """Cut a text at its timestamps; join what belongs to one sentence."""
    pieces: list[Piece] = []
    start, text = 0.0, []
    for token in tokens:
        time = timestamp(token)
        if time is None:
            if not is_special(token):
                text.append(token)
        elif text:
            pieces.append(Piece(start, min(time, length), tuple(text)))
            start, text = time, []
        else:
            start = time
    if text:
        pieces.append(Piece(start, length, tuple(text)))
    return list(_sentences(pieces))


def _phrases(words: Sequence[_HeardWord]) -> Iterator[list[_HeardWord]]:
    """Part words where a piece ends, and sentences between which somebody paused."""
    phrase: list[_HeardWord] = []
    for word in words:
        if phrase:
            last = phrase[-1]
            paused = word.span[0] - last.span[1] >= _PAUSE_S
            if last.piece != word.piece or (
                paused and last.text.endswith(_SENTENCE_ENDS)
            ):
                yield phrase
                phrase = []
        phrase.append(word)
    if phrase:
        yield phrase


def _segment(words: Sequence[_HeardWord]) -> Segment:
    tokens = [token for word in words for token in word.tokens]
    probabilities = [each for word in words for each in word.probabilities]
    return Segment(
        decode(tokens).strip(),
        round(words[0].span[0], 2),
        round(words[-1].span[1], 2),
        _mean_probability(probabilities),
        words=tuple(
            Word(
                word.text,
                round(word.span[0], 2),
                round(word.span[1], 2),
                _mean_probability(word.probabilities),
            )
            for word in words
        ),
    )


def _sentences(pieces: Sequence[Piece]) -> Iterator[Piece]:
    whole: Piece | None = None
    for piece in pieces:
        if whole is None:
            whole = piece
        elif (
            decode(list(whole.tokens)).rstrip().endswith(_SENTENCE_ENDS)
            or piece.start - whole.end > _LONGEST_GAP_S
            or piece.end - whole.start > _LONGEST_PHRASE_S
        ):
            yield whole
            whole = piece
        else:
            whole = Piece(whole.start, piece.end, whole.tokens + piece.tokens)
    if whole is not None:
        yield whole


def with_alternatives(
    segments: list[Segment], result: Any, window: Window, options: DecodeOptions
) -> list[Segment]:
    """Add the other hypotheses' readings to the phrases whose time they share."""
    readings: list[dict[str, float | None]] = [
        {segment.text: segment.confidence} for segment in segments
    ]
    for tokens, score in zip(result.sequences[1:], result.scores[1:], strict=True):
        texts = [""] * len(segments)
        for piece in pieces_of(tokens, window.seconds):
            middle = window.start + (piece.start + piece.end) / 2
            nearest = min(
                range(len(segments)), key=lambda i: _distance(segments[i], middle)
            )
            texts[nearest] += decode(list(piece.tokens))
        # How much less likely the whole hypothesis is than the best one.
        share = math.exp(score - result.scores[0])
        for text, found, segment in zip(texts, readings, segments, strict=True):
            if gates.has_words(text):
                likely = round((segment.confidence or 0.0) * min(1.0, share), 4)
                found.setdefault(text.strip(), likely)
    return [
        replace(
            segment,
            alternatives=tuple(
                Alternative(text, confidence)
                for text, confidence in list(found.items())[: options.alternatives]
            ),
        )
        for segment, found in zip(segments, readings, strict=True)
    ]


def _distance(segment: Segment, moment: float) -> float:
    start, end = segment.start or 0.0, segment.end or 0.0
    return max(start - moment, moment - end, 0.0)


def _mean_probability(probabilities: Sequence[float]) -> float | None:
    """Return the geometric mean, which is exp of the mean log-probability."""
    if not probabilities:
        return None
    logarithms = [math.log(max(p, 1e-9)) for p in probabilities]
    return round(min(1.0, math.exp(sum(logarithms) / len(logarithms))), 4)
