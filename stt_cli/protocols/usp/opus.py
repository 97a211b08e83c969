"""Whether an Ogg Opus recording is one that the service takes as it is.

The document of 2018 has Opus in Ogg at 16 or 32 kbit/s, constant bit rate, mono
("Compressed audio formats"). Container: RFC 3533; packets: RFC 6716, 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator

LOOKED_AT_BYTES = 65_536
"""Of the file's beginning: some ten seconds, which tell a constant rate."""

_RATES = (16_000, 32_000)  # bits a second
_TOLERANCE = 0.05
_PAGE = b"OggS"
_HEAD = b"OpusHead"
# Milliseconds of a frame by the configuration in a packet's first byte.
_SILK_MS, _HYBRID_MS, _CELT_MS = (10, 20, 40, 60), (10, 20), (2.5, 5, 10, 20)


def opus_fault(data: bytes) -> str | None:
    """Return why a recording cannot go as it is, ``None`` where it can.

    Args:
        data: its first bytes; what is no Ogg Opus is not judged.
    """
    packets = list(_packets(data))
    if not packets or not packets[0].startswith(_HEAD) or len(packets[0]) < 10:
        return None
    channels = packets[0][9]
    if channels != 1:
        return f"it has {channels} channels"
    audio = packets[2:-1] or packets[2:]  # the last may be the end's shorter one
    sizes = {len(packet) for packet in audio if packet}
    if not sizes:
        return None
    if len(sizes) > 1:
        return "its bit rate varies"
    rate = sizes.pop() * 8 / (_milliseconds(audio[0]) / 1000)
    if any(abs(rate - right) <= right * _TOLERANCE for right in _RATES):
        return None
    return f"its bit rate is {rate / 1000:.0f} kbit/s"


def _packets(data: bytes) -> Iterator[bytes]:
    """Yield the whole packets of the pages that are there."""
    at, packet = 0, b""
    while data[at : at + 4] == _PAGE and at + 27 <= len(data):
        segments = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + data[at + 26]
        for length in segments:
            packet += data[at : at + length]
            at += length
            if at > len(data):
                return
            if length < 255:
                yield packet
                packet = b""


def _milliseconds(packet: bytes) -> float:
    configuration, count = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        frame: float = _SILK_MS[configuration % 4]
    elif configuration < 16:
        frame = _HYBRID_MS[configuration % 2]
    else:
        frame = _CELT_MS[configuration % 4]
    frames = {0: 1, 1: 2, 2: 2}.get(count)
    if frames is None:
        frames = (packet[1] & 0x3F if len(packet) > 1 else 1) or 1
    return frame * frames
