"""The binary audio record of the 2018 synthesis page.

A CRC-32 (4 bytes), an audio format flag (4), the sample count (4, at most
0x7FFFFFFF), the size of the body (4, at most 0x7FFFFFFF), then the body. Numbers
are little-endian, as in WAV. The page ties the record to no output format, so it
is recognized by its own shape: its size must account for every byte there is.
The checksum covers all that follows it.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

HEAD_BYTES = 16
_MOST = 0x7FFF_FFFF


class RecordError(ValueError):
    """What has the shape of a record does not have its checksum."""


@dataclass(frozen=True, slots=True)
class AudioRecord:
    """One record; ``format_flag`` is the service's own number."""

    format_flag: int
    sample_count: int
    body: bytes


def build_record(record: AudioRecord) -> bytes:
    """Return a record as bytes. Raises ``ValueError`` for what does not fit."""
    if not (0 <= record.sample_count <= _MOST and len(record.body) <= _MOST):
        raise ValueError("a record counts at most 0x7FFFFFFF samples and bytes")
    if not 0 <= record.format_flag <= 0xFFFF_FFFF:
        raise ValueError("a format flag has 32 bits")
    rest = (
        struct.pack("<III", record.format_flag, record.sample_count, len(record.body))
        + record.body
    )
    return struct.pack("<I", zlib.crc32(rest)) + rest


def parse_records(data: bytes) -> list[AudioRecord] | None:
    """Return the records that ``data`` is made of, or ``None`` if it is something else.

    Raises:
        RecordError: it has the shape of records, and a checksum is wrong.
    """
    spans = _spans(data)
    if not spans:
        return None
    records = []
    for start, end in spans:
        checksum, flag, count, _ = struct.unpack_from("<IIII", data, start)
        if zlib.crc32(data[start + 4 : end]) != checksum:
            raise RecordError(f"the record at byte {start} has another checksum")
        records.append(AudioRecord(flag, count, data[start + HEAD_BYTES : end]))
    return records


def _spans(data: bytes) -> list[tuple[int, int]] | None:
    """Return where records would begin and end, if they fill ``data`` exactly."""
    spans, at = [], 0
    while at < len(data):
        if len(data) - at < HEAD_BYTES:
            return None
        _, _, count, size = struct.unpack_from("<IIII", data, at)
        end = at + HEAD_BYTES + size
        if count > _MOST or size > _MOST or end > len(data):
            return None
        spans.append((at, end))
        at = end
    return spans
