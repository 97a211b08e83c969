"""Many recordings in one run: named by a list, taken up again, told as events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.commands.conftest import silent_wav
from tests.commands.test_recognize import say
from tests.conftest import Runner

pytestmark = pytest.mark.usefixtures("parrot")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.wav", "b.wav", "with space.wav"):
        (tmp_path / name).write_bytes(silent_wav())
    return tmp_path


def test_names_come_on_stdin_one_a_line_or_ended_by_nul(
    stt: Runner, folder: Path
) -> None:
    for listed in (b"b.wav\nwith space.wav\n", b"b.wav\0with space.wav\0"):
        done = stt(
            "recognize", "--from-stdin", *say("hello"), "-f", "json", stdin=listed
        )
        assert done.status == 0
        found = [one["input"] for one in json.loads(done.text)]
        assert found == ["b.wav", "with space.wav"]


def test_one_name_on_stdin_is_still_an_array(stt: Runner, folder: Path) -> None:
    done = stt("recognize", "--from-stdin", *say("hello"), "--json", stdin=b"a.wav\n")
    assert isinstance(json.loads(done.text), list)


def test_an_empty_list_is_a_usage_error(stt: Runner, folder: Path) -> None:
    done = stt("recognize", "--from-stdin", *say("hello"), stdin=b"\n\n")
    assert (done.status, done.text) == (2, "")
    assert "the list contains no recordings" in done.stderr


def test_stdin_is_not_read_twice(stt: Runner, folder: Path) -> None:
    done = stt("recognize", "-", "--from-stdin", *say("hello"), stdin=b"a.wav")
    assert done.status == 2
    assert "read only once" in done.stderr


@pytest.mark.conformance("CO-29")
def test_a_manifests_line_has_options_of_its_own(stt: Runner, folder: Path) -> None:
    lines = [
        {"input": "a.wav", "language": "de-DE"},
        {"input": "b.wav", "params": {"say": "moved"}},
    ]
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = stt("recognize", "--manifest", "list.jsonl", *say("hello"), "-f", "json")
    assert done.status == 0, done.stderr
    first, second = json.loads(done.text)
    assert (first["language"], first["text"]) == ("de-DE", "hello")
    assert (second["language"], second["text"]) == ("en-US", "moved")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"input": "none.wav"}, "none.wav"),
        ({"input": "a.wav", "webhook_url": "https://h.example/"}, "batch submit"),
        ({"input": "a.wav", "words": "perhaps"}, "words"),
    ],
)
def test_a_wrong_line_stops_the_run_before_any_work(
    stt: Runner, folder: Path, line: dict[str, object], words: str
) -> None:
    (folder / "list.jsonl").write_text(json.dumps(line))
    done = stt("recognize", "--manifest", "list.jsonl", *say("hello"))
    assert done.status in (2, 10)
    assert words in done.stderr
    assert "list.jsonl:1" in done.stderr
    assert done.text == ""


@pytest.mark.conformance("CO-29")
def test_what_is_there_is_skipped_and_what_lacks_is_made(
    stt: Runner, folder: Path
) -> None:
    (folder / "out").mkdir()
    (folder / "out" / "a.srt").write_text("mine")
    (folder / "out" / "a.txt").write_text("mine")
    (folder / "out" / "b.txt").write_text("mine")
    wanted = [
        "recognize",
        "a.wav",
        "b.wav",
        *say("hello"),
        "-f",
        "srt,text",
        "-o",
        "out/",
    ]
    refused = stt(*wanted)
    assert refused.status == 2
    assert "use --skip-existing to keep it" in refused.stderr
    done = stt(*wanted, "--skip-existing")
    assert done.status == 0
    assert "notice: skipped 1 of 2: the transcript exists" in done.stderr
    texts = {path.name: path.read_text()[:4] for path in (folder / "out").iterdir()}
    assert texts.pop("b.srt") == "1\n00"
    assert set(texts.values()) == {"mine"}


def test_a_run_with_nothing_left_to_do_is_done(stt: Runner, folder: Path) -> None:
    (folder / "a.txt").write_text("mine")
    done = stt("recognize", "a.wav", *say("hello"), "-o", "a.txt", "--skip-existing")
    assert done.status == 0
    assert (folder / "a.txt").read_text() == "mine"


def test_skipping_needs_files(stt: Runner, folder: Path) -> None:
    done = stt("recognize", "a.wav", *say("hello"), "--skip-existing")
    assert done.status == 2
    assert "requires an output file" in done.stderr


def events(stt: Runner, *arguments: str) -> list[dict[str, Any]]:
    schema = json.loads(stt("schema", "event").text)
    check = jsonschema.Draft202012Validator(schema).validate
    done = stt("recognize", *arguments, "-f", "jsonl", "--interim")
    found = [json.loads(line) for line in done.lines]
    for each in found:
        check(each)
    return found


@pytest.mark.conformance("CO-27")
def test_a_program_gets_each_event_as_it_happens(stt: Runner, folder: Path) -> None:
    found = events(stt, "a.wav", *say("hello", "world"))
    assert found[0]["type"] == "started"
    assert found[0]["ids"]["session_id"]
    phrases = [one["segment"]["text"] for one in found if one["type"] == "phrase"]
    assert phrases == ["hello", "world"]
    assert any(one["type"] == "partial" for one in found)
    assert {"message": "parrots repeat", "hint": "do not believe them"}.items() <= next(
        one for one in found if one["type"] == "notice"
    ).items()
    assert found[-1]["type"] == "ended"
    assert found[-1]["transcript"]["text"] == "hello world"


def test_every_input_ends_with_its_result_even_a_failed_one(
    stt: Runner, folder: Path
) -> None:
    found = events(stt, "a.wav", "none.wav", *say("hello"))
    ended = {one["input"]: one for one in found if one["type"] == "ended"}
    assert ended["a.wav"]["transcript"]["status"] == "success"
    assert ended["none.wav"]["transcript"]["error"]["code"] == "audio"


def test_without_interim_lines_are_transcripts(stt: Runner, folder: Path) -> None:
    done = stt("recognize", "a.wav", *say("hello"), "-f", "jsonl")
    (line,) = done.lines
    assert json.loads(line)["text"] == "hello"
