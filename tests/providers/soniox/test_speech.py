"""Soniox's synthesis and voices through the command line, against the emulator."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import soundfile

from tests.emulating import KEY, emulated
from tests.providers.conftest import Shell

TTS = ("tts", "-p", "soniox")


def test_text_becomes_a_recording_and_the_request_id_comes_first(
    shell: Shell, tmp_path: Path
) -> None:
    out = tmp_path / "hello.wav"
    with emulated("soniox") as service:
        done = shell(service, *TTS, "Hello there.", "-o", out, "--rate", "+20%")
        assert done.status == 0, done.stderr
        (spoken,) = service.all("speak")
    assert spoken["fields"] == {
        "model": "tts-rt-v2",
        "language": "en",
        "voice": "Adrian",
        "audio_format": "wav",
        "text": "Hello there.",
        "speed": 1.2,
        "sample_rate": 24_000,
    }
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    samples, rate = soundfile.read(out)
    assert rate == 24_000
    assert len(samples) > 6_000


@pytest.mark.parametrize("name", ["mp3", "flac", "opus"])
def test_compressed_formats_are_what_they_say(
    shell: Shell, tmp_path: Path, name: str
) -> None:
    out = tmp_path / f"hello.{name}"
    with emulated("soniox") as service:
        done = shell(
            service,
            *TTS,
            "Hello.",
            "-o",
            out,
            "--audio-format",
            name,
            "--voice",
            "Maya",
        )
        assert done.status == 0, done.stderr
        assert service.all("speak")[0]["fields"]["voice"] == "Maya"
    assert len(soundfile.read(io.BytesIO(out.read_bytes()))[0]) > 1_000


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--pitch", "high"), "pitch"),
        (("--rate", "warp"), "invalid --rate"),
        (("--rate", "2.0"), "0.7 to 1.3"),
        (("--audio-format", "tape"), "audio format"),
    ],
)
def test_what_the_service_lacks_is_refused_before_any_request(
    shell: Shell, tmp_path: Path, more: tuple[str, ...], told: str
) -> None:
    with emulated("soniox") as service:
        done = shell(service, *TTS, "Hello.", "-o", tmp_path / "x.wav", *more)
        assert service.log == []
    assert done.status == 2
    assert told in done.stderr


def test_errors_come_in_the_shape_of_the_sockets(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "x.wav"
    with emulated("soniox", key="another-key-0002") as service:
        done = shell(service, *TTS, "Hello.", "-o", out)
    assert done.status == 4
    assert "Incorrect API key" in done.stderr
    assert re.search(r"^request id: [0-9a-f-]{36}$", done.stderr, re.M)
    assert KEY not in done.stderr
    with emulated("soniox", "status:500:100") as service:
        assert shell(service, *TTS, "Hello.", "-o", out).status == 8


def test_voices_are_listed_and_filtered(shell: Shell) -> None:
    with emulated("soniox") as service:
        every = shell.json(service, "voices", "-p", "soniox")
        women = shell.json(service, "voices", "-p", "soniox", "--gender", "female")
        none = shell(service, "voices", "-p", "soniox", "-l", "xx")
    assert [voice["id"] for voice in every] == ["Adrian", "Maya"]
    assert [voice["id"] for voice in women] == ["Maya"]
    assert "Adrian" not in none.text


def test_models_and_languages_are_listed(shell: Shell) -> None:
    with emulated("soniox") as service:
        models = shell.json(service, "models", "-p", "soniox")
        assert {"stt-rt-v5", "stt-async-v5"} <= {model["id"] for model in models}
        languages = shell.json(service, "languages", "-p", "soniox")
        assert "nl" in [language["tag"] for language in languages]
        doctor = shell(service, "doctor", "-p", "soniox")
        assert "accepts it" in doctor.text + doctor.stderr
