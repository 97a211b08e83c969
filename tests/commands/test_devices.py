"""``stt devices`` on a real sound server, on none, and without PortAudio."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.conftest import Runner


def test_a_pipe_gets_a_line_each_with_the_default_marked(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
) -> None:
    done = stt_process("devices")
    assert done.status == 0
    rows = {line.split("\t")[1]: line.split("\t") for line in done.lines}
    assert {"default", "wire_mic", "wire_spare"} <= set(rows)
    assert rows["default"][4] == "microphone, loudspeaker"
    assert rows["wire_mic"][4] == ""
    assert int(rows["default"][2]) > 0
    assert done.stderr == ""


def test_json_has_every_fact(
    stt_process: Runner,
    sound: SoundServer,  # noqa: F811
) -> None:
    listed = json.loads(stt_process("devices", "--json").text)
    default = next(device for device in listed if device["name"] == "default")
    assert default["default_input"] is True
    assert default["host"] == "ALSA"
    assert default["sample_rate"] > 0


def test_no_device_is_exit_10(stt: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stt_cli.audio.devices.list_devices", list)
    done = stt("devices", "--json")
    assert done.status == 10
    assert json.loads(done.text) == []
    assert "error: no audio devices found" in done.stderr
    assert "hint: connect one" in done.stderr


def test_without_portaudio_the_package_is_named(
    stt_process: Runner, tmp_path: Path
) -> None:
    (tmp_path / "sounddevice.py").write_text(
        "raise OSError('PortAudio library not found')\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = stt_process("devices", env={"PYTHONPATH": path})
    assert done.status == 10
    assert "error: PortAudio is missing" in done.stderr
    assert "hint: install it" in done.stderr
    assert "Traceback" not in done.stderr
