"""A submission that is stopped on a terminal leaves what is known, and no bars."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.loopback import Answer, Received, serving
from tests.ui.terminal import run

_FILE = b'{"id": "f", "filename": "a.wav", "size": 1}'
_JOB = b'{"id": "job-1", "status": "queued"}'


@pytest.mark.conformance("CO-09")
def test_the_rows_are_gone_when_the_jobs_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SONIOX_API_KEY", "made-up-key-0001")
    for number, name in enumerate(("a.wav", "b.wav"), 1):
        Path(name).write_bytes(silent_wav(number))
    over = threading.Event()

    def play(request: Received) -> Answer:
        if request.target == "/v1/transcriptions":
            return Answer(201, _JOB)
        if b"a.wav" not in request.body:
            over.wait(30)  # the second recording is never answered
        return Answer(201, _FILE)

    with serving() as service:
        service.play = play
        submit = ["batch", "submit", "a.wav", "b.wav", "-p", "soniox"]
        bounds = ["--endpoint", service.url, "--timeout", "4"]
        seen = run(
            [sys.executable, "-m", "stt_cli", *submit, *bounds], columns=100, rows=40
        )
        over.set()
    assert seen.status == 7
    assert "uploading" in seen.raw
    assert "uploading" not in seen.text
    assert "done:" not in seen.text
    rows = [" ".join(row.split()) for row in seen.rows]
    assert "input state id" in rows
    assert "a.wav queued job-1" in rows
    assert "warning: 1 of 2 is not submitted" in rows
