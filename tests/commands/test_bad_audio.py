"""Bad input: a clear line, a hint, the documented exit code, nothing lost."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest

from tests.audio.tones import (
    WEATHER,
    WEATHER_LINES,
    format_chunk,
    pcm16,
    riff,
    tone,
    wav,
)
from tests.conftest import Runner

TONE = pcm16(tone(0.2))
PCM = WEATHER.read_bytes()[44:]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the recording is empty"),
        (b"these are words\n" * 9, "this is text, not audio"),
        (wav(b""), "a header but no audio"),
        (riff(format_chunk()), "a header but no audio"),
        (wav(TONE, rate=0), "0 Hz"),
        (wav(TONE, channels=0), "0 channels"),
        (wav(struct.pack("<f", math.nan) * 99, tag=3, bits=32), "NaN"),
        (bytes(range(256)) * 9, " format"),
    ],
)
def test_a_file_that_is_no_recording(
    stt: Runner, tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    done = stt("recognize", path)
    assert (done.status, done.stdout) == (10, b"")
    assert f"error: {path}: " in done.stderr
    assert message in done.stderr
    assert "\nhint: " in done.stderr
    if message not in ("NaN", " format"):  # those only a decoder sees
        assert "session id" not in done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.wav", "no such file"),
        (".", "no recordings in this folder"),
        ("*.flac", "no file matches"),
    ],
)
def test_inputs_that_are_not_there(
    stt: Runner, tmp_path: Path, name: str, message: str
) -> None:
    done = stt("recognize", tmp_path / name if name != "." else tmp_path)
    assert (done.status, done.stdout) == (10, b"")
    assert message in done.stderr


def test_raw_pcm_without_its_rate_is_a_usage_error(stt: Runner, tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    path.write_bytes(TONE)
    done = stt("recognize", path)
    assert done.status == 2
    assert "hint: add --raw-rate HZ" in done.stderr


def test_a_truncated_recording_is_used_and_said_to_be_so(
    stt: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(WEATHER.read_bytes()[: 44 + 2 * 33_000])
    done = stt("recognize", path)
    assert (done.status, done.text) == (0, "What's the weather like today?\n")
    assert "notice: the recording is truncated: 2.1 s are missing" in done.stderr


def test_a_pipe_that_stops_in_the_middle_of_a_sample(stt: Runner) -> None:
    done = stt("recognize", "-", "--raw-rate", "16000", stdin=PCM + b"\1")
    assert (done.status, done.text) == (0, WEATHER_LINES)
    assert "is not a whole sample and was ignored" in done.stderr


@pytest.mark.parametrize(("option", "status"), [((), 3), (("--allow-empty",), 0)])
def test_silence(stt: Runner, option: tuple[str, ...], status: int) -> None:
    done = stt("recognize", "-", *option, stdin=wav(bytes(64_000)))
    assert (done.status, done.text.strip()) == (status, "")


def test_one_bad_file_does_not_keep_the_others_waiting(
    stt: Runner, tmp_path: Path
) -> None:
    (tmp_path / "a.wav").write_bytes(b"words")
    (tmp_path / "b.wav").write_bytes(WEATHER.read_bytes())
    done = stt("recognize", tmp_path)
    assert done.status == 10
    assert "rain in the morning" in done.text
    assert "a.wav: this is text" in done.stderr
