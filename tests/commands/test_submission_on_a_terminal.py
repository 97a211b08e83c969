"""``stt batch submit`` as a person sees it: rows that move, then a table."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated
from tests.ui.terminal import Seen, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no terminals there")

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def soniox() -> Iterator[Emulated]:
    with emulated("soniox", "slow:0.5", delay=60.0) as emulator:
        yield emulator


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two recordings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    for number, name in enumerate(("a.wav", "b.wav"), 1):
        (tmp_path / name).write_bytes(silent_wav(number))
    return tmp_path


def submit(emulator: Emulated, *inputs: str, **more: object) -> Seen:
    command = [sys.executable, "-m", "stt_cli", "batch", "submit", *inputs]
    options = ["-p", "soniox", "--endpoint", emulator.url, "-j", "2"]
    return run([*command, *options], **more)  # type: ignore[arg-type]


def test_rows_move_and_leave_ids_a_table_and_what_failed(
    soniox: Emulated, folder: Path
) -> None:
    seen = submit(soniox, "a.wav", "b.wav", "none.wav", columns=120, rows=50)
    assert seen.status == 10
    for words in ("waiting", "uploading", "creating", " of 3 done"):
        assert words in seen.raw
    assert "of 3 done" not in seen.text
    table = [row.split() for row in seen.rows if re.fullmatch(rf".*\s{UUID}", row)]
    assert [row[0] for row in table if row[0].endswith(".wav")] == ["a.wav", "b.wav"]
    assert "transcription id" not in seen.text  # the table has it
    assert "error: none.wav: no such file" in seen.rows

    again = submit(soniox, "a.wav", "b.wav", columns=120, rows=50)
    assert "notice: 2 of 2 are already submitted; keeping their IDs" in (again.rows)


def test_a_pipe_gets_the_ids_alone_while_the_rows_move_on_stderr(
    soniox: Emulated, folder: Path
) -> None:
    seen = submit(soniox, "a.wav", "b.wav", stdout_piped=True)
    assert re.fullmatch(rf"{UUID}\n{UUID}\n", seen.piped.decode())
    assert "creating" in seen.raw
    assert "creating" not in seen.text


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_a_plain_terminal_is_neither_drawn_over_nor_colored(
    soniox: Emulated, folder: Path, env: dict[str, str]
) -> None:
    seen = submit(soniox, "a.wav", "b.wav", env=env, columns=120, rows=50)
    assert seen.status == 0
    assert not re.search(r"\x1b\[(\d+;)*[39]\d[;m]", seen.raw)
    assert ("\x1b" in seen.raw) is ("TERM" not in env)
