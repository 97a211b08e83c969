"""A long recognition on all cores is stopped: quickly, quietly, leaving nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.tones import WEATHER, wav

FIRST = "what's the weather like today"


@pytest.fixture(params=["tiny.en", "pocketsphinx"])
def running(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[subprocess.Popen[str]]:
    """Start a recognition of two minutes that has printed its first phrase."""
    how = ("-j", "2", "--model", request.param)
    path = tmp_path / "long.wav"
    path.write_bytes(wav((WEATHER.read_bytes()[44:] + bytes(16_000)) * 28))
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", str(path), *how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().rstrip("?\n").lower() == FIRST
        yield process
    finally:
        process.kill()
        process.communicate()


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    threads = Path(f"/proc/{process.pid}/task").iterdir()
    children = " ".join((thread / "children").read_text() for thread in threads)
    return [int(pid) for pid in children.split()]


def are_gone(pids: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}/status").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_it_stops_and_takes_its_processes_along(
    running: subprocess.Popen[str], number: int, status: int
) -> None:
    workers = workers_of(running)
    running.send_signal(number)
    began = time.monotonic()
    _, stderr = running.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert running.returncode == status
    assert "session id: " in stderr
    assert "Traceback" not in stderr
    assert are_gone(workers, 30)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_its_processes_do_not_outlive_a_kill(
    running: subprocess.Popen[str],
) -> None:
    workers = workers_of(running)
    os.kill(running.pid, signal.SIGKILL)
    assert are_gone(workers, 30)
