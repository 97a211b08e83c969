"""Captions shaped for reading: which words stand together, and for how long.

A phrase is cut into cues that fit on the screen, at the ends of sentences and
clauses where that is possible; then every cue gets its time, long enough to be
read and never over the next. Times are whole milliseconds from here on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stt_cli.core.errors import UsageError
from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Transcript
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.line_breaking import Piece, joined, pieces, width, wrapped
from stt_cli.formats.text import form_of, has_channels, speaker_label
from stt_cli.formats.word_times import (
    TimedPiece,
    has_times,
    spans_of_segments,
    timed,
)

# What a cue costs, weighed against the ways in which it can be ugly.
_A_CUE = 4.0
_ENDS_AT_CLAUSE = 2.0
_ENDS_ANYWHERE = 6.0
_SENTENCE_ENDS_INSIDE = 6.0
_TOO_SHORT = 4.0
_UNFILLED = 0.5

INTERPOLATED = "interpolated times"
"""How captions are marked whose times nobody measured."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption; ``start`` and ``end`` are whole milliseconds."""

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class _Uncut:
    """Pieces that belong together; the first ``label`` of them name the speaker."""

    parts: list[TimedPiece]
    label: int
    speaker: str | None


def lacks_times(transcript: Transcript, form: TextForm = TextForm.DISPLAY) -> bool:
    """Whether it is not known of every phrase when it was said."""
    return any(
        not has_times(segment) and one_line(form_of(segment, form))
        for segment in transcript.segments
    )


def refusal_of_times(
    transcript: Transcript,
    options: CaptionOptions,
    form: TextForm = TextForm.DISPLAY,
) -> UsageError | None:
    """Return why there can be no captions: nobody measured when it was said."""
    if options.interpolate or not lacks_times(transcript, form):
        return None
    return UsageError(
        f"captions need times, but {transcript.input or 'the result'} has none",
        hint="use --interpolate to estimate them from the text, or -f text",
    )


def shape(
    transcript: Transcript,
    options: CaptionOptions,
    form: TextForm = TextForm.DISPLAY,
    *,
    label_speakers: bool = False,
) -> list[Cue]:
    """Return a transcript's cues in the order of time, none overlapping another.

    ``label_speakers`` writes the speaker's name before the text wherever the
    speaker changes; without it the name is only in ``Cue.speaker``.

    Raises:
        UsageError: it lacks times, and nobody asked to interpolate them.
    """
    refusal = refusal_of_times(transcript, options, form)
    if refusal is not None:
        raise refusal
    drafts = [
        (stretch.parts[start:end], stretch.speaker)
        for stretch in _stretches(transcript, options, form, label_speakers)
        for start, end in _cuts(stretch, options)
    ]
    times = _times(
        [
            (round(parts[0].start * 1000), round(max(p.end for p in parts) * 1000))
            for parts, _ in drafts
        ],
        options,
    )
    return [
        Cue(
            start,
            end,
            wrapped([part.piece for part in parts], options.max_line_length),
            speaker,
        )
        for (parts, speaker), (start, end) in zip(drafts, times, strict=True)
    ]


def _stretches(
    transcript: Transcript, options: CaptionOptions, form: TextForm, labeled: bool
) -> Iterator[_Uncut]:
    """Yield what may share a cue: the parts of a phrase between long silences."""
    segments = transcript.segments
    texts = [one_line(form_of(segment, form)) for segment in segments]
    spans = spans_of_segments(transcript, texts)
    with_channels = has_channels(transcript)
    previous: str | None = None
    for at in sorted(range(len(segments)), key=lambda index: spans[index][0]):
        speaker = speaker_label(segments[at], with_channel=with_channels)
        name = speaker if labeled and speaker and speaker != previous else None
        label = _label_pieces(name, options) if name else []
        room = options.max_line_length
        if options.max_lines == 1 and label:
            room -= width(joined(label)) + 1
        parts = timed(pieces(texts[at], room), segments[at].words, spans[at])
        if not parts:
            continue
        previous = speaker
        for number, stretch in enumerate(_between_silences(parts, options.silence)):
            if number == 0 and label:
                first = stretch[0].start
                named = [TimedPiece(piece, first, first) for piece in label]
                yield _Uncut(named + stretch, len(label), speaker)
            else:
                yield _Uncut(stretch, 0, speaker)


def _label_pieces(speaker: str, options: CaptionOptions) -> list[Piece]:
    """Return ``Name:`` in at most half a line, so that words fit behind it."""
    most = options.max_line_length // 2
    name = speaker
    while width(name) > most - 1:
        name = name[:-1]
    return pieces(f"{name}:", most)


def _between_silences(
    parts: list[TimedPiece], silence: float
) -> Iterator[list[TimedPiece]]:
    start = 0
    for at in range(1, len(parts)):
        if parts[at].start - parts[at - 1].end >= silence:
            yield parts[start:at]
            start = at
    yield parts[start:]


def _cuts(stretch: _Uncut, options: CaptionOptions) -> Iterator[tuple[int, int]]:
    """Yield where each cue starts and ends: the cheapest way through the stretch."""
    parts = stretch.parts
    total = len(parts)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * total
    # No cue starts inside the label, nor may one consist of the label alone.
    for start in [0, *range(stretch.label + 1, total)]:
        least = start + 1 if start else stretch.label + 1
        for end, cost in _candidates(parts, start, least, options):
            whole = best[start][0] + cost
            if whole < best[end][0]:
                best[end] = (whole, start)
    cuts: list[tuple[int, int]] = []
    end = total
    while end:
        start = best[end][1]
        cuts.append((start, end))
        end = start
    yield from reversed(cuts)


def _candidates(
    parts: Sequence[TimedPiece], start: int, least: int, options: CaptionOptions
) -> Iterator[tuple[int, float]]:
    """Yield every end that a cue from ``start`` may have, with what it costs."""
    lines, columns, inside = 1, 0, 0.0
    latest = 0.0
    capacity = options.max_lines * options.max_line_length
    for end in range(start + 1, len(parts) + 1):
        part = parts[end - 1]
        size = max(width(part.piece.text), 1)
        grown = columns + size + (1 if part.piece.spaced and columns else 0)
        if grown > options.max_line_length and columns:
            lines, columns = lines + 1, size
        else:
            columns = grown
        latest = max(latest, part.end)
        lasts = latest - parts[start].start
        fits = lines <= options.max_lines and lasts <= options.max_seconds
        if end > least and not fits:
            return
        if end >= least:
            filled = ((lines - 1) * options.max_line_length + columns) / capacity
            uneven = _UNFILLED * max(0.0, 1 - filled) ** 2
            yield end, inside + uneven + _cost(parts, end, lasts, options)
        if part.piece.ends_sentence:
            inside += _SENTENCE_ENDS_INSIDE


def _cost(
    parts: Sequence[TimedPiece], end: int, lasts: float, options: CaptionOptions
) -> float:
    cost = _A_CUE
    comfortable = 1.5 * options.min_seconds
    if lasts < comfortable:
        cost += _TOO_SHORT * (1 - lasts / comfortable)
    last = parts[end - 1].piece
    if end == len(parts) or last.ends_sentence:
        return cost
    return cost + (_ENDS_AT_CLAUSE if last.ends_clause else _ENDS_ANYWHERE)


def _times(
    spans: Sequence[tuple[int, int]], options: CaptionOptions
) -> list[tuple[int, int]]:
    """Settle each cue's time in milliseconds: readable, apart, in order.

    A cue is lengthened into the silence behind it, and cut short for the next
    one, yet not below what it needs: then the next one starts later.
    """
    gap = round(options.gap * 1000)
    longest = round(options.max_seconds * 1000)
    shortest = max(round(options.min_seconds * 1000), 1)
    settled: list[tuple[int, int]] = []
    for at, (begins, ends) in enumerate(spans):
        start = max(begins, settled[-1][1] + gap) if settled else max(begins, 0)
        end = min(max(ends, start + shortest), start + longest)
        if at + 1 < len(spans):
            needs = max(min(shortest, ends - begins) - gap, 1)
            end = min(end, max(spans[at + 1][0] - gap, start + needs))
        settled.append((start, end))
    return settled
