"""Settings that commands take when the command line says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.loopback import Answer, serving

Config = Callable[[str], Path]


@pytest.mark.usefixtures("parrot")
def test_provider_language_and_format_come_from_the_file(
    stt: Runner, recording: Path, config_file: Config
) -> None:
    config_file('provider = "parrot"\nlanguage = "de-DE"\nformat = "json"\n')
    known = json.loads(stt("recognize", recording, "--param=say=hello").text)
    assert (known["provider"], known["language"]) == ("parrot", "de-DE")
    chosen = stt("recognize", recording, "--param=say=hello", "-l", "fr-FR")
    assert json.loads(chosen.text)["language"] == "fr-FR"
    assert stt("recognize", recording, "-f", "text", "--param=say=hi").text == "hi\n"


def test_the_mode_is_taken_where_the_provider_has_modes(
    stt: Runner, recording: Path
) -> None:
    with serving() as server:
        server.play = lambda _request: Answer(401)
        arguments = ["recognize", str(recording), "--json"]
        azure = ["-p", "azure", "--transport", "rest", "--endpoint", server.url]
        env = {"STT_MODE": "dictation"}
        assert json.loads(stt(*arguments, *azure, env=env).text)["mode"] == "dictation"
        chosen = stt(*arguments, *azure, "--mode", "interactive", env=env)
        assert json.loads(chosen.text)["mode"] == "interactive"
        known = json.loads(stt(*arguments, "--allow-empty", env=env).text)
        assert (known["provider"], known["mode"]) == ("local", None)
        wrong = stt(*arguments, *azure, env={"STT_MODE": "loud"})
    assert wrong.status == 2
    assert "error: invalid mode 'loud' in STT_MODE" in wrong.stderr
    assert "hint: choose from interactive, conversation, dictation" in wrong.stderr


def test_the_microphone_is_taken_by_its_set_name(
    stt: Runner, config_file: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stt_cli.audio.devices import Device

    there = [Device(3, "Desk", "ALSA", inputs=1, outputs=0, sample_rate=16_000)]
    monkeypatch.setattr("stt_cli.audio.devices.list_devices", lambda: there)
    monkeypatch.setattr("stt_cli.audio.microphone.list_devices", lambda: there)
    config_file('device = "Ceiling"\n')
    done = stt("recognize", "--mic")
    assert done.status == 10
    assert "no microphone named 'Ceiling'" in done.stderr


@pytest.mark.usefixtures("parrot")
def test_an_unknown_provider_in_the_settings_names_the_near_one(
    stt: Runner, recording: Path, config_file: Config
) -> None:
    config_file('provider = "parot"\n')
    done = stt("recognize", recording)
    assert done.status == 2
    assert "unknown provider 'parot'" in done.stderr
    assert "hint: did you mean parrot?" in done.stderr
