"""What a search yields: an ID, what it is the ID of, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DEFAULT_KINDS = ("session", "transcription", "job")
"""What ``stt session-id`` prints unless told otherwise."""

KINDS = (
    *DEFAULT_KINDS,
    "request",
    "connection",
    "transaction",
    "trace",
    "service_tag",
    "file",
    "document",
    "dataset",
    "model",
    "endpoint",
    "project",
    "evaluation",
    "webhook",
    "invocation",
    "client_reference",
)
"""Every kind of ID that the search tells apart."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One ID, where it was seen first.

    ``time`` is the point in time as the line itself writes it (a native SDK log
    counts milliseconds since its start: ``218ms``), ``found_as`` names the shape
    that it was recognised by. ``honoured`` is ``False`` for a connection ID that
    the service silently drops, so that no session can be found by it.
    """

    id: str
    kind: str
    source: str
    line: int | None
    time: str | None
    text: str
    found_as: str
    honoured: bool | None = None

    @property
    def place(self) -> str:
        """Where it stands, as ``file:line``."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "id": self.id,
            "kind": self.kind,
            "source": self.place,
            "time": self.time,
            "context": {
                "text": self.text,
                "found_as": self.found_as,
                "honoured": self.honoured,
            },
        }
