"""Bodies that are read while they are sent: from files, in parts, as forms.

A recorder may still be writing. What is sent is what was there when the length
was taken: a request whose body is longer than it said is no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from stt_cli.core.errors import AudioError
from stt_cli.core.http_message import FileRange, Part, StreamedBody
from stt_cli.core.plain_text import encodable

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
        f"{part.name} was truncated while it was being sent",
        hint="submit it again when no program is writing to it",
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


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of a form; a ``filename`` makes it a file."""

    name: str
    body: bytes | StreamedBody
    content_type: str | None = None
    filename: str | None = None


def multipart(parts: Sequence[FormPart], boundary: str) -> tuple[str, StreamedBody]:
    """Return the ``Content-Type`` and the body of a form.

    The length is known when every part's is. ``boundary`` must be a random
    token that no part contains; a GUID's 32 hex digits do.
    """
    heads = [_head(part, boundary) for part in parts]
    tail = f"--{boundary}--\r\n".encode()
    content_type = f"multipart/form-data; boundary={boundary}"
    lying = [_lying(part.body) for part in parts]
    if all(found is not None for found in lying):
        pieces: list[bytes | FileRange] = []
        for head, found in zip(heads, lying, strict=True):
            pieces += [head, *(found or ()), b"\r\n"]
        return content_type, body_of([*pieces, tail])

    def blocks() -> Iterator[bytes]:
        for head, part in zip(heads, parts, strict=True):
            yield head
            if isinstance(part.body, bytes):
                yield part.body
            else:
                yield from part.body.blocks()
            yield b"\r\n"
        yield tail

    lengths = [
        len(part.body) if isinstance(part.body, bytes) else part.body.length
        for part in parts
    ]
    known = [length for length in lengths if length is not None]
    whole = sum(map(len, heads)) + sum(known) + 2 * len(parts) + len(tail)
    body = StreamedBody(
        blocks,
        length=whole if len(known) == len(parts) else None,
        repeatable=all(
            isinstance(part.body, bytes) or part.body.repeatable for part in parts
        ),
    )
    return content_type, body


def _lying(body: bytes | StreamedBody) -> tuple[bytes | FileRange, ...] | None:
    """Return a body's bytes where they lie, or ``None`` if they are made."""
    return (body,) if isinstance(body, bytes) else body.parts


def _head(part: FormPart, boundary: str) -> bytes:
    disposition = f'form-data; name="{_quoted(part.name)}"'
    if part.filename is not None:
        disposition += f'; filename="{_quoted(part.filename)}"'
    lines = [f"--{boundary}", f"Content-Disposition: {disposition}"]
    if part.content_type:
        lines.append(f"Content-Type: {part.content_type}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _quoted(value: str) -> str:
    # The escapes of the HTML standard's form encoding, which servers read.
    return (
        encodable(value).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    )
