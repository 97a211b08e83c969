"""A wrong command line is told in our words, with what to do, and exits with 2."""

from __future__ import annotations

import pytest

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
    stt: Runner, typed: str, error: str, hint: str
) -> None:
    done = stt(*typed.split())
    assert done.stderr == f"error: {error}\nhint: {hint}\n"
    assert (done.status, done.stdout) == (2, b"")
