"""What each format writes, and what a reader of it may rely on."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Alternative, Segment, Transcript
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.json_output import to_json
from stt_cli.formats.registry import (
    FORMATS,
    WriteOptions,
    format_for_path,
    format_names,
    writer_for,
)
from stt_cli.formats.timestamps import milliseconds, timestamp
from tests.formats.samples import transcript, transcripts

WEATHER = transcript(
    Segment("What's the weather like?", 0.1, 1.9),
    Segment("Rain & <snow>.", 2.0, 3.9995, speaker="2"),
)


def written(name: str, *all_: Transcript, **chosen: object) -> str:
    options = WriteOptions(**chosen)  # type: ignore[arg-type]
    return "".join(writer_for(name)(all_, options))


def test_text_is_a_line_a_phrase_with_its_speaker() -> None:
    assert written("text", WEATHER) == (
        "What's the weather like?\nSpeaker 2: Rain & <snow>.\n"
    )


def test_several_texts_stand_under_their_names() -> None:
    other = transcript(Segment("Hello."), name="b.wav")
    assert written("text", WEATHER, other).splitlines()[::3] == [
        "==> a.wav <==",
        "",
    ]
    assert written("text", WEATHER, other).endswith("\n\n==> b.wav <==\nHello.\n")


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (TextForm.DISPLAY, "It's 5."),
        (TextForm.LEXICAL, "it's five"),
        (TextForm.ITN, "it's 5"),
        (TextForm.MASKED_ITN, "It's 5."),  # the service gave none
    ],
)
def test_the_form_of_the_text_is_chosen(form: TextForm, shown: str) -> None:
    best = Alternative("It's 5.", lexical="it's five", itn="it's 5")
    talk = transcript(Segment("It's 5.", 0, 1, alternatives=(best,)))
    for name in ("text", "srt", "vtt", "tsv"):
        assert shown in written(name, talk, text_form=form)


def test_channels_are_told_apart_only_where_there_are_several() -> None:
    mono = transcript(Segment("Hi.", channel=0), Segment("Ho.", channel=0))
    both = transcript(Segment("Hi.", channel=0), Segment("Ho.", channel=1))
    assert written("text", mono) == "Hi.\nHo.\n"
    assert written("text", both) == "Channel 0: Hi.\nChannel 1: Ho.\n"


def test_srt_is_numbered_with_a_comma_before_the_milliseconds() -> None:
    assert written("srt", WEATHER) == (
        "1\n00:00:00,100 --> 00:00:01,900\nWhat's the weather like?\n"
        "\n"
        "2\n00:00:02,000 --> 00:00:04,000\nSpeaker 2: Rain & <snow>.\n"
    )


def test_vtt_escapes_its_text_and_names_voices() -> None:
    assert written("vtt", WEATHER) == (
        "WEBVTT\n\n00:00:00.100 --> 00:00:01.900\nWhat's the weather like?\n"
        "\n00:00:02.000 --> 00:00:04.000\n<v Speaker 2>Rain &amp; &lt;snow&gt;.\n"
    )


def test_tsv_is_whispers_with_speaker_and_input_added() -> None:
    assert written("tsv", WEATHER) == (
        "start\tend\ttext\tspeaker\tinput\n"
        "100\t1900\tWhat's the weather like?\t\ta.wav\n"
        "2000\t4000\tRain & <snow>.\tSpeaker 2\ta.wav\n"
    )


def test_json_is_an_object_for_one_plain_file_and_else_an_array() -> None:
    weather = {"schema_version": 1, **WEATHER.to_dict()}
    assert json.loads(written("json", WEATHER, single=True)) == weather
    assert json.loads(written("json", WEATHER, single=False)) == [weather]
    lines = written("jsonl", WEATHER, WEATHER).splitlines()
    assert [json.loads(line) for line in lines] == [weather] * 2


def test_json_has_no_number_that_json_lacks() -> None:
    value = {"a": [float("nan"), 1.5], "b": {"c": float("-inf")}}
    assert json.loads(to_json(value)) == {"a": [None, 1.5], "b": {"c": None}}


@pytest.mark.conformance("CO-06")
@given(st.text(alphabet=st.characters(min_codepoint=0, exclude_categories=[])))
def test_json_gives_every_string_back_and_commands_no_terminal(text: str) -> None:
    output = to_json({"text": text})
    assert json.loads(output) == {"text": text}
    assert output.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f]", output)
    output.encode("utf-8")


@pytest.mark.conformance("CO-06")
@given(transcripts)
def test_no_format_lets_a_control_sequence_through(spoken: Transcript) -> None:
    for name in FORMATS:
        output = written(name, spoken, captions=CaptionOptions(interpolate=True))
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", output)


_TIMES = re.compile(r"(\d\d+):([0-5]\d):([0-5]\d)[,.](\d\d\d)")


@pytest.mark.conformance("CO-14")
@given(transcripts)
def test_every_subtitle_file_can_be_read_back(spoken: Transcript) -> None:
    for name in ("srt", "vtt"):
        output = written(name, spoken, captions=CaptionOptions(interpolate=True))
        blocks = [block.split("\n") for block in output.rstrip("\n").split("\n\n")]
        if name == "vtt":
            assert blocks.pop(0) == ["WEBVTT"]
            if blocks and blocks[0][0].startswith("NOTE"):
                assert blocks.pop(0) == ["NOTE interpolated times"]
        for number, block in enumerate(filter(any, blocks), start=1):
            if name == "srt":
                assert block.pop(0) == str(number)
            times = block.pop(0)
            assert len(_TIMES.findall(times)) == 2
            assert times.count("-->") == 1
            assert block
            assert all(line and "-->" not in line for line in block)


@pytest.mark.conformance("CO-14")
@given(st.floats(0, 400_000))
def test_times_are_rounded_once(seconds: float) -> None:
    whole = milliseconds(seconds)
    assert whole is not None
    hours, minutes, rest, parts = map(
        int,
        re.fullmatch(_TIMES, timestamp(whole, ",")).groups(),  # type: ignore[union-attr]
    )
    assert ((hours * 60 + minutes) * 60 + rest) * 1000 + parts == whole
    assert abs(whole - seconds * 1000) <= 0.5001


@pytest.mark.conformance("CO-14")
def test_no_second_has_a_thousand_milliseconds() -> None:
    assert timestamp(milliseconds(59.9996) or 0, ",") == "00:01:00,000"
    assert timestamp(milliseconds(3599.9999) or 0, ".") == "01:00:00.000"


def test_a_format_is_found_by_suffix_in_either_case() -> None:
    files = [
        "x.txt",
        "x.JSON",
        "x.jsonl",
        "x.srt",
        "x.VTT",
        "a.b/x.y.tsv",
        "x.csv",
        "x.md",
    ]
    found = [format_for_path(file) for file in files]
    assert found == list(FORMATS)
    assert format_for_path("x.docx") is None
    assert format_for_path("srt") is None


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        writer_for("docx")
    assert refused.value.hint == (
        "choose from text, json, jsonl, srt, vtt, tsv, csv, md and all"
    )


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("srt,json", ("srt", "json")),
        (" SRT , txt,srt", ("srt", "text")),
        ("Markdown", ("md",)),
        ("all", FORMATS),
    ],
)
def test_several_formats_are_named_at_once(chosen: str, names: tuple[str, ...]) -> None:
    assert format_names(chosen) == names


@pytest.mark.parametrize("chosen", ["", "srt,", "srt,docx", "json;srt"])
def test_one_wrong_name_among_several_is_refused(chosen: str) -> None:
    with pytest.raises(UsageError, match="unknown format"):
        format_names(chosen)


def test_markdown_is_paragraphs_by_speaker_with_times() -> None:
    spoken = transcript(
        Segment("Hello.", 0.0, 1.0, speaker="1"),
        Segment("How are *you*?", 1.2, 2.0, speaker="1"),
        Segment("Fine, thanks.", 2.1, 3.0, speaker="2"),
        Segment("And then:", 3725.0, 3726.0, speaker="2"),
    )
    assert written("md", spoken) == (
        "# a.wav\n\n*local*\n\n"
        "**[0:00] Speaker 1:** Hello. How are \\*you\\*?\n\n"
        "**[0:02] Speaker 2:** Fine, thanks.\n\n"
        "**[1:02:05] Speaker 2:** And then:\n"
    )


def test_markdown_without_times_is_plain_paragraphs() -> None:
    assert written("md", transcript(Segment("1. <b>one</b>"))) == (
        "# a.wav\n\n*local*\n\n1\\. \\<b\\>one\\</b\\>\n"
    )


@given(transcripts)
def test_csv_is_read_back_by_any_reader_of_csv(spoken: Transcript) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", spoken), newline="")))
    assert len(rows) == len(spoken.segments)
    for row, segment in zip(rows, spoken.segments, strict=True):
        assert (row["channel"] or None) == (
            None if segment.channel is None else str(segment.channel)
        )
        assert not (row["text"] or "").startswith(("=", "+", "-", "@"))


def test_csv_gives_seconds_and_no_formula_to_a_spreadsheet() -> None:
    spoken = transcript(Segment('=HYPERLINK("x")', 0.5, 1.25, 0.9, "Ann", 1, "de-DE"))
    assert written("csv", spoken).splitlines()[1] == (
        'a.wav,0.5,1.25,Ann,1,de-DE,0.9,"\'=HYPERLINK(""x"")"'
    )
