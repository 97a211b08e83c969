"""A real microphone, as far as PortAudio knows: PulseAudio's null sink."""

from __future__ import annotations

import io
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stt_cli.audio.devices import Device, choose_microphone, list_devices
from stt_cli.audio.microphone import (
    EndOfSpeech,
    KeptRecording,
    Limits,
    Microphone,
    ctrl_c_stops,
)
from stt_cli.audio.open import open_source
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import AudioError
from stt_cli.core.events import Phrase
from stt_cli.core.options import RecognizeOptions
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.local.spec import SPEC
from tests.audio.pulse import SoundServer, sound, sound_server  # noqa: F401
from tests.audio.tones import WEATHER, pcm16, tone, wav


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(
        variables={},
        directories=Directories(tmp_path),
        stdin=None,
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC),
    )


def test_it_stops_at_its_time_limit_and_is_kept(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment, limits=Limits(seconds=0.5))
    heard = b"".join(microphone.pcm())
    assert len(heard) == 16_000
    kept = microphone.kept.path
    assert kept.parent == environment.directories.state / "recordings"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"".join(open_source(str(kept), environment).pcm()) == heard
    assert microphone.kept.exists
    microphone.kept.discard()
    assert not kept.exists()
    assert not microphone.kept.exists


def test_what_is_played_is_heard(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
    tmp_path: Path,
) -> None:
    path = tmp_path / "tone.wav"
    path.write_bytes(wav(pcm16(tone(3.0))))
    microphone = Microphone(environment, limits=Limits(seconds=1.5))
    with sound.playing(path):
        heard = b"".join(microphone.pcm())
    peak = max(abs(value) for value in memoryview(heard).cast("h"))
    assert peak == pytest.approx(16_384, rel=0.1)


@pytest.mark.conformance("LO-01", "LO-02")
def test_speech_is_recognized_live_until_silence(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment, limits=Limits(seconds=30, silence=1.2))
    provider = SPEC.open(ProviderContext(environment))
    with sound.playing(WEATHER):
        begin = time.monotonic()
        events = list(provider.recognize(microphone, RecognizeOptions(jobs=2)))
        took = time.monotonic() - begin
    provider.close()
    text = " ".join(e.segment.text for e in events if isinstance(e, Phrase))
    assert "weather like today" in text
    assert "rain in the morning" in text
    assert took < 25


def test_another_rate_and_a_wav_stream(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    at_8_khz = Microphone(environment, limits=Limits(seconds=0.5)).pcm(8000)
    assert sum(map(len, at_8_khz)) == pytest.approx(8000, abs=8)
    stream = b"".join(Microphone(environment, limits=Limits(seconds=0.5)).original())
    assert stream[:4] == b"RIFF"
    assert len(stream) == 44 + 16_000


def test_stop_ends_it_from_another_thread(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment)
    blocks = microphone.pcm()
    first = next(blocks)
    threading.Timer(0.1, microphone.stop).start()
    rest = list(blocks)
    assert rest
    assert microphone.kept.path.stat().st_size == 44 + len(first) + sum(map(len, rest))
    with pytest.raises(AudioError, match="read only once"):
        list(microphone.pcm())


def test_the_first_ctrl_c_ends_the_recording_and_the_second_the_program(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment)
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c_stops(microphone):
        blocks = microphone.pcm()
        next(blocks)
        signal.raise_signal(signal.SIGINT)
        assert all(blocks)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.conformance("CO-15")
def test_a_recording_that_was_broken_off_is_whole_as_far_as_it_goes(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment)
    blocks = microphone.pcm()
    heard = next(blocks) + next(blocks)
    while_recording = open_source(str(microphone.kept.path), environment)
    assert b"".join(while_recording.pcm()).startswith(heard)
    blocks.close()  # type: ignore[attr-defined]
    kept = open_source(str(microphone.kept.path), environment)
    assert b"".join(kept.pcm()).startswith(heard)
    assert kept.notices == ()


def test_devices_are_listed_with_their_defaults(
    sound: SoundServer,  # noqa: F811
) -> None:
    devices = list_devices()
    names = [device.name for device in devices]
    assert {"default", "wire_mic", "wire_spare"} <= set(names)
    (default,) = [device for device in devices if device.is_default_input]
    assert default.name == "default"
    assert default.to_dict()["host"] == "ALSA"


def test_a_microphone_by_its_name(
    sound: SoundServer,  # noqa: F811
    environment: Environment,
) -> None:
    microphone = Microphone(environment, device="_mic", limits=Limits(seconds=0.3))
    assert microphone.device.name == "wire_mic"
    assert len(b"".join(microphone.pcm())) == 9600


DEVICES = [
    Device(0, "USB Audio", "ALSA", 1, 0, 44_100),
    Device(1, "Speakers", "ALSA", 0, 2, 48_000, is_default_output=True),
    Device(2, "Webcam 7", "ALSA", 2, 0, 48_000, is_default_input=True),
    Device(7, "USB Audio Pro", "ALSA", 2, 2, 48_000),
    Device(9, "12", "ALSA", 1, 0, 48_000),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (None, 2),
        ("7", 7),
        ("0", 0),
        ("usb audio", 0),
        ("pro", 7),
        ("CAM", 2),
        ("12", 9),
    ],
)
def test_which_microphone_is_meant(wanted: str | None, index: int) -> None:
    assert choose_microphone(wanted, DEVICES).index == index


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            "usb",
            "'usb' matches several devices: 0 \\(USB Audio\\), 7 \\(USB Audio Pro\\)",
        ),
        ("Speakers", "no microphone named 'Speakers'"),
        ("1", "no microphone named '1'"),
        ("33", "no microphone named '33'"),
    ],
)
def test_what_is_no_microphone(wanted: str, message: str) -> None:
    devices = [device for device in DEVICES if device.index != 9]
    if wanted == "1":
        devices = devices[:2]
    with pytest.raises(AudioError, match=message) as caught:
        choose_microphone(wanted, devices)
    assert caught.value.hint


def test_no_microphone_at_all() -> None:
    with pytest.raises(AudioError, match="no microphone found") as caught:
        choose_microphone(None, DEVICES[1:2])
    assert "connect one" in str(caught.value.hint)


def test_the_end_of_speech_needs_speech_first() -> None:
    loud, quiet = b"\0\x20" * 480, b"\0\0" * 480
    ended = EndOfSpeech(0.3, lambda frame: frame[1] > 0)
    assert not ended.receive(quiet * 100)
    assert not ended.receive(loud * 2 + quiet * 100)  # a click
    assert not ended.receive(loud * 10)
    assert not ended.receive(quiet * 9)
    assert not ended.receive(loud[:100])
    assert ended.receive(quiet * 11)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file, not a folder")
    kept = KeptRecording(tmp_path / "recordings" / "a.wav", 16_000)
    with pytest.raises(AudioError, match="cannot save") as caught:
        kept.write(b"\0\0")
    assert "STT_HOME" in str(caught.value.hint)
    kept.close()
    kept.discard()
