"""CSV for spreadsheets: one row a phrase, times in seconds.

Each language that phrases were translated into has a column: ``text_de``.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence

from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Transcript, seconds
from stt_cli.formats.text import TRANSLATION_COLUMN, form_of, translated_languages

HEADER = (
    "input", "start", "end", "speaker", "channel", "language", "confidence", "text",
)  # fmt: skip

# A spreadsheet runs a cell that begins with one of these as a formula (OWASP,
# "CSV Injection"); a leading apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render_csv(
    transcripts: Sequence[Transcript], form: TextForm = TextForm.DISPLAY
) -> Iterator[str]:
    """Yield a header line, then one row a phrase; unknown values are empty."""
    languages = translated_languages(transcripts)
    yield _row([*HEADER, *(TRANSLATION_COLUMN + tag for tag in languages)])
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
                    _number(segment.confidence),
                    _inert(form_of(segment, form)),
                    *(_inert(segment.translations.get(tag, "")) for tag in languages),
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
