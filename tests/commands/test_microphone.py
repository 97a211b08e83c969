"""``stt recognize --mic`` as a user has it: captions, Ctrl-C, nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.audio.tones import WEATHER
from tests.conftest import Runner


def recordings(home: Path) -> list[Path]:
    return sorted((home / "state" / "recordings").glob("*.wav"))


@pytest.mark.conformance("LO-01")
def test_it_listens_until_silence_and_keeps_nothing(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
    stt_home: Path,
) -> None:
    with sound.playing(WEATHER):
        done = stt_process(
            "recognize", "--mic", "--stop-after-silence", "1.2", "--max-seconds", "30",
            "--device", "default", "--json",
        )  # fmt: skip
    assert done.status == 0, done.stderr
    told = json.loads(done.text)
    assert told["input"] == "microphone"
    assert "weather like today" in told["text"]
    assert "rain in the morning" in told["text"]
    assert 4 < told["duration"] < 15
    assert recordings(stt_home) == []


@pytest.mark.conformance("BS-41")
def test_enter_on_a_terminal_ends_the_recording_and_its_result_comes(
    sound: SoundServer,  # noqa: F811
    stt_home: Path,
) -> None:
    terminal, keyboard = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", "--mic"],
        stdin=keyboard,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(keyboard)
    with sound.playing(WEATHER):
        pass
    time.sleep(0.5)
    os.write(terminal, b"\n")
    out, err = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0, err
    assert "press Enter or Ctrl-C to stop" in err
    assert "rain in the morning" in out
    assert recordings(stt_home) == []


@pytest.mark.conformance("BS-41", "CO-09")
def test_ctrl_c_ends_the_recording_and_its_result_comes(
    sound: SoundServer,  # noqa: F811
    stt_home: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "recognize", "--mic"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with sound.playing(WEATHER):
        pass
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    text, stderr = process.communicate(timeout=60)
    assert process.returncode == 0, stderr
    assert "weather like today" in text
    assert "notice: listening to default; press Ctrl-C to stop" in stderr
    assert re.search(r"^session id: [0-9a-f]{32}$", stderr, re.M)
    assert recordings(stt_home) == []


@pytest.mark.conformance("CO-15")
@pytest.mark.usefixtures("parrot")
def test_after_a_failure_the_recording_and_the_command_are_told(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
    stt_home: Path,
) -> None:
    done = stt_process(
        "recognize", "--mic", "--max-seconds", "0.6", "-p", "parrot",
        "--param", "fail=UnreachableError",
    )  # fmt: skip
    assert done.status == 8, done.stderr
    (kept,) = recordings(stt_home)
    assert f"recording: saved to {kept}" in done.stderr
    retry = re.search(
        "hint: to try again, run: (stt recognize .+ -p parrot)", done.stderr
    )
    assert retry
    again = stt_process(*retry[1].split()[1:], "--param", "say=hello")
    assert (again.status, again.text) == (0, "hello\n")


def test_what_does_not_go_together(stt: Runner) -> None:
    done = stt("recognize", "a.wav", "--mic")
    assert (done.status, done.stdout) == (2, b"")
    assert "--mic cannot be used with recordings" in done.stderr
    done = stt("recognize", "a.wav", "--max-seconds", "3")
    assert done.status == 2
    assert "require --mic" in done.stderr


def test_a_microphone_that_is_not_there(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
) -> None:
    done = stt_process("recognize", "--mic", "--device", "bathroom")
    assert done.status == 10
    assert "error: no microphone named 'bathroom'" in done.stderr
    assert "hint: `stt devices`" in done.stderr
