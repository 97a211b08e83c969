"""Translations in every format, each under its language, and read back from them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from stt_cli.core.transcript import Segment, Transcript, Word
from stt_cli.core.transcript_reading import transcript_from_dict
from stt_cli.formats.caption_languages import track_path, with_tracks
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.reading import read_transcripts
from stt_cli.formats.registry import WriteOptions, writer_for
from stt_cli.formats.schemas import schema_text
from tests.formats.samples import transcript, transcripts

GREETING = transcript(
    Segment(
        "Hello.",
        0.1,
        0.9,
        speaker="1",
        words=(Word("hello", 0.1, 0.9),),
        translations={"de": "Hallo.", "fr": "Bonjour."},
    ),
    Segment("See you.", 2.0, 3.0, translations={"de": "Bis bald."}),
    language="en-US",
)


def written(name: str, *all_: Transcript, **chosen: Any) -> str:
    return "".join(writer_for(name)(all_, WriteOptions(**chosen)))


@pytest.mark.conformance("TR-02")
def test_text_has_each_translation_behind_its_phrase() -> None:
    assert written("text", GREETING).splitlines() == [
        "Speaker 1: Hello.",
        "  [de] Hallo.",
        "  [fr] Bonjour.",
        "See you.",
        "  [de] Bis bald.",
    ]


def test_text_of_a_service_cannot_break_a_line_of_a_translation() -> None:
    hostile = transcript(Segment("Hi.", translations={"de": "a\n[fr] b\x1b[2J"}))
    assert len(written("text", hostile).splitlines()) == 2
    assert "\x1b" not in written("text", hostile)


@pytest.mark.conformance("TR-02")
def test_json_has_translations_of_each_phrase_and_of_all() -> None:
    known = json.loads(written("json", GREETING))
    assert known["translations"] == {"de": "Hallo. Bis bald.", "fr": "Bonjour."}
    assert known["segments"][0]["translations"] == {"de": "Hallo.", "fr": "Bonjour."}
    jsonschema.validate(known, json.loads(schema_text("transcript")))


def test_json_without_translations_has_the_key_nevertheless() -> None:
    known = json.loads(written("json", transcript(Segment("Hello."))))
    assert known["translations"] == {} == known["segments"][0]["translations"]


def test_json_is_read_back_with_its_translations() -> None:
    (again,) = read_transcripts(written("json", GREETING).encode(), "a.json")
    assert again == GREETING


def test_json_of_earlier_versions_is_still_read() -> None:
    old = GREETING.to_dict()
    del old["translations"]
    for segment in old["segments"]:
        del segment["translations"]
    assert transcript_from_dict(old).text == "Hello. See you."
    assert transcript_from_dict(old).translations == {}


def test_csv_has_a_column_for_each_language() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", GREETING))))
    assert [row["text_de"] for row in rows] == ["Hallo.", "Bis bald."]
    assert [row["text_fr"] for row in rows] == ["Bonjour.", ""]


def test_csv_of_a_translation_is_no_formula() -> None:
    evil = transcript(Segment("x", translations={"de": "=1+1"}))
    (row,) = csv.DictReader(io.StringIO(written("csv", evil)))
    assert row["text_de"] == "'=1+1"


def test_tsv_is_read_back_with_its_translations() -> None:
    (again,) = read_transcripts(written("tsv", GREETING).encode(), "a.tsv")
    assert again.translations == GREETING.translations
    assert again.segments[1].translations == {"de": "Bis bald."}


def test_markdown_quotes_translations_below_their_paragraph() -> None:
    lines = written("md", GREETING).splitlines()
    assert "> **de:** Hallo." in lines
    assert lines.index("> **fr:** Bonjour.") < lines.index("> **de:** Bis bald.")


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_a_table_has_no_column_more_where_nothing_was_translated(name: str) -> None:
    assert "text_" not in written(name, transcript(Segment("Hi.", 0.0, 1.0)))


@pytest.mark.conformance("TR-02")
@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_captions_are_those_of_the_language_that_was_chosen(name: str) -> None:
    german = written(name, GREETING, captions=CaptionOptions(language="DE"))
    assert "Hallo." in german
    assert "Bis bald." in german
    assert "Hello." not in german
    for spoken in ("original", "en-US"):
        english = written(name, GREETING, captions=CaptionOptions(language=spoken))
        assert "Hello." in english
        assert "Hallo." not in english


def test_captions_of_a_translation_keep_times_and_speakers() -> None:
    german = written("srt", GREETING, captions=CaptionOptions(language="de"))
    (again,) = read_transcripts(german.encode(), "a.de.srt")
    assert [(one.text, one.start, one.end) for one in again.segments] == [
        ("Hallo.", 0.1, 0.9),
        ("Bis bald.", 2.0, 3.0),
    ]
    assert again.segments[0].speaker == "1"


def test_a_phrase_without_this_translation_has_no_caption() -> None:
    french = written("srt", GREETING, captions=CaptionOptions(language="fr"))
    assert french.count("-->") == 1


def test_several_tracks_together_stand_under_their_languages() -> None:
    headers = [
        line for line in written("srt", GREETING).splitlines() if line.startswith("==>")
    ]
    assert headers == ["==> a.wav <==", "==> a.wav [de] <==", "==> a.wav [fr] <=="]


def test_tracks_have_files_of_their_own_beside_the_spoken_one(tmp_path: Path) -> None:
    files = {"srt": tmp_path / "a.srt", "json": tmp_path / "a.json"}
    assert with_tracks(files, ["de", "zh-Hans"], None) == {
        "srt.original": tmp_path / "a.srt",
        "srt.de": tmp_path / "a.de.srt",
        "srt.zh-Hans": tmp_path / "a.zh-Hans.srt",
        "json": tmp_path / "a.json",
    }
    assert with_tracks(files, ["de"], "de") == files
    assert with_tracks(files, [], None) == files


@pytest.mark.parametrize("tag", ["../x", "/etc/x", "a\0b", "", "de\nfr"])
def test_no_language_of_a_saved_result_leads_out_of_the_folder(
    tmp_path: Path, tag: str
) -> None:
    assert track_path(tmp_path / "a.srt", tag).parent == tmp_path


@given(transcripts)
def test_every_track_is_well_formed(one: Transcript) -> None:
    segments = tuple(
        replace(segment, translations={"de": segment.text[::-1]})
        for segment in one.segments
    )
    german = written(
        "vtt",
        replace(one, segments=segments),
        captions=CaptionOptions(language="de", interpolate=True),
    )
    assert german.startswith("WEBVTT\n")
    assert "==>" not in german.replace("==&gt;", "")


def test_a_phrase_that_only_its_words_time_keeps_their_times() -> None:
    phrase = replace(GREETING.segments[0], start=None, end=None)
    german = transcript(phrase).translated("de")
    assert (german.segments[0].start, german.segments[0].end) == (0.1, 0.9)
