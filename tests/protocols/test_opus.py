"""Opus as the service takes it, told from the bytes of a file."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.usp.opus import opus_fault

TOC_20_MS = bytes([(16 + 3) << 3])  # CELT, 20 ms, one frame
TOC_60_MS = bytes([3 << 3])  # SILK, 60 ms


def page(*packets: bytes) -> bytes:
    """Return a page that holds these packets, without a checksum."""
    lacing = b"".join(
        b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets
    )
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, 0, 0, 1, 0, 0, len(lacing))
    return head + lacing + b"".join(packets)


def opus(*audio: bytes, channels: int = 1) -> bytes:
    head = b"OpusHead" + bytes([1, channels]) + bytes(9)
    return page(head) + page(b"OpusTags" + bytes(8)) + page(*audio)


def packet(size: int, toc: bytes = TOC_20_MS) -> bytes:
    return toc + bytes(size - 1)


@pytest.mark.conformance("BS-40")
@pytest.mark.parametrize(
    ("audio", "channels", "fault"),
    [
        ([packet(40)] * 9, 1, None),  # 16 kbit/s
        ([packet(80)] * 9, 1, None),  # 32 kbit/s
        ([packet(240, TOC_60_MS)] * 9, 1, None),  # 32 kbit/s in longer frames
        ([*[packet(40)] * 9, packet(7)], 1, None),  # the end may be shorter
        ([packet(60)] * 9, 1, "its bit rate is 24 kbit/s"),
        ([packet(320)] * 9, 1, "its bit rate is 128 kbit/s"),
        ([packet(40), packet(43)] * 5, 1, "its bit rate varies"),
        ([packet(40)] * 9, 2, "it has 2 channels"),
    ],
)
def test_only_16_and_32_kbit_cbr_mono_go_as_they_are(
    audio: list[bytes], channels: int, fault: str | None
) -> None:
    assert opus_fault(opus(*audio, channels=channels)) == fault


@pytest.mark.parametrize("channels", [1, 2])
def test_a_files_real_opus_is_judged(channels: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (48_000, channels))
    file = io.BytesIO()
    soundfile.write(file, noise, 48_000, format="OGG", subtype="OPUS")
    fault = opus_fault(file.getvalue())
    assert fault is not None
    assert ("channels" in fault) is (channels == 2)


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_or_not(data: bytes) -> None:
    assert opus_fault(data) is None
    opus_fault(opus() + data)
    opus_fault(opus()[:-1] + data)


def test_a_packet_that_is_cut_off_is_not_counted() -> None:
    whole = opus(*[packet(40)] * 9)
    assert opus_fault(whole[:-5]) is None
