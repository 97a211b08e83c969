"""Recordings made on the spot: tones, and WAV files with any header one likes."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from pathlib import Path

WEATHER = Path(__file__).parents[2] / "examples" / "weather.wav"
WEATHER_TEXT = "What's the weather like today? It will rain in the morning."
WEATHER_LINES = "What's the weather like today?\nIt will rain in the morning.\n"


def tone(seconds: float = 0.5, rate: int = 16_000, hertz: float = 440.0) -> list[float]:
    """Return a sine tone at half of full scale."""
    step = 2 * math.pi * hertz / rate
    return [0.5 * math.sin(step * i) for i in range(round(seconds * rate))]


def pcm16(samples: Sequence[float]) -> bytes:
    """Return 16-bit little-endian PCM."""
    values = [max(-32768, min(32767, round(s * 32768))) for s in samples]
    return struct.pack(f"<{len(values)}h", *values)


def values(pcm: bytes) -> list[int]:
    """Return the samples of 16-bit PCM."""
    return list(struct.unpack(f"<{len(pcm) // 2}h", pcm))


def chunk(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    """Return a RIFF chunk, padded to an even length; ``size`` may lie."""
    stated = len(body) if size is None else size
    return kind + struct.pack("<I", stated) + body + b"\0" * (len(body) % 2)


def format_chunk(
    tag: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16
) -> bytes:
    """Return a ``fmt `` chunk."""
    frame = channels * ((bits + 7) // 8)
    body = struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits)
    return chunk(b"fmt ", body)


def extensible_chunk(tag: int, channels: int, rate: int, bits: int) -> bytes:
    """Return a WAVE_FORMAT_EXTENSIBLE ``fmt `` chunk."""
    frame = channels * ((bits + 7) // 8)
    body = struct.pack("<HHIIHH", 0xFFFE, channels, rate, rate * frame, frame, bits)
    body += struct.pack("<HHI", 22, bits, 0)
    body += struct.pack("<H", tag) + bytes.fromhex("000000001000800000aa00389b71")
    return chunk(b"fmt ", body)


def riff(*chunks: bytes, size: int | None = None, kind: bytes = b"RIFF") -> bytes:
    """Return a whole WAV of these chunks; ``size`` may lie."""
    body = b"WAVE" + b"".join(chunks)
    return kind + struct.pack("<I", len(body) if size is None else size) + body


def wav(data: bytes, **form: int) -> bytes:
    """Return a well-formed WAV."""
    return riff(format_chunk(**form), chunk(b"data", data))
