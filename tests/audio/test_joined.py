"""Recordings joined behind one another, and holes in them, are heard to their end."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stt_cli.audio.mpeg import FrameScanner, first_frame
from tests.audio.speech import Signal, heard, likeness, opened, weather
from tests.audio.tones import chunk, format_chunk, pcm16, riff, tone, wav

SPEECH = weather()


def coded(samples: Signal, kind: str, rate: int = 16_000, **how: str) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate, format=kind, **how)
    return buffer.getvalue()


KINDS = {
    "a.mp3": lambda: coded(SPEECH, "MP3"),
    "a.flac": lambda: coded(SPEECH, "FLAC"),
    "a.ogg": lambda: coded(SPEECH, "OGG", subtype="VORBIS"),
    "a.opus": lambda: coded(SPEECH, "OGG", subtype="OPUS"),
    "a.wav": lambda: coded(SPEECH, "WAV", subtype="PCM_16"),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("copies", [2, 5])
def test_joined_recordings_are_heard_to_the_end(
    tmp_path: Path, name: str, copies: int
) -> None:
    path = tmp_path / name
    path.write_bytes(KINDS[name]() * copies)
    source = opened(path)
    whole = np.concatenate([SPEECH] * copies)
    samples = heard(source)
    assert len(samples) == pytest.approx(len(whole), abs=1600 * copies)
    assert likeness(samples, whole) > 0.95
    assert source.duration == pytest.approx(len(whole) / 16_000, abs=0.1 * copies)
    assert source.notices == ()


def test_joined_recordings_of_different_rates(tmp_path: Path) -> None:
    second = coded(np.array(tone(1.0, 8_000), np.float32), "MP3", 8_000)
    path = tmp_path / "a.mp3"
    path.write_bytes(KINDS["a.mp3"]() + second)
    samples = heard(opened(path))
    assert len(samples) / 16_000 == pytest.approx(len(SPEECH) / 16_000 + 1.0, abs=0.1)
    level = np.sqrt(np.mean(samples[-12_000:-4_000] ** 2))
    assert level == pytest.approx(0.354, rel=0.1)


def test_a_wav_joined_to_another_kind_of_wav(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    first = wav(pcm16(tone(0.5)))
    path.write_bytes(first + wav(pcm16(tone(0.5, 8_000)), rate=8_000))
    source = opened(path)
    assert source.duration == 1.0
    assert len(heard(source)) == pytest.approx(16_000, abs=4)


@pytest.mark.parametrize("name", ["a.mp3", "a.flac"])
def test_what_stands_behind_a_hole_is_heard(tmp_path: Path, name: str) -> None:
    whole = np.concatenate([SPEECH] * 3)
    data = bytearray(coded(whole, "MP3" if name == "a.mp3" else "FLAC"))
    middle = len(data) // 2
    noise = random.Random(5).randbytes(2_000)
    data[middle : middle + len(noise)] = noise
    path = tmp_path / name
    path.write_bytes(data)
    source = opened(path)
    samples = heard(source)
    assert len(samples) / len(whole) > 0.9
    assert likeness(samples[-30_000:], whole[-30_000:]) > 0.9
    (notice,) = source.notices
    assert "rest is used" in (notice.hint or "")


@pytest.mark.parametrize(
    "front",
    [bytes(300), bytes(9_000), b"\xff" * 700, random.Random(3).randbytes(1_500)],
    ids=["zeros", "many zeros", "ones", "noise"],
)
@pytest.mark.parametrize("name", ["a.mp3", "recording"])
def test_an_mp3_may_begin_behind_junk(tmp_path: Path, name: str, front: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(front + KINDS["a.mp3"]())
    source = opened(path)
    assert source.encoding.container == "mp3"
    assert likeness(heard(source), SPEECH) > 0.95


def test_an_mp3_may_begin_in_the_middle_of_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(KINDS["a.mp3"]()[500:])
    assert len(heard(opened(path))) > 0.8 * len(SPEECH)


def test_a_variable_rate_without_a_note_of_its_length(tmp_path: Path) -> None:
    data = coded(SPEECH, "MP3")
    start = data.index(b"\xff\xf3", 4)  # the frame behind the one with the note
    path = tmp_path / "a.mp3"
    path.write_bytes(data[start:])
    assert len(heard(opened(path))) == pytest.approx(len(SPEECH), abs=2_400)


def test_a_tag_in_front_of_another_format(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    tag = b"ID3\x04\0\0" + bytes([0, 0, 1, 0]) + bytes(128)
    path.write_bytes(tag + KINDS["a.flac"]())
    source = opened(path)
    assert source.encoding.codec == "flac"
    assert len(heard(source)) == len(SPEECH)


def test_mp3_in_wav_is_not_called_damaged(tmp_path: Path) -> None:
    data = KINDS["a.mp3"]()
    path = tmp_path / "a.wav"
    path.write_bytes(
        riff(format_chunk(tag=0x55, bits=0), chunk(b"data", data), chunk(b"LIST", b"x"))
    )
    source = opened(path)
    assert (source.encoding.container, source.encoding.codec) == ("wav", "mp3")
    assert likeness(heard(source), SPEECH) > 0.95
    assert source.notices == ()


def scanned(data: bytes, sizes: list[int]) -> FrameScanner:
    scanner = FrameScanner(0, len(data))
    position = turn = 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        scanner.receive(data[position : position + size])
        position, turn = position + size, turn + 1
    scanner.finish()
    return scanner


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 9_000), min_size=1, max_size=4),
    junk=st.binary(max_size=600),
)
def test_frames_are_the_same_however_the_bytes_are_cut(
    sizes: list[int], junk: bytes
) -> None:
    data = b"".join([junk, MP3, junk, MP3])
    once = scanned(data, [len(data)])
    again = scanned(data, sizes)
    assert (again.parts, again.lost) == (once.parts, once.lost)
    assert sum(part.frames for part in once.parts) >= 2 * FRAMES - 2


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([b"", b"ID3\4\0\0", b"\xff\xfb\x90"]))
def test_any_bytes_are_scanned_to_their_end(data: bytes, front: bytes) -> None:
    scanner = scanned(front + data, [64])
    for part in scanner.parts:
        assert part.samples >= 0
        ends = [0, *(place for each in part.ranges for place in each)]
        assert ends == sorted(ends)
        assert ends[-1] <= len(front + data)
    assert first_frame(front + data) is None or scanner.parts


MP3 = coded(SPEECH[:16_000], "MP3")
FRAMES = sum(part.frames for part in scanned(MP3, [4096]).parts)
