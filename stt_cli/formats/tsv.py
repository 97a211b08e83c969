"""Tab-separated phrases: ``start  end  text  speaker  input``, times in milliseconds.

The first three columns are those of Whisper's own TSV, so that what reads one
reads the other; rows of several inputs can stand in one file. Each language that
phrases were translated into has a column behind them: ``text_de``. N-best readings,
where they are asked for, come last: ``confidence``, ``alternative_2`` and
``confidence_2``, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line
from stt_cli.core.transcript import Segment, Transcript
from stt_cli.formats.n_best import (
    confidence_cell,
    most_readings,
    reading_cells,
    reading_columns,
)
from stt_cli.formats.text import (
    TRANSLATION_COLUMN,
    form_of,
    has_channels,
    speaker_label,
    translated_languages,
)
from stt_cli.formats.timestamps import milliseconds

HEADER = ("start", "end", "text", "speaker", "input")


def render_tsv(
    transcripts: Sequence[Transcript],
    form: TextForm = TextForm.DISPLAY,
    *,
    with_readings: bool = False,
) -> Iterator[str]:
    """Yield a header line, then one line a phrase; unknown values are empty."""
    languages = translated_languages(transcripts)
    most = most_readings(transcripts) if with_readings else 0
    columns = [*HEADER, *(one_line(TRANSLATION_COLUMN + tag) for tag in languages)]
    columns += ["confidence", *reading_columns(most)] if most else []
    yield "\t".join(columns) + "\n"
    for transcript in transcripts:
        with_channels = has_channels(transcript)
        for segment in transcript.segments:
            cells = (
                _number(segment.start),
                _number(segment.end),
                one_line(form_of(segment, form)),
                speaker_label(segment, with_channel=with_channels) or "",
                one_line(transcript.input),
                *(one_line(segment.translations.get(tag, "")) for tag in languages),
                *(_readings(segment, most) if most else ()),
            )
            yield "\t".join(cells) + "\n"


def _readings(segment: Segment, most: int) -> list[str]:
    return [confidence_cell(segment.confidence), *reading_cells(segment, most)]


def _number(seconds: float | None) -> str:
    whole = milliseconds(seconds)
    return "" if whole is None else str(whole)
