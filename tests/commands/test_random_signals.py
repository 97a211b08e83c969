"""Signals at random moments of a run: it ends as documented, and the next one works.

``STT_ROUNDS=50 pytest tests/commands/test_random_signals.py`` tries more moments.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.core.environment import Environment
from stt_cli.ledger import open_ledger
from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.conftest import Runner
from tests.emulating import KEY, Emulated, emulated

ROUNDS = int(os.environ.get("STT_ROUNDS", "2"))
WEATHER = Path(__file__).parents[2] / "examples" / "weather.wav"

# What each signal may end a run with: the system's way before and behind the command,
# ours within it, and no failure where it came too late.
ENDINGS = {
    signal.SIGINT: {0, 130, -signal.SIGINT},
    signal.SIGTERM: {0, 143, -signal.SIGTERM},
    signal.SIGHUP: {0, 129, -signal.SIGHUP},
    signal.SIGKILL: {0, -signal.SIGKILL},
    signal.SIGSTOP: {0},
}
_LONGEST_S = 120
FAULTS = (
    "Traceback",
    "Fatal",
    "internal error",
    "Exception ignored",
    "Segmentation",
)

# Python prints what is raised in this callback of its imports, and goes on: a signal
# that comes there is lost, whatever a program does.
LOST_BY_PYTHON = "Exception ignored in: <function _get_module_lock.<locals>.cb"

# Python's own start is not ours: the moments begin with the command.
_STARTED = """
import os, sys
from stt_cli.__main__ import main
os.close(int(sys.argv.pop(1)))
main()
"""

Run = tuple[int, str, float]


def run(arguments: list[str], number: signal.Signals | None, moment: float) -> Run:
    """Run ``stt``, signaled after so many seconds; return status, stderr, seconds."""
    ready, begin = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _STARTED, str(begin), *arguments],
        pass_fds=[begin],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONFAULTHANDLER": "1"},
    )
    os.close(begin)
    with os.fdopen(ready, "rb") as pipe:
        pipe.read()
    began = time.monotonic()
    try:
        if number is not None:
            time.sleep(moment)
            process.send_signal(number)
        if number is signal.SIGSTOP:
            time.sleep(0.2)
            process.send_signal(signal.SIGCONT)
        _, err = process.communicate(timeout=_LONGEST_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # faulthandler shows where it hangs
        _, err = process.communicate()
    finally:
        process.kill()
        process.wait()
    return process.returncode, err, time.monotonic() - began


def endure(arguments: list[str], out: Path | None = None) -> None:
    """Send every signal at random moments of a command that succeeds undisturbed."""
    status, err, took = run(arguments, None, 0)
    assert status == 0, err
    whole = out.read_bytes() if out else b""
    for number, endings in ENDINGS.items():
        for _ in range(ROUNDS):
            if out:
                out.unlink(missing_ok=True)
            moment = random.uniform(0, took)
            status, err, _ = run(arguments, number, moment)
            told = f"{number.name} after {moment:.3f} of {took:.3f} s: {status}\n{err}"
            assert status in endings, told
            if LOST_BY_PYTHON in err:
                continue
            assert not [fault for fault in FAULTS if fault in err], told
            if out and (status == 0 or out.exists()):
                assert out.read_bytes() == whole, told
            with open_ledger(Environment.of_this_process()) as ledger:
                assert ledger.recent(1) is not None
    status, err, _ = run(arguments, None, 0)
    assert status == 0, err


@pytest.fixture
def soniox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    with emulated("soniox", "slow:0.05") as service:
        monkeypatch.setenv("SONIOX_API_KEY", KEY)
        monkeypatch.setenv("STT_SONIOX_ENDPOINT", service.url)
        yield service


def test_recognition_on_this_machine(tmp_path: Path) -> None:
    out = tmp_path / "weather.txt"
    endure(["recognize", str(WEATHER), "-o", str(out), "-f", "text", "--force"], out)


@pytest.mark.usefixtures("soniox")
def test_recognition_by_a_service(tmp_path: Path) -> None:
    out = tmp_path / "weather.txt"
    where = ["-p", "soniox", "--pace", "fast", "-o", str(out), "-f", "text", "--force"]
    endure(["recognize", str(WEATHER), *where], out)


@pytest.mark.usefixtures("soniox")
def test_polling(stt: Runner, tmp_path: Path) -> None:
    submitted = stt("batch", "submit", "https://x.example/a.wav", "-p", "soniox")
    assert submitted.status == 0, submitted.stderr
    out = tmp_path / "a.txt"
    endure(["poll", *submitted.lines, "-f", "text", "-o", str(out), "--force"], out)


def test_speech(tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    endure(["tts", "hello " * 200, "-p", "local", "-o", str(out), "--force"], out)


@pytest.mark.usefixtures("sound")
def test_the_microphone() -> None:
    endure(["recognize", "--mic", "--max-seconds", "1", "--allow-empty"])
