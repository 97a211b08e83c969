"""``stt convert``: what was recognized once is written in any other format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Runner

RESULT: dict[str, Any] = {
    "provider": "azure",
    "transport": "rest",
    "input": "call.wav",
    "language": "en-US",
    "mode": None,
    "status": "success",
    "ids": {"session_id": "a" * 32, "request_id": None, "transcription_id": None},
    "duration": 9.5,
    "text": "Good morning. Hello.",
    "translations": {},
    "segments": [
        {
            "start": 0.5,
            "end": 1.5,
            "text": text,
            "confidence": None,
            "speaker": speaker,
            "channel": None,
            "language": None,
            "words": [],
            "alternatives": [],
            "translations": {},
            "intent": None,
        }
        for text, speaker in (("Good morning.", "1"), ("Hello.", "2"))
    ],
    "timing": {"connect": None, "first_partial": None, "total": 1.0},
    "error": None,
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "call.json"
    path.write_text(json.dumps(RESULT), encoding="utf-8")
    return path


def test_text_goes_to_stdout_and_nothing_is_recognized(
    stt: Runner, saved: Path
) -> None:
    done = stt("convert", saved)
    assert (done.status, done.stderr) == (0, "")
    assert done.lines == ["Speaker 1: Good morning.", "Speaker 2: Hello."]


def test_captions_follow_the_caption_options(stt: Runner, tmp_path: Path) -> None:
    text = "One two three four five six seven eight nine ten."
    srt = f"1\n00:00:00,000 --> 00:00:06,000\n{text}\n"
    (tmp_path / "a.srt").write_text(srt)
    wide = stt("convert", tmp_path / "a.srt", "-f", "vtt").text
    narrow = stt(
        "convert", tmp_path / "a.srt", "-f", "vtt", "--max-line-length", "12"
    ).text
    assert max(map(len, narrow.splitlines()[2::])) <= 29  # the line of times
    assert narrow.count("-->") > wide.count("-->")


@pytest.mark.conformance("CO-28")
def test_several_formats_are_files_beside_each_other(
    stt: Runner, saved: Path, tmp_path: Path
) -> None:
    done = stt("convert", saved, "-f", "SRT,txt,md", "-o", f"{tmp_path}/out/")
    assert (done.status, done.text) == (0, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "call.md",
        "call.srt",
        "call.txt",
    ]
    assert done.stderr.startswith("notice: wrote ")


def test_a_pipe_goes_through(stt: Runner, saved: Path) -> None:
    done = stt("convert", "-", "-f", "json", stdin=saved.read_bytes())
    assert json.loads(done.text) == {"schema_version": 1, **RESULT}


def test_a_file_that_is_there_is_kept_and_nothing_half_written(
    stt: Runner, saved: Path, tmp_path: Path
) -> None:
    (tmp_path / "call.md").write_text("mine")
    done = stt("convert", saved, "-f", "srt,md", "-o", f"{tmp_path}/")
    assert done.status == 2
    assert "already exists" in done.stderr
    assert (tmp_path / "call.md").read_text() == "mine"
    assert not (tmp_path / "call.srt").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.json"], "cannot read 'missing.json': No such file"),
        (["-", "-"], "- (stdin) can be used only once"),
        (["-", "-f", "srt,vtt"], "cannot write several formats to stdout"),
        (["-"], "stdin is not a saved result"),
        ([], "FILE"),
    ],
)
def test_bad_input_is_a_usage_error(
    stt: Runner, arguments: list[str], words: str
) -> None:
    done = stt("convert", *arguments, stdin=b"nothing of the kind")
    assert (done.status, done.text) == (2, "")
    assert words in done.stderr
