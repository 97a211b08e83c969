"""Whatever text a log holds, read as UTF-8: with a BOM, as UTF-16, or as a mixture.

Windows PowerShell appends UTF-16 to files of another encoding with ``>>``, and
``Add-Content`` appends bytes of one letter each to files of UTF-16.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

from stt_cli.ids.unpacking import Unpacked

_CHUNK = 1 << 18
_PIECE = 64 << 10
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FEWEST_TO_GUESS = 16
# In UTF-16 a run without NULs is text of another script, or text of one byte a
# letter. Chinese may look like ASCII, but hardly 12 letters in a row.
_NARROW_RUN = re.compile(rb"[\t\r\n -~]{24,}")


class Utf8Source:
    """Reads a binary stream as UTF-8, whatever it is packed and encoded in.

    ``damage`` as in ``Unpacked``. Raises ``OSError`` when the stream itself cannot
    be read.
    """

    def __init__(self, stream: BinaryIO | io.RawIOBase) -> None:
        self._plain = stream if isinstance(stream, Unpacked) else Unpacked(stream)
        self._waiting = b""
        # Waiting for so few bytes delays nothing: no ID is shorter.
        head = self._plain.peek(_FEWEST_TO_GUESS)
        mark, encoding = _encoding_of(head)
        self._plain.readinto(bytearray(len(mark)))
        self._wide = _Wide(encoding) if encoding != "utf-8" else None

    @property
    def damage(self) -> str | None:
        """Why the end came early, if it did."""
        return self._plain.damage

    def read_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` with what is there; 0 at the end."""
        while not self._waiting:
            if self._wide is None:
                count = self._plain.readinto(buffer)
                if not count or not _holds_nul(buffer, count):
                    return count
                # ASCII in UTF-16, in whichever order, is ASCII without its NULs.
                self._waiting = bytes(buffer[:count]).replace(b"\x00", b"")
                continue
            chunk = bytearray(_CHUNK)
            count = self._plain.readinto(chunk)
            self._waiting = self._wide.decode(bytes(chunk[:count]), final=not count)
            if not count:
                break
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


class _Wide:
    """Decodes UTF-16 or UTF-32 with pieces of one byte a letter in it."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._is_mixed_up = encoding.startswith("utf-16")

    def decode(self, data: bytes, *, final: bool) -> bytes:
        if not self._is_mixed_up:
            return self._decoded(data, final=final)
        parts: list[bytes] = []
        position = 0
        for run in _NARROW_RUN.finditer(data):
            parts.append(self._decoded(data[position : run.start()], final=True))
            self._decoder.reset()
            parts.append(run[0])
            position = run.end()
            # Little-endian text of two bytes goes on behind a whole letter.
            if data[position : position + 1] == b"\x00":
                position -= 1
                parts[-1] = parts[-1][:-1]
        parts.append(self._decoded(data[position:], final=final))
        return b"".join(parts)

    def _decoded(self, data: bytes, *, final: bool) -> bytes:
        return self._decoder.decode(data, final).encode("utf-8", "replace")


def _holds_nul(buffer: memoryview, count: int) -> bool:
    # Small copies cost a fifth of what an expression costs that searches the view.
    pieces = range(0, count, _PIECE)
    return any(b"\x00" in bytes(buffer[at : min(at + _PIECE, count)]) for at in pieces)


def _encoding_of(head: bytes) -> tuple[bytes, str]:
    """Return the byte order mark, empty without one, and the encoding."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return mark, encoding
    if len(head) >= _FEWEST_TO_GUESS:
        for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
            # ASCII in UTF-16: every second byte is NUL, the others are not.
            head = head[:_FEWEST_TO_GUESS]
            nuls, letters = head[first::2], head[1 - first :: 2]
            if not any(nuls) and all(letters):
                return b"", encoding
    return b"", "utf-8"
