"""The ledger's tables in PostgreSQL: the same steps, brought to its types."""

from __future__ import annotations

import re
from collections.abc import Iterator

TABLES = ("operations", "identifiers", "facts", "submissions")
_TABLE = re.compile(r"\s*CREATE TABLE (\w+)")


def statements(step: str) -> Iterator[str]:
    """Yield the statements of a step.

    INTEGER has 64 bits in SQLite, and 32 in PostgreSQL. With the collation "C",
    texts are sorted by their bytes, and ``lower`` knows ASCII alone, as in SQLite.
    Every table of SQLite has its ``rowid``, in the order of insertion.
    """
    ours = step.replace(" INTEGER", " BIGINT").replace(" TEXT", ' TEXT COLLATE "C"')
    for statement in ours.split(";"):
        if statement.strip():
            yield statement
        if table := _TABLE.match(statement):
            identity = "rowid BIGINT GENERATED ALWAYS AS IDENTITY"
            yield f"ALTER TABLE {table[1]} ADD COLUMN {identity}"
