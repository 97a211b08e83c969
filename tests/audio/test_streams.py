"""Pipes: decoded while they arrive, in whatever pieces."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import AudioError
from tests.audio.tones import chunk, format_chunk, pcm16, riff, tone, wav

TONE = pcm16(tone(0.5))
STREAM = riff(format_chunk(), chunk(b"data", TONE, size=0), size=0)


class Drip(io.RawIOBase):
    """A pipe that hands out its bytes in pieces of the sizes given, over and over."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self.left = data
        self.sizes = sizes
        self.count = 0

    def read1(self, count: int) -> bytes:
        size = min(count, self.sizes[self.count % len(self.sizes)])
        self.count += 1
        piece, self.left = self.left[:size], self.left[size:]
        return piece


def piped(stdin: object, raw_rate: int | None = None) -> AudioSource:
    environment = Environment(
        variables={"STT_FFMPEG": ""},
        directories=Directories(),
        stdin=stdin,  # type: ignore[arg-type]
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    return open_source("-", environment, raw_rate=raw_rate)


def test_a_wav_comes_through_and_may_be_asked_about_first() -> None:
    source = piped(io.BytesIO(wav(TONE)))
    assert source.live
    assert (source.encoding.codec, source.encoding.channels) == ("pcm_s16le", 1)
    assert source.duration == 0.5
    assert b"".join(source.pcm()) == TONE
    assert (source.name, source.path, source.url, source.size) == (
        "-",
        None,
        None,
        None,
    )


def test_a_stream_without_sizes_has_no_duration() -> None:
    source = piped(io.BytesIO(STREAM))
    assert source.duration is None
    assert (b"".join(source.pcm()), source.notices) == (TONE, ())


def test_the_original_bytes_come_whole() -> None:
    source = piped(Drip(wav(TONE), [7, 100]))
    assert source.encoding.sample_rate == 16_000
    assert b"".join(source.original()) == wav(TONE)


def test_a_pipe_is_read_once_only() -> None:
    source = piped(io.BytesIO(wav(TONE)))
    list(source.pcm())
    with pytest.raises(AudioError, match="standard input: a pipe can be read"):
        list(source.pcm())


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=5),
    data=st.sampled_from([wav(TONE), STREAM]),
)
def test_any_pieces_give_the_same_blocks(sizes: list[int], data: bytes) -> None:
    blocks = list(piped(Drip(data, sizes)).pcm())
    assert b"".join(blocks) == TONE
    assert [len(block) for block in blocks] == [3200] * 5


def test_raw_pcm_in_odd_pieces() -> None:
    source = piped(Drip(TONE, [33, 1]), raw_rate=16_000)
    assert b"".join(source.pcm()) == TONE
    assert source.encoding.container == "raw"


def test_a_wav_is_a_wav_though_a_raw_rate_was_given() -> None:
    assert b"".join(piped(io.BytesIO(wav(TONE)), raw_rate=8000).pcm()) == TONE


def test_a_pipe_that_stops_in_the_middle_of_a_sample() -> None:
    source = piped(io.BytesIO(TONE + b"\1"), raw_rate=16_000)
    assert b"".join(source.pcm()) == TONE
    assert source.notices[0].message.startswith("the last byte is not")


def test_a_pipe_that_stops_too_early() -> None:
    source = piped(io.BytesIO(wav(TONE)[: 44 + 8000]))
    assert b"".join(source.pcm()) == TONE[:8000]
    assert source.notices[0].message == "the recording is truncated: 0.2 s are missing"


def test_what_comes_behind_the_data_is_not_heard() -> None:
    data = riff(format_chunk(), chunk(b"data", TONE), chunk(b"LIST", b"INFO" * 99))
    assert b"".join(piped(Drip(data, [1000])).pcm()) == TONE


@pytest.mark.parametrize("sizes", [[1000], [44 + len(TONE)], [65_536], [7]])
def test_a_wav_behind_a_wav_is_heard_too(sizes: list[int]) -> None:
    other = pcm16(tone(0.25))
    source = piped(Drip(wav(TONE) + wav(other) + wav(TONE), sizes))
    assert b"".join(source.pcm()) == TONE + other + TONE
    assert source.notices == ()


def test_each_wav_of_a_pipe_has_a_rate_of_its_own() -> None:
    fast = wav(pcm16(tone(0.5, 48_000)), rate=48_000)
    heard = b"".join(piped(Drip(wav(TONE) + fast, [5000])).pcm())
    assert len(heard) == pytest.approx(2 * len(TONE), abs=100)


def test_junk_behind_a_wav_is_no_recording() -> None:
    broken = wav(TONE) + b"RIFF\x10\0\0\0WAVEfmt "
    assert b"".join(piped(Drip(broken, [5000])).pcm()) == TONE


def test_a_writer_that_keeps_its_pipe_open_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    os.write(writing, wav(TONE))
    try:
        with os.fdopen(reading, "rb") as pipe:
            assert b"".join(piped(pipe).pcm()) == TONE
    finally:
        os.close(writing)


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.ogg", "a.aiff"])
def test_other_containers_are_kept_until_their_end(tmp_path: Path, name: str) -> None:
    samples = np.array(tone(0.5), np.float32)
    soundfile.write(tmp_path / name, samples, 16_000)
    data = (tmp_path / name).read_bytes()
    source = piped(Drip(data, [77]))
    assert source.encoding.container == name.partition(".")[2]
    assert len(b"".join(source.pcm())) == pytest.approx(16_000, abs=3000)
    assert source.duration == pytest.approx(0.5, abs=0.08)


def test_what_was_kept_is_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    buffer = io.BytesIO()
    soundfile.write(buffer, np.array(tone(0.5)), 16_000, format="FLAC")
    source = piped(io.BytesIO(buffer.getvalue()))
    assert source.encoding.codec == "flac"
    assert len(list(tmp_path.iterdir())) == 1
    del source
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "standard input: the recording is empty"),
        (b"just words\n", "standard input: this is text, not audio"),
        (bytes(range(200)), "standard input: unknown audio format"),
        (wav(b""), "standard input: the recording has a header but no audio"),
        (wav(TONE)[:30], "standard input: the WAV file has no format chunk"),
        (wav(TONE, rate=0), "standard input: the WAV header says 0 Hz"),
    ],
)
def test_bad_input_is_told(data: bytes, message: str) -> None:
    with pytest.raises(AudioError) as caught:
        list(piped(io.BytesIO(data)).pcm())
    assert caught.value.message.startswith(message)


def test_no_standard_input_at_all() -> None:
    with pytest.raises(AudioError, match="stdin is closed"):
        list(piped(None).pcm())


def test_audio_is_heard_before_the_pipe_ends() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", 0) as feeder:
        feeder.write(STREAM[: 44 + 3200])
        blocks = piped(pipe).pcm()
        assert next(blocks) == TONE[:3200]
        feeder.write(STREAM[44 + 3200 : 44 + 6400])
        assert next(blocks) == TONE[3200:6400]


def test_a_fifo_is_read_like_standard_input(tmp_path: Path) -> None:
    fifo = tmp_path / "live"
    os.mkfifo(fifo)
    feeder = threading.Thread(target=lambda: fifo.write_bytes(wav(TONE)))
    source = open_source(str(fifo), Environment.of_this_process())
    assert source.live
    feeder.start()
    assert b"".join(source.pcm()) == TONE
    feeder.join()
