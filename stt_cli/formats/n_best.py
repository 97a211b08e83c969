"""The n-best readings of a phrase: lines of text, columns of tables.

They stand in the service's own order, which is its ranking and not that of the
confidence (azure-ai-docs, "Get speech recognition results").
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import count, takewhile

from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Alternative, Segment, Transcript

_TEXT = "alternative_"
_CONFIDENCE = "confidence_"


def reading_lines(segment: Segment) -> list[str]:
    """Return ``  [1, 0.94] text`` for each reading."""
    return [
        f"  [{_label(rank, reading.confidence)}] {one_line(reading.text)}"
        for rank, reading in enumerate(segment.alternatives, start=1)
    ]


def most_readings(transcripts: Sequence[Transcript]) -> int:
    """Return how many readings the phrase with the most of them has, at least 1."""
    phrases = (segment for one in transcripts for segment in one.segments)
    return max((len(phrase.alternatives) for phrase in phrases), default=1) or 1


def reading_columns(most: int) -> list[str]:
    """Return the columns of all readings but the first, which is the text itself."""
    ranks = range(2, most + 1)
    return [f"{name}{rank}" for rank in ranks for name in (_TEXT, _CONFIDENCE)]


def reading_cells(segment: Segment, most: int) -> list[str]:
    """Return the cells below ``reading_columns``; what is missing is empty."""
    others = segment.alternatives[1:most]
    cells = [
        cell
        for other in others
        for cell in (one_line(other.text), confidence_cell(other.confidence))
    ]
    return cells + [""] * (2 * (most - 1) - len(cells))


def confidence_cell(confidence: float | None) -> str:
    """Return a confidence as tables have it."""
    if confidence is None or not math.isfinite(confidence):
        return ""
    return str(round(confidence, 4))


def readings_of(
    row: Mapping[str, str | None], text: str, confidence: float | None
) -> tuple[Alternative, ...]:
    """Return the readings of a table's row, whose first is its text."""
    others = []
    for rank in takewhile(lambda rank: f"{_TEXT}{rank}" in row, count(2)):
        other = (row[f"{_TEXT}{rank}"] or "").strip()
        found = confidence_of(row.get(f"{_CONFIDENCE}{rank}"))
        if other or found is not None:
            others.append(Alternative(other, found))
    return (Alternative(text, confidence), *others) if others else ()


def confidence_of(cell: str | None) -> float | None:
    """Return the confidence that a cell holds, ``None`` without a usable one."""
    try:
        value = float(cell or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _label(rank: int, confidence: float | None) -> str:
    return f"{rank}" if confidence is None else f"{rank}, {confidence:.2f}"
