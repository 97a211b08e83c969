"""Bodies that lie in files: read in blocks, cut into parts, never more than told.

A recorder may still be writing. What is sent is what was there when the length
was taken: a request whose body is longer than it said is no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from stt_cli.core.errors import AudioError
from stt_cli.core.http_message import FileRange, Part, StreamedBody

BLOCK = 262_144
"""Bytes read at a time: a few of the system's calls for a megabyte, no memory."""


def body_of(parts: Sequence[Part]) -> StreamedBody:
    """Return the body made of these parts, one behind the other."""
    held = tuple(part for part in parts if _length(part))

    def blocks() -> Iterator[bytes]:
        for part in held:
            if isinstance(part, bytes):
                yield part
            else:
                yield from read(part)

    return StreamedBody(blocks, sum(map(_length, held)), parts=held)


def slice_of(body: StreamedBody, begin: int, end: int) -> StreamedBody:
    """Return the bytes of a body from ``begin`` up to ``end``.

    What lies in a file is not read to get there; any other body is, from its
    start.
    """
    if body.parts is not None:
        return body_of([*_cut(body.parts, begin, end)])
    return StreamedBody(lambda: _passed_over(body, begin, end), end - begin)


def read(part: FileRange) -> Iterator[bytes]:
    """Yield the bytes of a range.

    Raises:
        AudioError: the file cannot be read, or is shorter than it was.
    """
    with opened(part) as file:
        file.seek(part.start)
        left = part.length
        while left:
            block = _read_block(file, min(BLOCK, left), part.name)
            if not block:
                raise too_short(part)
            left -= len(block)
            yield block


@contextmanager
def opened(part: FileRange) -> Iterator[BinaryIO]:
    """Open the file of a range. Raises ``AudioError`` for what the system refuses."""
    try:
        file = part.path.open("rb", buffering=0)
    except OSError as fault:
        raise _unreadable(part.name, fault) from fault
    with file:
        yield file


def too_short(part: FileRange) -> AudioError:
    """Return the error for a file from which something was taken meanwhile."""
    return AudioError(
        f"{part.name}: it became shorter while it was sent",
        hint="submit it again once nothing writes to it",
    )


def _read_block(file: BinaryIO, length: int, name: str) -> bytes:
    try:
        return file.read(length)
    except OSError as fault:
        raise _unreadable(name, fault) from fault


def _unreadable(name: str, fault: OSError) -> AudioError:
    if isinstance(fault, FileNotFoundError):
        return AudioError(f"{name}: no such file", hint="it was there a moment ago")
    reason = (fault.strerror or str(fault)).lower()
    return AudioError(f"{name}: cannot be read: {reason}")


def _length(part: Part) -> int:
    return len(part) if isinstance(part, bytes) else part.length


def _cut(parts: Sequence[Part], begin: int, end: int) -> Iterator[Part]:
    at = 0
    for part in parts:
        size = _length(part)
        low, high = max(0, begin - at), min(size, end - at)
        if low < high and isinstance(part, bytes):
            yield part[low:high]
        elif low < high and isinstance(part, FileRange):
            yield FileRange(part.path, part.start + low, high - low, part.name)
        at += size


def _passed_over(body: StreamedBody, begin: int, end: int) -> Iterator[bytes]:
    at = 0
    for block in body.blocks():
        piece = block[max(0, begin - at) : max(0, end - at)]
        at += len(block)
        if piece:
            yield piece
        if at >= end:
            return
