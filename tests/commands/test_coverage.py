"""A transcript that ends well before its audio is reported, and only once."""

from __future__ import annotations

import io
import json
import struct
import wave
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Runner
from tests.emulating import KEY, emulated

pytestmark = pytest.mark.usefixtures("parrot")

SAY_THREE = ["-p", "parrot", *(f"--param=say={word}" for word in "abc")]  # to 2.5 s


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    path = tmp_path / "long.wav"
    path.write_bytes(silent_wav(100))
    return path


def sound_then_silence(sound: float, silence: float) -> bytes:
    """Return a WAV that is loud at first, 16 kHz mono PCM."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        period = struct.pack("<80h", *[8_000] * 40, *[-8_000] * 40)
        file.writeframes(period * int(sound * 200))
        file.writeframes(bytes(int(silence * 16_000) * 2))
    return buffer.getvalue()


@pytest.mark.conformance("CO-17")
def test_a_transcript_that_ends_well_before_its_audio_is_warned_of(
    stt: Runner, long_recording: Path
) -> None:
    done = stt("recognize", long_recording, *SAY_THREE)
    assert (done.status, done.text) == (0, "a\nb\nc\n")
    told = f"{long_recording}: the transcript ends at 2.5 s of 100.0 s (2%)"
    assert (
        done.stderr.count(f"warning: {told}\nhint: check the recording from 2 s on")
        == 1
    )
    assert done.stderr.count("the transcript ends") == 1


def test_json_has_the_share_that_is_covered_where_it_is_too_small(
    stt: Runner, long_recording: Path, recording: Path
) -> None:
    inputs = [long_recording, recording]
    done = stt("recognize", *inputs, *SAY_THREE, "--json", "-j", "2")
    known = json.loads(done.text)
    assert known[0]["details"] == {"coverage": 0.025}
    assert "details" not in known[1]
    assert done.stderr.count("the transcript ends") == 1


def test_quiet_and_a_failure_say_nothing_of_it(
    stt: Runner, long_recording: Path
) -> None:
    quiet = stt("recognize", long_recording, *SAY_THREE, "-q")
    assert (quiet.status, quiet.stderr) == (0, "")
    failed = stt("recognize", long_recording, *SAY_THREE, "--param=fail=ProviderError")
    assert failed.status == 8
    assert "the transcript ends" not in failed.stderr


@pytest.mark.conformance("CO-17")
@pytest.mark.parametrize(
    ("options", "told", "hint"),
    [
        (
            ["--transport", "rest"],
            "notice: the result ends at ",
            "REST returns one result; use --transport websocket to recognize all of it",
        ),
        (
            ["--transport", "websocket", "--mode", "interactive"],
            "notice: recognized one utterance, up to ",
            "use --mode conversation to recognize all of it",
        ),
    ],
    ids=["rest", "interactive"],
)
@pytest.mark.parametrize("provider", ["azure", "bing"])
def test_a_single_shot_result_that_stopped_at_a_pause_is_told_once(
    stt: Runner,
    tmp_path: Path,
    provider: str,
    options: list[str],
    told: str,
    hint: str,
) -> None:
    path = tmp_path / "pause.wav"
    path.write_bytes(sound_then_silence(1.0, 9.0))
    with emulated(provider) as service:
        done = stt(
            *("recognize", path, "-p", provider, *options),
            *("--endpoint", service.url, "--pace", "fast"),
            env={f"{provider.upper()}_SPEECH_KEY": KEY},
        )
    assert (done.status, done.text) == (0, "Hello world.\n")
    assert done.stderr.count(told) == 1
    assert " s of 10.0 s\n" in done.stderr
    assert f"hint: {hint}\n" in done.stderr
    assert "the transcript ends" not in done.stderr
