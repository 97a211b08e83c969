"""A wrong command line is told in our words, with what to do, and exits with 2."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from stt_cli.emulator import EMULATORS
from tests.conftest import Runner


@pytest.mark.parametrize(
    ("typed", "error", "hint"),
    [
        ("recognize --manifst", "unknown option --manifst", "did you mean --manifest?"),
        ("recognize -Z", "unknown option -Z", "run `stt recognize --help` for usage"),
        (
            "batch sumbit",
            "unknown command 'sumbit'",
            "did you mean `stt batch submit`?",
        ),
        (
            "batch zzz",
            "unknown command 'zzz'",
            "run `stt batch --help` for a list of commands",
        ),
        ("config show", "unknown command 'show'", "did you mean `stt config list`?"),
        ("auth list", "unknown command 'list'", "did you mean `stt auth status`?"),
        ("emulate azur", "unknown emulator 'azur'", "did you mean azure?"),
        ("emulate x", "unknown emulator 'x'", f"choose from {', '.join(EMULATORS)}"),
        (
            "recognize a.wav --transport fast",
            "local has no choice of transport",
            "remove --transport",
        ),
        (
            "recognize a.wav -p soniox --transport fast",
            "soniox always uses websocket",
            "remove --transport",
        ),
        (
            "recognize a.wav -p watson --transport fast",
            "watson has no fast transport",
            "choose from rest, session, websocket",
        ),
        (
            "batch files",
            "local does not support listing uploaded files",
            "use -p soniox",
        ),
        ("usage", "local does not support usage reports", "use -p soniox"),
        (
            "recognize a.wav --profanity raw",
            "local does not support --profanity",
            "azure, bing and watson do; choose a provider with -p",
        ),
        (
            "recognize a.wav --param x=1",
            "local does not support parameters (--param)",
            "azure, bing, watson, soniox and scriptix do; choose a provider with -p",
        ),
        (
            "recognize a.wav -l auto",
            "the model that comes with stt only supports English and cannot detect "
            "languages",
            "to get a multilingual model, run: stt models download base",
        ),
        (
            "recognize a.wav -l auto --model pocketsphinx",
            "the pocketsphinx model only supports English and cannot detect languages",
            "use a multilingual model, such as --model base",
        ),
        ("score a", "missing argument RESULT", "run `stt score --help` for usage"),
        (
            "completion",
            "missing argument SHELL",
            "choose from bash, zsh, fish, powershell",
        ),
        (
            "completion tcsh",
            "invalid value 'tcsh' for SHELL",
            "choose from bash, zsh, fish, powershell",
        ),
        ("status -p", "-p needs a value", "run `stt status --help` for usage"),
        (
            "status --json=1",
            "--json takes no value",
            "run `stt status --help` for usage",
        ),
        (
            "recognize a.wav --mode x",
            "invalid value 'x' for --mode",
            "choose from interactive, conversation, dictation",
        ),
        (
            "poll ID -j 0",
            "invalid value '0' for --jobs",
            "use a whole number of at least 1",
        ),
        (
            "emulate azure --port x",
            "invalid value 'x' for --port",
            "use a whole number from 0 to 65535",
        ),
        (
            "recognize a.wav --timeout -1",
            "invalid value '-1.0' for --timeout",
            "use a number of at least 0",
        ),
        (
            "providers one two)",
            "unexpected argument 'one'",
            "run `stt providers --help` for usage",
        ),
    ],
)
def test_a_wrong_command_line_is_told_with_a_remedy(
    stt: Runner,
    recording: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    error: str,
    hint: str,
) -> None:
    monkeypatch.chdir(recording.parent)
    monkeypatch.setenv("COLUMNS", "200")
    done = stt(*typed.split())
    assert done.stderr == f"error: {error}\nhint: {hint}\n"
    assert (done.status, done.stdout) == (2, b"")


@pytest.mark.parametrize("name", ["a.wav", "two words.wav", "statu"])
def test_a_recording_without_a_command_gets_the_command(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).touch()
    done = stt(name)
    assert done.status == 2
    assert done.stderr == (
        f"error: unknown command {name!r}\n"
        f"hint: to transcribe the file, use `stt recognize {shlex.quote(name)}`\n"
    )


def test_a_word_too_long_for_a_file_is_an_unknown_command(stt: Runner) -> None:
    done = stt("x" * 5_000)
    assert (done.status, done.stderr[:22]) == (2, "error: unknown command")
