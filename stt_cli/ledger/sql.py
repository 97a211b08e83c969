"""The SQL that every store speaks: what SQLite and PostgreSQL understand alike.

Marks are ``?`` or ``?1``. A list for ``IN`` is never empty. ``lower`` knows ASCII
alone, so that what is compared with it is lowered by ``ascii_lower``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Values = Sequence[Any]


class Records(Protocol):
    """What a statement found."""

    def fetchone(self) -> Any:
        """Return the next record, or ``None``."""

    def fetchall(self) -> list[Any]:
        """Return all records."""

    def __iter__(self) -> Iterator[Any]: ...


class Sql(Protocol):
    """A transaction that takes statements; SQLite's connection is one."""

    def execute(self, statement: str, values: Values = ..., /) -> Records:
        """Run a statement."""

    def executemany(self, statement: str, many: Iterable[Values], /) -> object:
        """Run a statement for each of several rows."""


def marks(values: Values) -> str:
    """Return as many marks as there are values."""
    return ", ".join("?" * len(values))


def ascii_lower(text: str) -> str:
    """Return ``text`` in lower case as the databases' ``lower`` does."""
    return (
        text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )
