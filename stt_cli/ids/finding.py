"""What a search yields: an ID, what it is the ID of, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stt_cli.ids.catalog import DEFAULT_KINDS, KINDS

__all__ = ["DEFAULT_KINDS", "KINDS", "Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One ID, as it stands where it was seen first.

    ``time`` is the point in time as the line itself writes it (a native SDK log
    counts milliseconds since its start: ``218ms``), ``found_as`` names what it was
    recognized by. ``honored`` is ``False`` for a connection ID that the service
    silently drops, so that no session can be found by it. ``is_guess`` marks a bare
    value that has no label.
    """

    id: str
    kind: str
    source: str
    line: int | None
    time: str | None
    text: str
    found_as: str
    honored: bool | None = None
    vendor: str | None = None
    is_guess: bool = False

    @property
    def place(self) -> str:
        """Where it stands, as ``file:line``."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "id": self.id,
            "kind": self.kind,
            "vendor": self.vendor,
            "source": self.place,
            "time": self.time,
            "context": {
                "text": self.text,
                "found_as": self.found_as,
                "honored": self.honored,
                "guess": self.is_guess,
            },
        }
