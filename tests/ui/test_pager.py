"""Long help and long lists in the user's pager, on a terminal that a test can read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stt_cli.ui.pager import pager_command
from tests.ui.terminal import Seen, Session, run

LONG = ("recognize", "--help")
LISTED = ("languages", "-p", "bing")


def stt(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stt_cli", *arguments]


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that says what it is before it shows what it is given."""
    script = tmp_path / "pager"
    script.write_text('#!/bin/sh\necho "paged with LESS=$LESS"\ncat\n')
    script.chmod(0o755)
    return script


def shown(*arguments: str, rows: int = 24, **env: str) -> Seen:
    return run(stt(*arguments), rows=rows, env=env)


@pytest.mark.parametrize("arguments", [LONG, LISTED, ("help", "recognize")])
def test_what_is_longer_than_the_terminal_goes_to_the_pager(
    arguments: tuple[str, ...], pager: Path
) -> None:
    seen = shown(*arguments, PAGER=str(pager))
    assert seen.status == 0
    assert "paged with LESS=FRX" in seen.raw


@pytest.mark.parametrize("arguments", [LONG, LISTED])
def test_what_fits_is_written_as_it_is(arguments: tuple[str, ...], pager: Path) -> None:
    seen = shown(*arguments, rows=200, PAGER=str(pager))
    assert seen.status == 0
    assert "paged" not in seen.raw
    assert seen.text


def test_nothing_is_paged_into_a_pipe(pager: Path) -> None:
    seen = run(stt(*LISTED), env={"PAGER": str(pager)}, stdout_piped=True)
    assert b"paged" not in seen.piped
    assert b"de-DE" in seen.piped


def test_a_group_without_a_command_is_an_error_and_is_not_paged(pager: Path) -> None:
    seen = run(stt(), rows=5, env={"PAGER": str(pager)})
    assert seen.status == 2
    assert "paged" not in seen.raw


def test_a_pager_that_does_not_exist_costs_nothing() -> None:
    seen = shown(*LISTED, PAGER="/nowhere/pager")
    assert seen.status == 0
    assert "Korean" in seen.raw


def test_leaving_the_pager_early_is_no_failure() -> None:
    seen = shown(*LONG, PAGER="head -n 1")
    assert seen.status == 0
    assert len(seen.text.splitlines()) == 1


def test_ctrl_c_is_the_pagers(tmp_path: Path) -> None:
    script = tmp_path / "pager"
    script.write_text(
        "#!/bin/sh\ntrap 'echo stopped' INT\necho reading\n"
        "read line </dev/tty || read line </dev/tty\necho left\n"
    )
    script.chmod(0o755)
    with Session(stt(*LONG), env={"PAGER": str(script)}) as session:
        session.look(lambda text: "reading" in text)
        session.type("\x03")
        session.look(lambda text: "stopped" in text)
        session.type("\n\n")
        assert session.wait() == 0
        assert "left" in session.text


@pytest.mark.parametrize(
    ("variables", "command"),
    [
        ({"STT_PAGER": "more", "PAGER": "most"}, ["more"]),
        ({"PAGER": "less -S"}, ["less", "-S"]),
        ({"PAGER": "'/my tools/less' -S"}, ["/my tools/less", "-S"]),
        ({"STT_PAGER": "", "PAGER": "less"}, []),
        ({"PAGER": "cat"}, []),
        ({"PAGER": "'open"}, []),
        ({"PAGER": "less", "TERM": "dumb"}, []),
        ({"PATH": "/nowhere"}, []),
    ],
)
def test_the_pager_is_the_users_choice(
    variables: dict[str, str], command: list[str]
) -> None:
    assert pager_command(variables) == command
