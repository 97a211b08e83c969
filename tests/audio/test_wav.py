"""WAV headers as recorders really write them."""

from __future__ import annotations

import io
import struct
import wave
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stt_cli.audio.wav import WavHeader, WavHeaderReader, pcm_header
from stt_cli.core.errors import AudioError
from tests.audio.tones import chunk, extensible_chunk, format_chunk, pcm16, riff, tone

DATA = pcm16(tone(0.01))


def read(data: bytes, step: int | None = None) -> tuple[WavHeader, bytes]:
    """Return the header, and what of ``data`` comes behind it."""
    reader = WavHeaderReader()
    step = step or max(1, len(data))
    for start in range(0, len(data), step):
        reader.receive(data[start : start + step])
        if reader.header:
            return reader.header, reader.rest + data[start + step :]
    raise reader.end()


def test_plain_pcm() -> None:
    header, rest = read(riff(format_chunk(rate=8000), chunk(b"data", DATA)))
    assert (header.codec, header.sample_rate, header.channels) == ("pcm_s16le", 8000, 1)
    assert (header.data_offset, header.data_size) == (44, len(DATA))
    assert header.size_is_firm
    assert rest == DATA


@pytest.mark.parametrize(
    ("tag", "bits", "codec"),
    [
        (1, 8, "pcm_u8"),
        (1, 12, "pcm_s16le"),
        (1, 24, "pcm_s24le"),
        (1, 32, "pcm_s32le"),
        (3, 32, "pcm_f32le"),
        (3, 64, "pcm_f64le"),
        (6, 8, "alaw"),
        (7, 8, "mulaw"),
        (0x28E, 16, "siren"),
        (0x28F, 16, "sirensr"),
        (0x55, 0, "mp3"),
        (0x1234, 8, "wav_0x1234"),
    ],
)
def test_every_codec_is_told(tag: int, bits: int, codec: str) -> None:
    header, _ = read(riff(format_chunk(tag=tag, bits=bits), chunk(b"data", DATA)))
    assert header.codec == codec


@pytest.mark.parametrize(
    ("tag", "bits", "codec"), [(1, 24, "pcm_s24le"), (3, 32, "pcm_f32le")]
)
def test_the_extensible_format_names_its_codec_in_a_guid(
    tag: int, bits: int, codec: str
) -> None:
    form = extensible_chunk(tag, 2, 48_000, bits)
    header, _ = read(riff(form, chunk(b"data", DATA)))
    assert (header.codec, header.channels) == (codec, 2)
    assert header.frame_bytes == 2 * bits // 8


def test_chunks_of_odd_length_before_the_data_are_skipped() -> None:
    data = riff(
        chunk(b"JUNK", b"x" * 33),
        format_chunk(),
        chunk(b"LIST", b"INFOdata\0"),
        chunk(b"fact", b"1234"),
        chunk(b"data", DATA),
    )
    header, rest = read(data)
    assert header.data_size == len(DATA)
    assert rest == DATA


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
@pytest.mark.parametrize("whole", [0, 36, 0xFFFFFFFF])
def test_a_stream_that_never_got_its_sizes_goes_on_to_the_end(
    size: int, whole: int
) -> None:
    data = riff(format_chunk(), chunk(b"data", DATA, size=size), size=whole)
    header, rest = read(data)
    assert header.data_size is None
    assert not header.size_is_firm
    assert rest == DATA


def test_an_empty_data_chunk_with_others_behind_it_is_empty() -> None:
    data = riff(format_chunk(), chunk(b"data", b""), chunk(b"LIST", b"INFO"))
    header, _ = read(data)
    assert header.data_size == 0


@pytest.mark.parametrize("kind", [b"RF64", b"BW64"])
def test_sizes_of_64_bits(kind: bytes) -> None:
    big = 5_000_000_000
    ds64 = chunk(b"ds64", struct.pack("<QQQI", big + 80, big, big // 2, 0))
    data = riff(
        ds64,
        format_chunk(),
        chunk(b"data", DATA, size=0xFFFFFFFF),
        size=0xFFFFFFFF,
        kind=kind,
    )
    header, _ = read(data)
    assert header.data_size == big
    assert header.size_is_firm


def test_a_size_near_two_gigabytes_may_be_a_guess() -> None:
    header, _ = read(riff(format_chunk(), chunk(b"data", DATA, size=0x7FFFFFFE)))
    assert header.data_size == 0x7FFFFFFE
    assert not header.size_is_firm


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"OggS" + b"\0" * 40, "not a WAV"),
        (b"RIFF\0\0\0\0AVI " + b"\0" * 40, "not a WAV"),
        (riff(format_chunk(channels=0), chunk(b"data", DATA)), "0 channels"),
        (riff(format_chunk(rate=0), chunk(b"data", DATA)), "0 Hz"),
        (riff(format_chunk(rate=2_000_000_000), chunk(b"data", DATA)), "2000000000 Hz"),
        (riff(format_chunk(bits=0), chunk(b"data", DATA)), "0 bits"),
        (riff(format_chunk(tag=3, bits=16), chunk(b"data", DATA)), "16 bits"),
        (riff(chunk(b"fmt ", b"\1\0"), chunk(b"data", DATA)), "damaged"),
        (riff(chunk(b"fmt ", b"", size=0x7000_0000)), "damaged"),
        (riff(chunk(b"data", DATA)), "before the format"),
        (riff(), "no format"),
        (riff(format_chunk()), "no audio"),
        (b"RIFF\0", "truncated"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, message: str) -> None:
    with pytest.raises(AudioError, match=message):
        read(data)


def test_our_own_header_is_read_by_the_standard_library() -> None:
    with wave.open(io.BytesIO(pcm_header(8000, len(DATA)) + DATA)) as file:
        assert file.getparams()[:4] == (1, 2, 8000, len(DATA) // 2)
        assert file.readframes(1_000_000) == DATA


def test_our_own_header_of_a_stream_has_no_sizes() -> None:
    header, rest = read(pcm_header(16_000) + DATA)
    assert (header.data_size, rest) == (None, DATA)


@given(
    step=st.integers(1, 64),
    junk=st.binary(max_size=50),
    data=st.binary(min_size=2, max_size=200),
    channels=st.integers(1, 8),
    rate=st.integers(8000, 192_000),
)
def test_a_header_reads_the_same_however_it_is_cut(
    step: int, junk: bytes, data: bytes, channels: int, rate: int
) -> None:
    whole = riff(
        chunk(b"junk", junk),
        format_chunk(channels=channels, rate=rate),
        chunk(b"data", data),
    )
    header, rest = read(whole, step)
    assert (header, rest) == read(whole)
    assert (header.sample_rate, header.channels) == (rate, channels)
    assert rest.startswith(data)


@given(st.binary(max_size=300))
@example(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff")
def test_any_bytes_give_a_header_or_an_audio_error(noise: bytes) -> None:
    for data in (noise, b"RIFF\0\0\0\0WAVE" + noise):
        with suppress(AudioError):
            header, _ = read(data)
            assert header.sample_rate > 0
            assert header.channels > 0
