"""``stt recognize`` as a person sees it, on a terminal that a test can read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.commands.test_recognize import say
from tests.conftest import Runner
from tests.ui.terminal import Seen, run

pytestmark = pytest.mark.usefixtures("parrot")


def on_terminal(*arguments: str | Path, columns: int = 80, rows: int = 24) -> Seen:
    command = [sys.executable, "-m", "stt_cli", *map(str, arguments)]
    return run(command, columns=columns, rows=rows)


def test_ids_and_transcript_are_what_is_left_on_the_screen(recording: Path) -> None:
    seen = on_terminal("recognize", recording, *say("hello", "world"))
    assert seen.status == 0
    assert seen.rows[0].startswith("session id: ")
    left = [row for row in seen.text.splitlines() if ": " not in row]
    assert left == ["hello", "world"]


@pytest.mark.conformance("CO-06")
def test_a_provider_cannot_command_the_terminal(recording: Path) -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07[bold red]hi[/]\x9b5m\u202e"
    seen = on_terminal("recognize", recording, *say(hostile))
    shown = r"\x1b[2J\x1b]0;owned\x07[bold red]hi[/]\x9b5m\u202e"
    assert shown in seen.rows
    assert "\x1b]0;" not in seen.raw
    assert "\x1b[2J" not in seen.raw


def test_several_inputs_stand_under_their_names(recording: Path) -> None:
    other = recording.with_name("b.wav")
    other.write_bytes(recording.read_bytes())
    seen = on_terminal("recognize", recording, other, *say("hello"), columns=200)
    assert f"==> {recording} <==" in seen.rows
    assert f"==> {other} <==" in seen.rows


@pytest.mark.conformance("CO-10")
def test_a_result_that_its_file_does_not_take_is_printed(
    stt: Runner, recording: Path
) -> None:
    done = stt("recognize", recording, *say("hello"), "-f", "text", "-o", "/dev/full")
    assert (done.status, done.text) == (2, "hello\n")
    assert "error: cannot write /dev/full: No space left on device" in done.stderr
    assert "hint: the result was written to stdout instead" in done.stderr


@pytest.mark.conformance("CO-10")
def test_one_file_that_cannot_be_written_stops_no_other(
    stt: Runner, recording: Path, tmp_path: Path
) -> None:
    for name in ("b.wav", "c.wav"):
        (tmp_path / name).write_bytes(recording.read_bytes())
    out = tmp_path / "out"
    out.mkdir()
    (out / "b.txt").symlink_to("/dev/full")
    inputs = [tmp_path / name for name in ("a.wav", "b.wav", "c.wav")]
    done = stt("recognize", *inputs, *say("hello"), "-o", f"{out}/", "-j", "1")
    assert (done.status, done.text) == (2, "hello\n")
    assert (out / "a.txt").read_text() == "hello\n"
    assert (out / "c.txt").read_text() == "hello\n"


@pytest.mark.conformance("CO-13")
def test_speech_is_not_spilled_on_a_terminal() -> None:
    seen = on_terminal("tts", "hello", "-o", "-")
    assert seen.status == 2
    assert seen.rows[0] == "error: refusing to write audio to a terminal"
    assert "RIFF" not in seen.raw


@pytest.mark.conformance("CO-13")
def test_nothing_is_asked_where_nobody_can_answer(stt_process: Runner) -> None:
    asked = stt_process("auth", "set", "azure", timeout=30)
    assert asked.status == 2
    assert asked.stdout == b""
    assert "hint: " in asked.stderr


@pytest.mark.conformance("CO-12")
def test_quiet_draws_nothing_even_on_a_terminal(recording: Path) -> None:
    seen = on_terminal("recognize", recording, *say("hello"), "-q")
    assert seen.raw == "hello\r\n"
