"""Whatever bytes a log comes as, read as UTF-8: compressed, UTF-16, with a BOM.

Told by the first bytes, never by the name: rotated logs are renamed, and stdin
has no name.
"""

from __future__ import annotations

import codecs
import io
from typing import IO, Any, BinaryIO, Protocol, cast

_GZIP = b"\x1f\x8b"
_BZIP2 = b"BZh"
_XZ = b"\xfd7zXZ\x00"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_LONGEST_MAGIC = 6
_ZSTANDARD_WINDOW = 1 << 27  # what `zstd` itself accepts without --long
_CHUNK = 1 << 18
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FEWEST_TO_GUESS = 16


class _Readable(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Utf8Source:
    """Reads a binary stream as UTF-8, whatever it is packed and encoded in.

    ``damage`` says, after the end, why the end came early; what stood before
    the damage was read. Raises ``OSError`` when the stream itself cannot be read.
    """

    def __init__(self, stream: BinaryIO | io.RawIOBase) -> None:
        self.damage: str | None = None
        self._waiting = b""
        packed = _Rejoined(stream, _first_bytes(stream))
        self._plain, self._faults = _unpacked(packed)
        head = self._first_plain_bytes()
        mark, encoding = _encoding_of(head)
        self._decoder = (
            None
            if encoding == "utf-8"
            else codecs.getincrementaldecoder(encoding)(errors="replace")
        )
        self._waiting = self._as_utf8(head[len(mark) :])

    def read_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` with what is there; 0 at the end."""
        if self._waiting:
            count = min(len(buffer), len(self._waiting))
            buffer[:count] = self._waiting[:count]
            self._waiting = self._waiting[count:]
            return count
        if self._decoder is None:
            return self._guarded(buffer)
        while not self._waiting:
            chunk = bytearray(_CHUNK)
            with memoryview(chunk) as view:
                count = self._guarded(view)
            self._waiting = self._as_utf8(bytes(chunk[:count]), final=not count)
            if not count:
                break
        return self.read_into(buffer) if self._waiting else 0

    def _guarded(self, buffer: memoryview) -> int:
        if self.damage is not None:
            return 0
        try:
            return self._plain.readinto(buffer) or 0
        except self._faults as fault:
            self.damage = str(fault) or type(fault).__name__
            return 0

    def _first_plain_bytes(self) -> bytes:
        head = bytearray(_FEWEST_TO_GUESS)
        filled = 0
        # Waiting for so few bytes delays nothing: no ID is shorter.
        while filled < len(head):
            with memoryview(head)[filled:] as free:
                count = self._guarded(free)
            if not count:
                break
            filled += count
        return bytes(head[:filled])

    def _as_utf8(self, data: bytes, *, final: bool = False) -> bytes:
        if self._decoder is None:
            return data
        return self._decoder.decode(data, final).encode("utf-8", "replace")


class _Rejoined(io.RawIOBase):
    """A stream with the bytes put back that were taken for a look."""

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
        if not any(
            magic.startswith(head) for magic in (_GZIP, _BZIP2, _XZ, _ZSTANDARD)
        ):
            break
    return head


def _unpacked(packed: _Rejoined) -> tuple[_Readable, tuple[type[Exception], ...]]:
    """Return the stream to read, and the errors that mean it is damaged."""
    head = packed._head
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

    def readinto(self, buffer: memoryview, /) -> int:
        return self._stream.readinto1(buffer)


def _encoding_of(head: bytes) -> tuple[bytes, str]:
    """Return the byte order mark, empty without one, and the encoding."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return mark, encoding
    if len(head) >= _FEWEST_TO_GUESS:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            # ASCII in UTF-16: every second byte is NUL, the others are not.
            nuls, letters = head[first::2], head[1 - first :: 2]
            if not any(nuls) and all(letters):
                return b"", encoding
    return b"", "utf-8"
