"""CSV for spreadsheets: one row a phrase, times in seconds.

Each language that phrases were translated into has a column: ``text_de``. N-best
readings, where they are asked for, have two: ``alternative_2``, ``confidence_2``.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence

from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Transcript, seconds
from stt_cli.formats.n_best import (
    confidence_cell,
    most_readings,
    reading_cells,
    reading_columns,
)
from stt_cli.formats.text import TRANSLATION_COLUMN, form_of, translated_languages

HEADER = (
    "input", "start", "end", "speaker", "channel", "language", "confidence", "text",
)  # fmt: skip

# A spreadsheet runs a cell that begins with one of these as a formula (OWASP,
# "CSV Injection"); a leading apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render_csv(
    transcripts: Sequence[Transcript],
    form: TextForm = TextForm.DISPLAY,
    *,
    with_readings: bool = False,
) -> Iterator[str]:
    """Yield a header line, then one row a phrase; unknown values are empty."""
    languages = translated_languages(transcripts)
    most = most_readings(transcripts) if with_readings else 1
    translated = [TRANSLATION_COLUMN + tag for tag in languages]
    yield _row([*HEADER, *translated, *reading_columns(most)])
    for transcript in transcripts:
        for segment in transcript.segments:
            yield _row(
                (
                    _inert(transcript.input),
                    _number(seconds(segment.start)),
                    _number(seconds(segment.end)),
                    _inert(segment.speaker or ""),
                    "" if segment.channel is None else str(segment.channel),
                    _inert(segment.language or transcript.language or ""),
                    confidence_cell(segment.confidence),
                    _inert(form_of(segment, form)),
                    *(_inert(segment.translations.get(tag, "")) for tag in languages),
                    *map(_inert, reading_cells(segment, most)),
                )
            )


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _number(value: float | None) -> str:
    return str(value) if value is not None and math.isfinite(value) else ""


def _inert(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line
