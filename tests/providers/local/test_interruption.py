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


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a recognition of two minutes that has printed its first phrase."""
    path = tmp_path / "long.wav"
    path.write_bytes(wav((WEATHER.read_bytes()[44:] + bytes(16_000)) * 28))
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", str(path), "-j", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "what's the weather like today\n"
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
    assert len(workers) == 2
    running.send_signal(number)
    _, stderr = running.communicate(timeout=30)
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
