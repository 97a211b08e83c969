"""Samples in any encoding become 16-bit mono PCM, the same however they are cut."""

from __future__ import annotations

import itertools
import math
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stt_cli.audio.conversion import block_length, convert, regroup, whole_frames
from stt_cli.audio.mixing import Downmix
from stt_cli.core.errors import AudioError
from tests.audio.tones import pcm16, tone, values

TONE = tone(0.1)


def cut(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    """Yield ``data`` in blocks of these sizes, over and over."""
    position = index = 0
    while position < len(data):
        size = sizes[index % len(sizes)]
        yield data[position : position + size]
        position, index = position + size, index + 1


def encoded(codec: str, samples: Sequence[float]) -> bytes:
    """Encode samples by hand."""
    count = len(samples)
    if codec == "pcm_u8":
        return bytes(round(s * 127) + 128 for s in samples)
    if codec == "pcm_s16le":
        return pcm16(samples)
    if codec == "pcm_s24le":
        return b"".join(struct.pack("<i", round(s * 8388607))[:3] for s in samples)
    if codec == "pcm_s32le":
        return struct.pack(f"<{count}i", *(round(s * 2147483647) for s in samples))
    if codec == "pcm_f32le":
        return struct.pack(f"<{count}f", *samples)
    return struct.pack(f"<{count}d", *samples)


@pytest.mark.parametrize(
    ("codec", "tolerance"),
    [
        ("pcm_u8", 300),
        ("pcm_s24le", 1),
        ("pcm_s32le", 1),
        ("pcm_f32le", 1),
        ("pcm_f64le", 1),
        ("pcm_s16le", 0),
    ],
)
def test_each_encoding_gives_the_samples(codec: str, tolerance: int) -> None:
    out = b"".join(convert([encoded(codec, TONE)], codec, 1, 16_000, 16_000))
    wanted = values(pcm16(TONE))
    assert len(values(out)) == len(wanted)
    pairs = zip(values(out), wanted, strict=True)
    assert max(abs(a - b) for a, b in pairs) <= tolerance


# ITU-T G.711, tables 1 and 2: the ends of the scale, and the quietest steps.
@pytest.mark.parametrize(
    ("codec", "octet", "sample"),
    [
        ("mulaw", 0x00, -32124),
        ("mulaw", 0x80, 32124),
        ("mulaw", 0xFF, 0),
        ("mulaw", 0x7F, 0),
        ("mulaw", 0xEF, 132),
        ("alaw", 0xD5, 8),
        ("alaw", 0x55, -8),
        ("alaw", 0xAA, 32256),
        ("alaw", 0x2A, -32256),
        ("alaw", 0xC5, 264),
    ],
)
def test_g711_decodes_to_its_table(codec: str, octet: int, sample: int) -> None:
    out = b"".join(convert([bytes([octet])], codec, 1, 16_000, 16_000))
    assert values(out) == [sample]


def test_channels_are_mixed_by_their_mean() -> None:
    frames = struct.pack("<6h", 1000, 3000, -2000, -4000, 32767, 32767)
    out = b"".join(convert([frames], "pcm_s16le", 2, 16_000, 16_000))
    assert values(out) == [2000, -3000, 32767]


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 192_000])
def test_a_tone_keeps_length_pitch_and_level_at_any_rate(rate: int) -> None:
    data = pcm16(tone(0.5, rate, hertz=1000))
    out = values(b"".join(convert([data], "pcm_s16le", 1, rate, 16_000)))
    assert abs(len(out) - 8000) <= 1
    middle = out[2000:6000]
    crossings = sum(a < 0 <= b for a, b in itertools.pairwise(middle))
    assert crossings == pytest.approx(250, abs=1)
    level = math.sqrt(sum(v * v for v in middle) / len(middle)) / 32768
    assert level == pytest.approx(0.5 / math.sqrt(2), rel=0.01)


def test_too_loud_samples_are_clipped_and_do_not_wrap() -> None:
    data = struct.pack("<4f", 1.0, 2.5, -1.0, -7.0)
    out = b"".join(convert([data], "pcm_f32le", 1, 16_000, 16_000))
    assert values(out) == [32767, 32767, -32768, -32768]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_samples_that_are_no_numbers_are_silence(bad: float) -> None:
    mixer = Downmix(16_000)
    data = struct.pack("<3f", 0.5, bad, -0.5)
    pcm = b"".join(convert([data], "pcm_f32le", 1, 16_000, 16_000, mixer))
    assert values(pcm) == [16384, 0, -16384]
    assert [notice.message for notice in mixer.notices] == [
        "1 sample is NaN and was replaced with silence"
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nothing_but_samples_that_are_no_numbers_is_refused(bad: float) -> None:
    data = struct.pack("<3f", bad, bad, bad)
    with pytest.raises(AudioError, match="NaN") as caught:
        list(convert([data], "pcm_f32le", 1, 16_000, 16_000))
    assert caught.value.hint


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 700), min_size=1, max_size=6),
    form=st.sampled_from(
        [
            ("pcm_s16le", 1, 16_000),
            ("pcm_s16le", 2, 44_100),
            ("pcm_s24le", 3, 48_000),
            ("mulaw", 1, 8_000),
            ("pcm_u8", 2, 16_000),
        ]
    ),
)
def test_any_cut_of_the_bytes_gives_the_same_pcm(
    sizes: list[int], form: tuple[str, int, int]
) -> None:
    codec, channels, rate = form
    data = bytes(range(256)) * 9
    at_once = b"".join(convert([data], codec, channels, rate, 16_000))
    in_pieces = b"".join(convert(cut(data, sizes), codec, channels, rate, 16_000))
    assert in_pieces == at_once


@given(
    st.binary(max_size=200), st.lists(st.integers(1, 9), min_size=1), st.integers(1, 7)
)
def test_frames_are_never_split(data: bytes, sizes: list[int], frame: int) -> None:
    blocks = list(whole_frames(cut(data, sizes), frame))
    assert all(block and len(block) % frame == 0 for block in blocks)
    assert b"".join(blocks) == data[: len(data) - len(data) % frame]


@given(
    st.binary(max_size=200),
    st.lists(st.integers(1, 30), min_size=1),
    st.integers(1, 20),
)
def test_blocks_have_the_length_that_was_asked_for(
    data: bytes, sizes: list[int], length: int
) -> None:
    blocks = list(regroup(cut(data, sizes), length))
    assert b"".join(blocks) == data
    assert all(len(block) == length for block in blocks[:-1])
    assert all(0 < len(block) <= length for block in blocks[-1:])


def test_a_block_holds_at_least_one_sample() -> None:
    assert block_length(16_000, 0.1) == 3200
    assert block_length(16_000, 0.0) == 2


def test_plain_pcm_loads_no_numerics() -> None:
    program = (
        "import sys\n"
        "from stt_cli.audio.conversion import convert\n"
        "assert b''.join(convert([b'1234'], 'pcm_s16le', 1, 16000, 16000)) == b'1234'\n"
        "print(sorted({'numpy', 'soxr', 'soundfile'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
