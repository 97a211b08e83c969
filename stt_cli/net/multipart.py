"""multipart/form-data bodies that are read while they are sent (RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stt_cli.core.http_message import FileRange, StreamedBody
from stt_cli.core.plain_text import encodable
from stt_cli.net.bodies import body_of


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form; a ``filename`` makes it a file."""

    name: str
    body: bytes | StreamedBody
    content_type: str | None = None
    filename: str | None = None


def multipart(parts: Sequence[Part], boundary: str) -> tuple[str, StreamedBody]:
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


def _head(part: Part, boundary: str) -> bytes:
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
