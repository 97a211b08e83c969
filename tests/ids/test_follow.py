"""``--follow``: a log that grows, is rotated and is truncated."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ids.shapes import S1, S2, T1

S3, S4 = "3" * 32, "4" * 32
PATIENCE_S = 30


class Following:
    """A running ``stt session-id --follow`` and the lines that it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def next_line(self) -> str:
        return self._lines.get(timeout=PATIENCE_S)

    def is_silent(self) -> bool:
        return self._lines.empty()


@contextmanager
def following(path: Path | str, *options: str) -> Iterator[Following]:
    command = [sys.executable, "-m", "stt_cli", "session-id", "--follow", *options]
    with subprocess.Popen(
        [*command, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Following(process)
        finally:
            process.kill()


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


@pytest.mark.conformance("ID-14")
def test_each_new_id_comes_at_once_through_rotation_and_truncation(
    tmp_path: Path,
) -> None:
    log = tmp_path / "sdk.log"
    log.write_text(f"SessionId: {S1}\n")
    with following(log) as run:
        assert run.next_line() == S1
        append(log, f"SessionId: {S2[:10]}")
        append(log, f"{S2[10:]}\nSessionId: {S1}\n")
        assert run.next_line() == S2
        append(log, "SessionId: torn")
        log.rename(tmp_path / "sdk.log.1")
        log.write_text(f"SessionId: {S3}\n")
        assert run.next_line() == S3
        log.write_text(f"SessionId: {S4}\n"[:20])
        append(log, f"SessionId: {S4}\n"[20:])
        assert run.next_line() == S4
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(PATIENCE_S) == 130
        assert run.process.stderr is not None
        assert run.process.stderr.read() == ""
        assert run.is_silent()


def test_a_json_array_is_closed_when_following_ends(tmp_path: Path) -> None:
    log = tmp_path / "sdk.log"
    log.write_text(f"x\nSessionId: {S1}\n")
    with following(log, "--json") as run:
        lines = [run.next_line(), run.next_line()]
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(PATIENCE_S) == 130
        lines += [run.next_line()]
        (found,) = json.loads("\n".join(lines))
    assert found["source"] == f"{log}:2"


def test_a_document_that_comes_in_pieces_is_read_whole(tmp_path: Path) -> None:
    log = tmp_path / "poll.json"
    log.write_text("{\n")
    with following(log) as run:
        append(log, f'  "id": "{T1}",\n')
        append(log, '  "status": "completed"\n')
        append(log, "}\n")
        assert run.next_line() == T1


def test_a_live_pipe_gives_ids_before_it_ends() -> None:
    with following("-") as run:
        assert run.process.stdin is not None
        os.write(run.process.stdin.fileno(), f"SessionId: {S1}\n".encode())
        assert run.next_line() == S1
        run.process.stdin.close()
        assert run.process.wait(PATIENCE_S) == 0


def test_a_missing_file_is_not_waited_for(tmp_path: Path) -> None:
    with following(tmp_path / "gone.log") as run:
        assert run.process.wait(PATIENCE_S) == 2
        assert run.process.stderr is not None
        assert "no such file" in run.process.stderr.read()
