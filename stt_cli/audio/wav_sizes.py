"""The sizes in a WAV header that was written before the length was known."""

from __future__ import annotations

import struct
from typing import BinaryIO

_MOST = 0xFFFF_FFFF
_LIKELY_UNKNOWN = 0x7FFF_0000  # what writers that cannot seek put, and beyond
_LONGEST_HEADER = 65_536


class WavSizes:
    """Watches a WAV stream go by, and corrects its header once it has ended.

    Recorders and services that stream write 0 or 0xFFFFFFFF where the sizes
    stand; a file should say how long it is.
    """

    def __init__(self) -> None:
        self._head = bytearray()
        self._total = 0

    def watch(self, data: bytes) -> None:
        """Take note of bytes that were written."""
        if len(self._head) < _LONGEST_HEADER:
            self._head += data[: _LONGEST_HEADER - len(self._head)]
        self._total += len(data)

    def correct(self, file: BinaryIO) -> None:
        """Write the true sizes into a seekable file that starts with the header.

        A header that is none, that knows its size, or has no room for it (4 GB)
        stays as it is.
        """
        head = bytes(self._head)
        data_at = _data_chunk(head)
        if data_at is None or self._total > _MOST:
            return
        claimed = struct.unpack_from("<I", head, data_at + 4)[0]
        if 0 < claimed < _LIKELY_UNKNOWN:
            return
        end = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", self._total - 8))
        file.seek(data_at + 4)
        file.write(struct.pack("<I", self._total - data_at - 8))
        file.seek(end)

    @property
    def audio_bytes(self) -> int:
        """The bytes behind the header; 0 where there is no header."""
        data_at = _data_chunk(bytes(self._head))
        return 0 if data_at is None else self._total - data_at - 8


def _data_chunk(head: bytes) -> int | None:
    """Return where the data chunk begins, if it claims all that follows."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 8 <= len(head):
        kind, size = struct.unpack_from("<4sI", head, at)
        if kind == b"data":
            return at
        at += 8 + size + size % 2
    return None
