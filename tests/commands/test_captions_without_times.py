"""Captions never have invented times: refused, or marked where they are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.emulating import Emulated, emulated

UNTIMED = {"text": "Good morning. How are you?", "language": "en"}
MAI = ("--transport", "fast", "--model", "mai-transcribe-2")
NO_TIMES = ("--param", "enhancedMode.modelOptions.timestamps=none")


@pytest.fixture
def whisper(tmp_path: Path) -> Path:
    """What OpenAI's API answers with ``response_format=json``: the text alone."""
    path = tmp_path / "talk.json"
    path.write_text(json.dumps(UNTIMED), encoding="utf-8")
    return path


@pytest.fixture
def service() -> Iterator[Emulated]:
    with emulated("azure", key=None, transcripts=("Good morning.",)) as running:
        yield running


@pytest.fixture
def wav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("talk.wav").write_bytes(silent_wav(2.0))
    return Path("talk.wav")


def recognize(stt: Runner, service: Emulated, *more: str | Path) -> Outcome:
    where = ("-p", "azure", "--endpoint", service.url)
    return stt("recognize", "talk.wav", *where, *MAI, *NO_TIMES, *more)


@pytest.mark.conformance("AZ-14", "CO-28")
def test_convert_refuses_and_writes_nothing(stt: Runner, whisper: Path) -> None:
    for name in ("srt", "vtt"):
        done = stt("convert", whisper, "-f", name)
        assert (done.status, done.text) == (2, "")
        assert f"captions need times, but {whisper} has none" in done.stderr
        assert "--interpolate" in done.stderr
    out = whisper.parent / "out"
    assert stt("convert", whisper, "-f", "txt,srt", "-o", f"{out}/").status == 2
    assert not out.exists()
    assert stt("convert", whisper).text == "Good morning. How are you?\n"


@pytest.mark.conformance("AZ-14", "CO-28")
def test_interpolated_times_are_marked(stt: Runner, whisper: Path) -> None:
    srt = stt("convert", whisper, "-f", "srt", "--interpolate").text
    assert srt.splitlines()[:2] == ["1", "00:00:00,000 --> 00:00:01,733"]
    assert srt.splitlines()[2] == "[interpolated times]"
    assert srt.count("interpolated") == 1
    vtt = stt("convert", whisper, "-f", "vtt", "--interpolate").text
    assert vtt.startswith("WEBVTT\n\nNOTE interpolated times\n\n00:00:00.000 --> ")


def test_captions_with_times_are_never_marked(stt: Runner, tmp_path: Path) -> None:
    timed = tmp_path / "timed.json"
    segment = {"start": 1.0, "end": 2.0, "text": "Hello."}
    timed.write_text(json.dumps({"text": "Hello.", "segments": [segment]}))
    done = stt("convert", timed, "-f", "srt", "--interpolate")
    assert done.text == "1\n00:00:01,000 --> 00:00:02,000\nHello.\n"


@pytest.mark.conformance("AZ-14")
@pytest.mark.usefixtures("wav")
def test_a_result_that_was_paid_for_is_not_lost(
    stt: Runner, service: Emulated, tmp_path: Path
) -> None:
    plain = recognize(stt, service)
    assert (plain.status, plain.text) == (0, "Good morning.\n")
    for more in (("-f", "srt"), ("-f", "srt,txt", "-o", "out/")):
        done = recognize(stt, service, *more)
        assert done.status == 2
        assert "captions need times, but talk.wav has none" in done.stderr
        assert json.loads(done.text)["text"] == "Good morning."
        (tmp_path / "saved").write_bytes(done.stdout)
        again = stt("convert", "saved", "-f", "srt", "--interpolate")
        assert again.lines[2:] == ["[interpolated times]", "Good morning."]
    assert [path.name for path in Path("out").iterdir()] == ["talk.txt"]


@pytest.mark.conformance("AZ-14")
@pytest.mark.usefixtures("wav")
def test_a_job_without_times_stays_open_for_another_format(
    stt: Runner, service: Emulated
) -> None:
    where = ("-p", "azure", "--endpoint", service.url)
    wanted = ("--model", "mai-transcribe-2", *NO_TIMES)
    submitted = stt("batch", "submit", "talk.wav", *where, *wanted)
    assert submitted.status == 0, submitted.stderr
    job = submitted.text.strip()
    for command in (("poll",), ("batch", "results")):
        done = stt(*command, job, "-f", "srt,txt", "-o", "out/", "--force")
        assert done.status == 2
        assert "captions need times" in done.stderr
        assert [path.name for path in Path("out").iterdir()] == ["talk.txt"]
        refused = stt(*command, job, "-f", "vtt")
        assert (refused.status, refused.text) == (2, "")
    marked = stt("poll", "--all", "-f", "vtt", "--interpolate")
    assert "NOTE interpolated times" in marked.text
