"""The SQL that every store speaks: what SQLite and PostgreSQL understand alike.

Marks are ``?`` or ``?1``. A list for ``IN`` is never empty. ``lower`` knows ASCII
alone, so that what is compared with it is lowered by ``ascii_lower``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

Values = Sequence[Any]
_MOST_MARKS = 900  # of one statement: older versions of SQLite take 999


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


def insert(
    sql: Sql, table: str, columns: Sequence[str], records: Sequence[Values]
) -> None:
    """Add rows that are not there yet, many by a statement."""
    size = _MOST_MARKS // len(columns)
    for start in range(0, len(records), size):
        some = records[start : start + size]
        rows = ", ".join([f"({marks(columns)})"] * len(some))
        sql.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {rows} "
            "ON CONFLICT DO NOTHING",
            [value for record in some for value in record],
        )


def ascii_lower(text: str) -> str:
    """Return ``text`` in lower case as the databases' ``lower`` does."""
    return (
        text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )
