"""WAV headers written before the length was known, and put right."""

from __future__ import annotations

import io
import wave

import pytest

from stt_cli.audio.wav import WavSizes, pcm_header


def corrected(parts: list[bytes]) -> bytes:
    file, sizes = io.BytesIO(), WavSizes()
    for part in parts:
        file.write(part)
        sizes.watch(part)
    sizes.correct(file)
    assert file.tell() == sum(map(len, parts))
    return file.getvalue()


@pytest.mark.parametrize("unknown", [0, 0xFFFF_FFFF, 0x7FFF_0000])
def test_sizes_left_open_are_filled_in(unknown: int) -> None:
    header = pcm_header(16_000, unknown)
    data = corrected([header[:10], header[10:] + b"\0\0", bytes(200_000)])
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnframes() == 100_001


def test_a_chunk_before_the_data_is_passed_over() -> None:
    header = pcm_header(16_000, 0)
    header = header[:36] + b"LIST\x03\0\0\0abc\0" + header[36:]
    with wave.open(io.BytesIO(corrected([header, bytes(640)]))) as file:
        assert file.getnframes() == 320


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"ID3 no WAV at all",
        pcm_header(16_000, 4) + bytes(4) + b"LIST\x02\0\0\0ab",
        pcm_header(16_000, 0)[:30],
    ],
)
def test_what_needs_no_correction_stays_as_it_is(data: bytes) -> None:
    assert corrected([data]) == data
