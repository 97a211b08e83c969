"""Completion in real shells, and generated files that are up to date."""

from __future__ import annotations

import os
import pty
import runpy
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from typer.main import get_command

from stt_cli.app import app
from stt_cli.cli.command_table import COMMANDS
from stt_cli.cli.completion import FILES, SCRIPTS
from stt_cli.cli.description import describe
from stt_cli.core.exit_status import ExitStatus
from tests.conftest import Runner

ROOT = Path(__file__).parent.parent.parent
COMPLETIONS = ROOT / "completions"


def test_the_generated_files_are_those_of_the_commands_as_they_are() -> None:
    generated = runpy.run_path(str(ROOT / "docs" / "generate.py"))["generated"]()
    assert len(generated) == 6
    for path, text in generated.items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name} is out of date: run `python docs/generate.py`"
        )


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_the_command_prints_the_file(stt: Runner, shell: str) -> None:
    done = stt("completion", shell)
    assert done.status == 0
    assert done.stdout == (COMPLETIONS / FILES[shell]).read_bytes()


def bash(*words: str, cwd: Path = ROOT) -> list[str]:
    """Return what bash offers for the last of the words."""
    script = (
        'source "$0"; COMP_WORDS=(stt "$@"); COMP_CWORD=$#; _stt;'
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, str(COMPLETIONS / "stt.bash"), *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd,
    )
    return done.stdout.split()


def fish(line: str) -> list[str]:
    """Return what fish offers at the end of a line."""
    script = f"source {COMPLETIONS / 'stt.fish'}; complete -C {line!r}"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )
    return [offer.partition("\t")[0] for offer in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["rec"], ["recognize"]),
        (["recognize", "--text-f"], ["--text-form"]),
        (["recognize", "-p", "azure", "--text-f"], ["--text-form"]),
        (["recognize", "-p", "az"], ["azure"]),
        (["recognize", "--provider", "=", "az"], ["azure"]),
        (["recognize", "-f", "sr"], ["srt"]),
        (["batch", "sub"], ["submit"]),
        (["batch", "submit", "--man"], ["--manifest"]),
        (["recognize", "--mode", "conv"], ["conversation"]),
        (["tts", "--voice", ""], []),
        (["completion", "po"], ["powershell"]),
        (["poll", "--interval", "a"], ["auto"]),
        (["session-id", "--kind", "transa"], ["transaction"]),
        (["config", "get", "azure.re"], ["azure.region"]),
        (["schema", "transc"], ["transcript"]),
    ],
)
def test_bash_completes_commands_options_and_values(
    words: list[str], offered: list[str]
) -> None:
    if offered == ["--manifest"]:
        offered = [flag for flag in flags_of("batch", "submit") if flag[:5] == "--man"]
    assert bash(*words) == offered


def test_bash_completes_files_where_a_file_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "meeting.wav").touch()
    assert bash("recognize", "mee", cwd=tmp_path) == ["meeting.wav"]
    assert bash("tts", "--ssml", "mee", cwd=tmp_path) == ["meeting.wav"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("stt rec", ["recognize"]),
        ("stt recognize --text-f", ["--text-form"]),
        ("stt recognize -p az", ["azure"]),
        ("stt recognize a.wav -f sr", ["srt"]),
        ("stt batch sub", ["submit"]),
        ("stt auth set bi", ["bing"]),
        ("stt recognize --language de", ["de-DE"]),
        ("stt config get azure.re", ["azure.region"]),
    ],
)
def test_fish_completes_commands_options_and_values(
    line: str, offered: list[str]
) -> None:
    assert fish(line) == offered


def typed(command: list[str], prepare: str, line: str, expected: str) -> str:
    """Type a line and a tab into an interactive shell; return what is then seen."""
    here, there = pty.openpty()
    child = subprocess.Popen(
        command,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        env={**os.environ, "PS1": "", "TERM": "dumb"},
    )
    os.close(there)
    seen = ""
    try:
        os.write(here, f"{prepare}; echo rea''dy\n".encode())
        seen = until(here, "ready\r\n")
        os.write(here, f"{line}\t".encode())
        seen = until(here, expected)
    finally:
        os.close(here)
        child.kill()
        child.wait()
    return seen


def until(terminal: int, expected: str, seconds: float = 30) -> str:
    seen, end = "", time.monotonic() + seconds
    while expected not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65_536).decode(errors="replace")
    return seen


def test_a_tab_in_bash_completes_the_command() -> None:
    source = f"source {COMPLETIONS / 'stt.bash'}"
    command = ["bash", "--norc", "--noprofile", "-i"]
    assert "ognize" in typed(command, source, "stt rec", "ognize")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("stt rec", "recognize"),
        ("stt recognize --text-f", "--text-form"),
        ("stt batch sub", "submit"),
        ("stt recognize -p az", "azure"),
    ],
)
def test_a_tab_in_zsh_completes_commands_options_and_values(
    line: str, rest: str
) -> None:
    source = f"fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -D"
    seen = typed(["zsh", "-f", "-i"], source, line, rest)
    assert rest in seen.replace("\b", "").replace("\r", ""), seen


def flags_of(*path: str) -> list[str]:
    command = next(one for one in describe(get_command(app)).walk() if one.path == path)
    return [flag for option in command.options for flag in option.flags]


def test_every_command_has_an_example_and_a_word_for_each_option() -> None:
    for command in describe(get_command(app)).walk():
        assert command.examples, command.path
        assert command.summary, command.path
        for option in (*command.options, *command.arguments):
            assert option.help, (command.path, option.flags)


def test_the_manual_tells_all_commands_options_and_exit_codes() -> None:
    page = (ROOT / "docs" / "stt.1").read_text(encoding="utf-8").replace("\\-", "-")
    for entry in COMMANDS:
        assert f'.SS "stt {entry.name}' in page
    for command in describe(get_command(app)).walk():
        for option in command.options:
            assert option.flags[0] == "-h" or f"\\fB{option.flags[0]}\\fR" in page
    for code in ExitStatus:
        assert f"\\fB{int(code)}\\fR" in page
    for section in ("ENVIRONMENT", "FILES", "EXAMPLES", "EXIT STATUS"):
        assert f".SH {section}" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_has_nothing_to_say_against_the_manual() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", str(ROOT / "docs" / "stt.1")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "Credentials are missing, invalid or expired" in " ".join(
        done.stdout.split()
    )
