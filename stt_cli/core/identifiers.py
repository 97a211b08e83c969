"""The IDs that a vendor's support asks for, under one set of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ALWAYS = ("session_id", "request_id", "transcription_id")


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


def label(name: str) -> str:
    """Return an ID's name as stderr shows it: ``session_id`` as ``session id``."""
    return name.replace("_", " ")
