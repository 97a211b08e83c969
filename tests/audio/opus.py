"""Ogg Opus with a constant bit rate, which libsndfile itself does not write."""

from __future__ import annotations

import io
import struct
from typing import Any

import soundfile
from numpy.typing import NDArray


def constant_opus(samples: NDArray[Any], rate: int, bit_rate: int) -> bytes:
    """Return samples as Opus whose packets of 20 ms are padded to one size.

    Padding is Opus' own (RFC 6716, 3.2.5), so every decoder plays the result.
    """
    file = io.BytesIO()
    soundfile.write(
        file, samples, rate, format="OGG", subtype="OPUS", compression_level=1
    )
    size = bit_rate // 8 // 50
    made = b""
    for number, (head, packets) in enumerate(_pages(file.getvalue())):
        held = packets if number < 2 else [_padded(one, size) for one in packets]
        made += _page(head, held)
    return made


def _padded(packet: bytes, size: int) -> bytes:
    if packet[0] & 3:
        raise ValueError("more than one frame in a packet")
    padding = size - len(packet) - 2
    if not 0 <= padding < 255:
        raise ValueError(f"a packet of {len(packet)} bytes")
    # One frame, with padding: code 3, the flag and a count of one, how much.
    return bytes([packet[0] | 3, 0x41, padding]) + packet[1:] + bytes(padding)


def _pages(data: bytes) -> list[tuple[bytes, list[bytes]]]:
    found, at = [], 0
    while at < len(data):
        head, count = data[at : at + 27], data[at + 26]
        lacing = data[at + 27 : at + 27 + count]
        at += 27 + count
        packets, packet = [], b""
        for length in lacing:
            packet += data[at : at + length]
            at += length
            if length < 255:
                packets.append(packet)
                packet = b""
        found.append((head, packets))
    return found


def _page(head: bytes, packets: list[bytes]) -> bytes:
    lacing = b"".join(
        b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets
    )
    body = bytes([len(lacing)]) + lacing + b"".join(packets)
    unsigned = head[:22] + bytes(4) + body
    return head[:22] + struct.pack("<I", _checksum(unsigned)) + body


def _checksum(page: bytes) -> int:
    """Return Ogg's CRC (RFC 3533, 6): 0x04c11db7, not reflected, from zero."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            carry = register & 0x80000000
            register = (register << 1 ^ (0x04C11DB7 if carry else 0)) & 0xFFFFFFFF
    return register
