"""What a newcomer types first leads to the right command."""

from __future__ import annotations

from pathlib import Path

import pytest

from stt_cli.version import __version__
from tests.commands.test_recognize import say
from tests.conftest import Runner


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["help"], ["--help"]),
        (["help", "recognize"], ["recognize", "--help"]),
        (["help", "batch", "submit"], ["batch", "submit", "--help"]),
        (["help", "transcribe"], ["recognize", "--help"]),
        (["transcribe", "--help"], ["recognize", "--help"]),
        (["recognise", "--help"], ["recognize", "--help"]),
        (["say", "--help"], ["tts", "--help"]),
        (["speak", "--help"], ["tts", "--help"]),
        (["jobs", "--help"], ["status", "--help"]),
    ],
)
def test_a_word_that_people_try_is_the_command(
    stt: Runner,
    words: list[str],
    command: list[str],
) -> None:
    tried = stt(*words)
    assert tried.status == 0
    assert tried.text == stt(*command).text
    assert "Usage" in tried.text


def test_version_is_a_command_too(
    stt: Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stt("version").status == 0
    assert capsys.readouterr().out == f"stt {__version__}\n"


def test_help_of_what_is_no_command_is_a_usage_error(stt: Runner) -> None:
    done = stt("help", "recognice")
    assert done.status == 2
    assert "did you mean `stt recognize`?" in done.stderr


def test_an_alias_counts_only_as_the_command(stt: Runner, tmp_path: Path) -> None:
    done = stt("recognize", "say")  # a file of that name
    assert done.status == 10
    assert "say" in done.stderr


@pytest.mark.usefixtures("parrot")
def test_a_recording_is_read_from_a_pipe_without_a_dash(
    stt_process: Runner, recording: Path
) -> None:
    done = stt_process(
        "recognize", "--json", *say("hello"), stdin=recording.read_bytes()
    )
    assert done.status == 0, done.stderr
    assert '"input": "-"' in done.text


def test_a_text_is_read_from_a_pipe_without_a_dash(stt_process: Runner) -> None:
    done = stt_process("tts", stdin=b"hello\n")
    assert done.status == 0
    assert done.stdout.startswith(b"RIFF")


def test_an_empty_stdin_is_no_input(stt: Runner) -> None:
    assert "nothing to recogni" in stt("recognize").stderr
