"""A stream with its compression undone, told by its first bytes, never by its name.

Rotated logs are renamed, and standard input has no name.
"""

from __future__ import annotations

import io
from typing import IO, Any, BinaryIO, Protocol, cast

_GZIP = b"\x1f\x8b"
_BZIP2 = b"BZh"
_XZ = b"\xfd7zXZ\x00"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_MAGIC = (_GZIP, _BZIP2, _XZ, _ZSTANDARD)
_LONGEST_MAGIC = 6
_ZSTANDARD_WINDOW = 1 << 27  # what `zstd` itself accepts without --long


class _Readable(Protocol):
    def readinto(self, buffer: Any, /) -> int | None: ...


def is_compressed(head: bytes) -> bool:
    """Whether a stream that begins so is compressed in a way that is known."""
    return head.startswith(_MAGIC)


class Unpacked(io.RawIOBase):
    """Reads a binary stream, whatever it is compressed with.

    ``damage`` says, after the end, why the end came early; what stood before
    the damage was read. Raises ``OSError`` when the stream itself cannot be read.
    """

    def __init__(self, stream: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self.damage: str | None = None
        head = _first_bytes(stream)
        self._plain, self._faults = _opened(_Rejoined(stream, head), head)
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def peek(self, count: int, *, patiently: bool = True) -> bytes:
        """Return the next bytes without taking them, fewer at the end.

        With ``patiently=False`` also as soon as some are there.
        """
        while len(self._ahead) < count:
            chunk = bytearray(count - len(self._ahead))
            with memoryview(chunk) as view:
                got = self._guarded(view)
            self._ahead += chunk[:got]
            if not got or not patiently:
                break
        return self._ahead

    def readinto(self, buffer: Any, /) -> int:
        if not self._ahead:
            return self._guarded(buffer)
        count = min(len(buffer), len(self._ahead))
        buffer[:count] = self._ahead[:count]
        self._ahead = self._ahead[count:]
        return count

    def _guarded(self, buffer: memoryview) -> int:
        if self.damage is not None:
            return 0
        try:
            return self._plain.readinto(buffer) or 0
        except self._faults as fault:
            self.damage = str(fault) or type(fault).__name__
            return 0


class _Rejoined(io.RawIOBase):
    """A stream with the bytes put back that were taken to see what it is."""

    def __init__(self, stream: BinaryIO | io.RawIOBase, head: bytes) -> None:
        super().__init__()
        self._head = head
        self._stream: Any = stream
        # A buffered stream would wait until the whole buffer is full, and its
        # readinto1 may wait though it has something to give.
        self._read1: Any = getattr(stream, "read1", None)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        if not self._head and self._read1 is None:
            return cast("int | None", self._stream.readinto(buffer))
        if not self._head:
            self._head = self._read1(len(buffer))
        count = min(len(buffer), len(self._head))
        buffer[:count] = self._head[:count]
        self._head = self._head[count:]
        return count


def _first_bytes(stream: BinaryIO | io.RawIOBase) -> bytes:
    head = b""
    while len(head) < _LONGEST_MAGIC:
        more = stream.read(_LONGEST_MAGIC - len(head))
        if not more:
            break
        head += more
        if not any(magic.startswith(head) for magic in _MAGIC):
            break
    return head


def _opened(
    packed: _Rejoined, head: bytes
) -> tuple[_Readable, tuple[type[Exception], ...]]:
    """Return the stream to read, and the errors that mean it is damaged."""
    if head.startswith(_GZIP):
        import gzip
        import zlib

        unzipped = gzip.GzipFile(fileobj=cast("IO[bytes]", packed))
        return _ByOne(unzipped), (EOFError, gzip.BadGzipFile, zlib.error)
    if head.startswith(_XZ):
        import lzma

        return _ByOne(lzma.LZMAFile(cast("IO[bytes]", packed))), (
            EOFError,
            lzma.LZMAError,
        )
    if head.startswith(_BZIP2):
        import bz2

        return _ByOne(bz2.BZ2File(packed)), (EOFError, OSError)
    if head.startswith(_ZSTANDARD):
        import zstandard

        unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTANDARD_WINDOW)
        reader = unpacker.stream_reader(
            cast("IO[bytes]", packed), read_across_frames=True
        )
        return cast("_Readable", reader), (zstandard.ZstdError,)
    return packed, ()


class _ByOne:
    """Reads what is there, rather than until the buffer is full."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream

    def readinto(self, buffer: Any, /) -> int:
        return self._stream.readinto1(buffer)
