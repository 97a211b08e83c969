"""The ledger's tables in PostgreSQL: the same steps, brought to its types."""

from __future__ import annotations

import re
from collections.abc import Iterator

TABLES = ("operations", "identifiers", "facts", "submissions")
_TABLE = re.compile(r"(CREATE TABLE \w+) \(")
_ROWID = r"\1 (rowid BIGINT GENERATED ALWAYS AS IDENTITY,"


def statements(step: str) -> Iterator[str]:
    """Yield the statements of a step.

    INTEGER has 64 bits in SQLite, and 32 in PostgreSQL. With the collation "C",
    texts are sorted by their bytes, and ``lower`` knows ASCII alone, as in SQLite.
    Every table of SQLite has its ``rowid``, in the order of insertion.
    """
    ours = step.replace(" INTEGER", " BIGINT").replace(" TEXT", ' TEXT COLLATE "C"')
    for statement in _TABLE.sub(_ROWID, ours).split(";"):
        if statement.strip():
            yield statement
