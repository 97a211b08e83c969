"""A recording as the form that uploads it: its bytes and its name, no path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from stt_cli.audio.source import AudioSource
from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import AudioError
from stt_cli.core.http_message import FileRange, StreamedBody
from stt_cli.net.bodies import body_of

STANDARD_INPUT = "-"


def upload_name(source: AudioSource, chosen: str | None = None) -> str:
    """Return the file name to tell: the last part of a path, never more."""
    if chosen:
        return chosen
    last = PurePath(source.name.replace("\\", "/")).name
    if not last or last == STANDARD_INPUT:
        return f"audio.{_container(source)}"
    return f"{PurePath(last).stem}.wav" if is_bare(source) else last


def upload_body(source: AudioSource) -> StreamedBody:
    """Return the bytes to send, read while they are sent.

    Headerless PCM gets a WAV header, since no service can guess its rate.
    """
    body = original_body(source)
    if not is_bare(source):
        return body
    header = pcm_header(source.encoding.sample_rate, body.length)
    if body.parts is not None:
        return body_of([header, *body.parts])

    def blocks() -> Iterator[bytes]:
        yield header
        yield from body.blocks()

    length = None if body.length is None else body.length + len(header)
    return StreamedBody(blocks, length, repeatable=body.repeatable)


def original_body(source: AudioSource) -> StreamedBody:
    """Return the bytes as they stand in the file; those that are there by now."""
    size = source.size
    if source.path is not None and size is not None and not source.live:
        return body_of([FileRange(source.path, 0, size, source.name)])
    return StreamedBody(source.original, size, repeatable=not source.live)


def content_type(source: AudioSource) -> str:
    """Return the media type, a general one where the header tells none."""
    if is_bare(source):
        return "audio/wav"
    try:
        return source.encoding.content_type
    except AudioError:
        return "application/octet-stream"


def is_bare(source: AudioSource) -> bool:
    """Whether it is PCM without a header."""
    return _container(source) == "raw"


def _container(source: AudioSource) -> str:
    try:
        return source.encoding.container
    except AudioError:
        return "bin"  # the service may know what we do not
