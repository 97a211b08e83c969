"""Ctrl-C and SIGTERM while a real process waits for a job, or submits one."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.providers.azure.job_kit import URL, client, submitted


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start stt; yields it and the lines of its stderr as they come."""
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []
    assert process.stderr is not None
    errors = process.stderr
    reader = threading.Thread(target=lambda: lines.extend(iter(errors.readline, "")))
    reader.start()
    try:
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.mark.conformance("CO-09")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_waiting_stops_the_job_stays_and_the_command_that_goes_on_is_told(
    number: signal.Signals, status: int
) -> None:
    with client("Hello.", delay=120) as (made, service):
        job = submitted(made, URL)
        where = ("-p", "azure", "--endpoint", service.base_url, "-v")
        with started("poll", job.id, *where) as (process, lines):
            service.journal.wait_for(
                "looked", where=lambda entry: entry["id"] == job.id
            )
            process.send_signal(number)
            assert process.wait(20) == status
        told = "".join(lines)
        assert f"to keep waiting, run: stt poll {job.id}" in told
        assert f" id: {job.id}\n" in told  # Azure calls it a transcription
        assert not made.job(job.id).state.is_final


@pytest.mark.conformance("CO-09")
def test_a_submission_that_is_interrupted_keeps_the_ids_it_had(tmp_path: Path) -> None:
    from tests.commands.conftest import silent_wav

    recording = tmp_path / "a.wav"
    recording.write_bytes(silent_wav())
    with client("Hello.") as (_, service):
        where = ("-p", "azure", "--endpoint", service.base_url)
        service.faults.add("slow:60")
        with started("batch", "submit", URL, str(recording), "-j", "2", *where) as (
            process,
            lines,
        ):
            _wait_for(lines, "client reference id: ")
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
        assert any("client reference id: " in line for line in lines)


def _wait_for(lines: list[str], words: str) -> None:
    from time import monotonic, sleep

    give_up = monotonic() + 30
    while not any(words in line for line in lines):
        assert monotonic() < give_up
        sleep(0.02)
