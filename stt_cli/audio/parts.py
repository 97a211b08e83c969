"""The parts that a file is joined of: each is what one decoder hears as the whole.

Recordings are joined by writing one behind the other, and decoders stop where the
first one's header says. So the bytes are looked at: every MPEG frame, every link
of an Ogg chain (RFC 3533, section 4), every FLAC that begins behind another.
"""

from __future__ import annotations

import io
import mmap
import struct
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from stt_cli.audio.mpeg import FrameScanner, MpegPart, Range

_READ_BYTES = 1 << 18
# "fLaC" and the head of its first block: STREAMINFO, 34 bytes, the last or not.
_FLAC_STARTS = (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")
_OGG_HEADER = struct.Struct("<4sBBqIIIB")
_OGG_BEGINS = 2  # the flag of a stream's first page


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes that one decoder reads from first to last.

    ``samples`` is how many of them count, each channel's, and ``start`` how many
    to leave out before; ``sample_rate`` is in hertz. ``None`` and 0 stand where only
    the decoder can tell. ``total`` is how many samples its frames hold; ``head`` is
    to be read before the bytes.
    """

    ranges: tuple[Range, ...]
    samples: int | None = None
    start: int = 0
    total: int = 0
    sample_rate: int = 0
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Parts:
    """A file's parts in order, and how many bytes amid them are no audio."""

    parts: tuple[Part, ...]
    lost: int = 0


def parts_of(path: Path, container: str, within: Range | None = None) -> Parts:
    """Return what a file that libsndfile reads is made of.

    Args:
        within: the bytes of the file to look at; all by default.

    Raises:
        OSError: the system does not let us read it.
    """
    first, end = within or (0, path.stat().st_size)
    with path.open("rb") as file:
        if container == "mp3":
            return _mpeg_parts(file, first, end)
        starts = [first]
        if container == "ogg":
            starts = list(_ogg_links(file, end)) or [first]
        elif container == "flac":
            starts = list(_flac_starts(file)) or [first]
    ends = [*starts[1:], end]
    ranges = zip(starts, ends, strict=True)
    return Parts(tuple(Part((each,)) for each in ranges))


def _mpeg_parts(file: BinaryIO, first: int, end: int) -> Parts:
    scanner = FrameScanner(first, end)
    file.seek(first)
    while block := file.read(min(_READ_BYTES, end - file.tell())):
        scanner.receive(block)
    scanner.finish()
    if not scanner.parts:
        return Parts((Part(((first, end),)),))
    return Parts(tuple(_mpeg_part(part) for part in scanner.parts), scanner.lost)


def _mpeg_part(part: MpegPart) -> Part:
    return Part(
        part.ranges,
        part.samples,
        part.start,
        part.frames * part.format.samples,
        part.format.sample_rate,
        part.length_note,
    )


def _ogg_links(file: BinaryIO, end: int) -> Iterator[int]:
    """Yield where each link of a chain begins: a first page behind others."""
    at, in_heads = 0, False
    while at + _OGG_HEADER.size <= end:
        file.seek(at)
        head = file.read(_OGG_HEADER.size)
        mark, _, flags, *_, segments = _OGG_HEADER.unpack(head)
        if mark != b"OggS":
            following = _next_page(file, at + 1, end)
            if following is None:
                return
            at = following
            continue
        begins = bool(flags & _OGG_BEGINS)
        if begins and not in_heads:
            yield at
        in_heads = begins
        at += _OGG_HEADER.size + segments + sum(file.read(segments))


def _next_page(file: BinaryIO, at: int, end: int) -> int | None:
    """Return where the next page begins, junk passed over."""
    file.seek(at)
    carried = b""
    while block := file.read(_READ_BYTES):
        data = carried + block
        found = data.find(b"OggS")
        if found >= 0:
            return file.tell() - len(data) + found
        carried = data[-3:]
    return None


def _flac_starts(file: BinaryIO) -> Iterator[int]:
    """Yield where a FLAC stream begins."""
    with closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as data:
        yield from sorted(
            place for mark in _FLAC_STARTS for place in _places(data, mark)
        )


def _places(data: mmap.mmap, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


class PartFile(io.RawIOBase):
    """A part, read as if it were a file of its own."""

    def __init__(self, file: BinaryIO, part: Part) -> None:
        self._file = file
        self._head = part.head
        self._ranges = part.ranges
        lengths = [len(part.head), *(end - start for start, end in part.ranges)]
        self._ends = list(accumulate(lengths))
        self._at = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position, counted as in any file."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}
        self._at = max(0, origin[whence] + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read as much as fits, across ranges; less only at the end."""
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view) and self._at < self._ends[-1]:
            index = bisect_right(self._ends, self._at)
            count = min(len(view) - done, self._ends[index] - self._at)
            data = self._piece(index, count)
            if not data:
                break
            view[done : done + len(data)] = data
            done += len(data)
            self._at += len(data)
        return done

    def _piece(self, index: int, count: int) -> bytes:
        """Read on in the head, which is number 0, or in a range."""
        if index == 0:
            return self._head[self._at : self._at + count]
        _, end = self._ranges[index - 1]
        self._file.seek(end - (self._ends[index] - self._at))
        return self._file.read(count)
