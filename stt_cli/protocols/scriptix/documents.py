"""Documents: what a finished session became, in the three shapes of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.transcript import Segment
from stt_cli.protocols.json_fields import (
    Fields,
    as_number,
    integer,
    mapping,
    moment,
    objects,
    text,
    unknown,
)
from stt_cli.protocols.scriptix.results import speaker_of
from stt_cli.protocols.scriptix.session import unwrapped

_HEAD = ("id", "filename", "type", "created", "last_modified")


@dataclass(frozen=True, slots=True)
class Document:
    """A document; ``details`` keeps what it says about itself."""

    id: str | None
    segments: tuple[Segment, ...]
    language: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    raw: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an export is fetched, without the token."""

    url: str
    filename: str | None = None
    content_type: str | None = None
    size: int | None = None


def read_export(response: HttpResponse) -> Link | bytes:
    """Return the link of an export, or the file where it came at once."""
    body = response.try_json()
    own = unwrapped(body) if isinstance(body, dict) else {}
    url = text(own, "download_url")
    if url is None:
        return response.body
    return Link(
        url=url,
        filename=text(own, "filename"),
        content_type=text(own, "content_type"),
        size=integer(own, "size_bytes"),
    )


def read_document(fields: Fields) -> Document:
    """Read a document's JSON.

    Segments stand in ``document`` (a list, times in milliseconds), in
    ``content.segments`` (seconds), or inside an object ``document``.

    Raises:
        ProviderError: it has none of these shapes.
    """
    own = unwrapped(fields)
    inner = own.get("document")
    if isinstance(inner, list):
        segments = _captions(objects(own, "document"))
    elif mapping(own, "content"):
        segments = _content(mapping(own, "content"))
    elif isinstance(inner, Mapping):
        segments = _of_object(inner)
    else:
        raise ProviderError("Scriptix sent a document in an unknown format")
    moments = {name: moment(own, name) for name in ("created", "last_modified")}
    details = {name: own[name] for name in own if name not in ("document", "content")}
    return Document(
        id=text(own, "id"),
        segments=tuple(segment for segment in segments if segment.text),
        language=text(own, "language"),
        details={k: v for k, v in details.items() if k not in moments or moments[k]},
        raw=fields,
    )


def _of_object(inner: Fields) -> list[Segment]:
    for name in ("document", "segments"):
        listed = objects(inner, name)
        if listed:
            return _captions(listed) if "start" in listed[0] else []
    return _content(mapping(inner, "content") or inner)


def _captions(listed: tuple[Fields, ...]) -> list[Segment]:
    """Segments with ``start`` and ``stop`` in milliseconds, or with ``end``."""
    if any("end" in item and "stop" not in item for item in listed):
        return [_segment(item, "end", 1.0) for item in listed]
    return [_segment(item, "stop", 0.001) for item in listed]


def _content(content: Fields) -> list[Segment]:
    listed = objects(content, "segments")
    if listed:
        return _captions(listed)
    whole = text(content, "text")
    return [Segment(whole.strip())] if whole else []


def _segment(item: Fields, end_name: str, scale: float) -> Segment:
    start, end = as_number(item.get("start")), as_number(item.get(end_name))
    lines = (text(item, "text") or "").split("\n")
    return Segment(
        # The line breaks are those of a caption, not of what was said.
        text=" ".join(line.strip() for line in lines if line.strip()),
        start=None if start is None else start * scale,
        end=None if end is None else end * scale,
        speaker=speaker_of(item),
        details=unknown(item, ("start", "stop", "end", "text", "speaker")),
    )
