"""What ends a whole command is no finding, and no failure of one item of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

KEY = "made-up-key-0001"
KEYS = {
    "azure": ("AZURE_SPEECH_KEY",),
    "scriptix": ("SCRIPTIX_BATCH_TOKEN", "SCRIPTIX_REALTIME_TOKEN"),
    "soniox": ("SONIOX_API_KEY",),
    "watson": ("SPEECH_TO_TEXT_APIKEY", "TEXT_TO_SPEECH_APIKEY"),
}
JOBS = ("4bd33bb6-0001-4000-8000-000000000001", "4bd33bb6-0002-4000-8000-000000000002")
MORE = tuple(f"4bd33bb6-0003-4000-8000-{number:012}" for number in range(12))


@contextmanager
def against_silence(
    provider: str, *arguments: str
) -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    """Run stt against a service that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        service.settimeout(30)
        where = f"http://127.0.0.1:{service.getsockname()[1]}"
        process = subprocess.Popen(
            [sys.executable, "-m", "stt_cli", *arguments,
             "-p", provider, "--endpoint", where],
            env={**os.environ, **dict.fromkeys(KEYS[provider], KEY)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        try:
            yield process, service
        finally:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("provider", KEYS)
def test_an_examination_that_is_terminated_takes_it_for_no_finding(
    provider: str,
) -> None:
    with against_silence(provider, "doctor") as (process, service):
        connection, _ = service.accept()
        with connection:
            process.terminate()
            told, errors = process.communicate(timeout=20)
    assert process.returncode == 143, errors
    assert "terminated" not in told


@pytest.mark.parametrize(
    ("provider", "jobs"),
    [*((name, JOBS) for name in KEYS), ("azure", JOBS + MORE)],
)
def test_the_time_limit_ends_a_look_at_several_jobs(
    provider: str, jobs: tuple[str, ...]
) -> None:
    arguments = ("status", *jobs, "--timeout", "1.5")
    with against_silence(provider, *arguments) as (process, service):
        connection, _ = service.accept()
        with connection:
            told, errors = process.communicate(timeout=20)
    assert process.returncode == 7, errors
    assert "error: timed out after 1.5 s" in errors
    assert told == ""


@pytest.mark.parametrize("provider", KEYS)
@pytest.mark.parametrize(
    ("number", "status", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_look_at_several_jobs_that_is_stopped_says_so_once(
    provider: str, number: signal.Signals, status: int, word: str
) -> None:
    with against_silence(provider, "status", *JOBS) as (process, service):
        connection, _ = service.accept()
        with connection:
            process.send_signal(number)
            _, errors = process.communicate(timeout=20)
    assert process.returncode == status, errors
    assert errors.count(word) == 1
