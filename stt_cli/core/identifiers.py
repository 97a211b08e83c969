"""The IDs that a vendor's support asks for, under one set of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urlsplit

_ALWAYS = ("session_id", "request_id", "transcription_id")

_AROUND = " \t\r\n\"'`“”‘’{}[]()<>,;"
"""What stands around an ID where it was copied from."""

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_LABELLED = re.compile(
    r"[\w\s\"'.-]{0,60}?id[\"']?\s*[:=](.+)", re.IGNORECASE | re.DOTALL
)
_COLLECTIONS = ("transcriptions", "recognitions", "sessions", "jobs")
_HEX_IDS = re.compile(
    r"(?:stt-)?[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Every ID of one operation.

    The three that all providers share are fields; what else a provider gives
    (``transaction_id``, ``job_id``, ``file_id``, ``service_tag``, …) stands in
    ``others`` under its own name in snake case, in the order it was learned.
    """

    session_id: str | None = None
    request_id: str | None = None
    transcription_id: str | None = None
    others: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **kinds: str | None) -> Identifiers:
        """Build from keyword arguments; ``None`` and empty values are left out."""
        known = {name: kinds.get(name) or None for name in _ALWAYS}
        others = tuple(
            (name, value)
            for name, value in kinds.items()
            if value and name not in _ALWAYS
        )
        return cls(**known, others=others)

    @classmethod
    def from_mapping(cls, kinds: Mapping[str, str | None]) -> Identifiers:
        """Build from a mapping of names in snake case to values."""
        return cls.of(**dict(kinds))

    def merged(self, newer: Identifiers) -> Identifiers:
        """Return both sets of IDs; a value that ``newer`` has wins."""
        return Identifiers.from_mapping({**dict(self.items()), **dict(newer.items())})

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield ``(name, value)`` of every ID that is known."""
        for name in _ALWAYS:
            value = getattr(self, name)
            if value is not None:
                yield name, value
        yield from self.others

    def get(self, name: str) -> str | None:
        """Return the ID of that name, or ``None``."""
        return dict(self.items()).get(name)

    def __bool__(self) -> bool:
        return next(self.items(), None) is not None

    def to_dict(self) -> dict[str, Any]:
        """Return the ``ids`` object of the JSON contract: three keys, then others."""
        return {name: getattr(self, name) for name in _ALWAYS} | dict(self.others)


def identifier_in(text: str) -> str:
    """Return the ID in what was typed or pasted for one.

    That may be an ID in quotes, braces or capitals, with its label before it
    (``transcription id: …``), or the address of a job (Azure's ``self``). What has
    none of these is returned as it is, without the white space around it.
    """
    plain = text.strip(_AROUND)
    address = _ADDRESS.search(plain)
    if address is not None:
        plain = _named_by(address.group()) or plain
    elif (labelled := _LABELLED.fullmatch(plain)) is not None:
        plain = labelled[1].strip(_AROUND)
    return plain.lower() if _HEX_IDS.fullmatch(plain) else plain


def _named_by(address: str) -> str | None:
    """Return the ID that the path of an address names: behind its collection."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return None
    parts = [part for part in path.split("/") if part]
    behind = [
        after for before, after in pairwise(parts) if before.lower() in _COLLECTIONS
    ]
    named = behind or parts
    return named[-1] if named else None


def label(name: str) -> str:
    """Return an ID's name as stderr shows it: ``session_id`` as ``session id``."""
    return name.replace("_", " ")
