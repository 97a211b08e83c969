"""N-best readings in text on request, in tables, and read back from them."""

from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import given

from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Alternative, Segment, Transcript
from stt_cli.formats.reading import read_transcripts
from stt_cli.formats.registry import WriteOptions, writer_for
from tests.formats.samples import transcript, transcripts

HEARD = transcript(
    Segment(
        "Write to Anna.",
        0.5,
        1.5,
        confidence=0.81,
        alternatives=(
            Alternative("Write to Anna.", 0.81),
            Alternative("Right to Anna.", 0.9),
            Alternative("Ride to Anna."),
        ),
        translations={"de": "Schreib Anna."},
    ),
    Segment("Now.", 2.0, 2.5, alternatives=(Alternative("Now.", 0.7),)),
    Segment("Please.", 3.0, 3.5),
)


def written(name: str, *all_: Transcript, **chosen: Any) -> str:
    return "".join(writer_for(name)(all_, WriteOptions(**chosen)))


def test_text_has_readings_in_the_order_of_the_service_before_translations() -> None:
    assert written("text", HEARD, text_form=TextForm.N_BEST).splitlines() == [
        "Write to Anna.",
        "  [1, 0.81] Write to Anna.",
        "  [2, 0.90] Right to Anna.",
        "  [3] Ride to Anna.",
        "  [de] Schreib Anna.",
        "Now.",
        "  [1, 0.70] Now.",
        "Please.",
    ]


def test_text_has_readings_on_request_only() -> None:
    assert written("text", HEARD, detailed=True) == written("text", HEARD)
    assert "Right" not in written("text", HEARD)


def test_a_reading_cannot_break_its_line() -> None:
    evil = transcript(Segment("x", alternatives=(Alternative("a\n[2] b\x1b[2J"),)))
    text = written("text", evil, text_form=TextForm.N_BEST)
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text


def test_tables_have_columns_for_readings() -> None:
    for name, delimiter in (("tsv", "\t"), ("csv", ",")):
        table = io.StringIO(written(name, HEARD, detailed=True))
        rows = list(csv.DictReader(table, delimiter=delimiter))
        assert [row["confidence"] for row in rows] == ["0.81", "", ""], name
        assert [row["alternative_2"] for row in rows] == ["Right to Anna.", "", ""]
        assert [row["confidence_2"] for row in rows] == ["0.9", "", ""]
        assert [row["alternative_3"] for row in rows] == ["Ride to Anna.", "", ""]
        assert [row["confidence_3"] for row in rows] == ["", "", ""]


def test_tables_have_readings_on_request_only() -> None:
    for name in ("tsv", "csv"):
        assert "Right" not in written(name, HEARD)
        asked = written(name, HEARD, text_form=TextForm.N_BEST)
        assert asked == written(name, HEARD, detailed=True)


def test_a_reading_is_no_formula_of_a_spreadsheet() -> None:
    readings = (Alternative("x", 0.9), Alternative("=1+1", 0.5))
    evil = transcript(Segment("x", alternatives=readings))
    (row,) = csv.DictReader(io.StringIO(written("csv", evil, detailed=True)))
    assert row["alternative_2"] == "'=1+1"


def test_tsv_is_read_back_with_its_readings() -> None:
    table = written("tsv", HEARD, detailed=True)
    (again,) = read_transcripts(table.encode(), "a.tsv")
    first, second, _ = again.segments
    assert first.confidence == 0.81
    assert first.alternatives == HEARD.segments[0].alternatives
    assert second.alternatives == ()


def test_tsv_with_cells_that_are_no_numbers_is_read() -> None:
    table = "start\tend\ttext\tconfidence\talternative_2\tconfidence_2\n"
    table += "0\t10\tHi.\tnan\tHigh.\thigh\n"
    (again,) = read_transcripts(table.encode(), "a.tsv")
    assert again.segments[0].confidence is None
    assert again.segments[0].alternatives[1] == Alternative("High.")


@given(transcripts)
def test_every_row_has_as_many_cells_as_the_header(any_: Transcript) -> None:
    lines = written("tsv", any_, detailed=True).splitlines()
    assert len({line.count("\t") for line in lines}) == 1
