"""What to look for in the ledger, and the statements that find it in any store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from stt_cli.ledger.operation import folded, stamp, storable
from stt_cli.ledger.records import COLUMNS, Record, completed, operation_of
from stt_cli.ledger.sql import Sql, ascii_lower

_PAGE = 200  # rows read at a time, so that no reader holds up a writer
_BARE_PAGE = 5_000
_WITH_ID = (
    "key IN (SELECT operation FROM identifiers WHERE folded = ? UNION ALL SELECT ?)"
)
Numbered = list[tuple[int, Any, Record]]
"""Each with its number and its time, as they stand in the table."""


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Which operations to find, newest first; ``None`` and empty mean any.

    Every word must occur somewhere: in command, provider, input, status, error,
    IDs or facts, in upper or lower case. ``facts`` are names and values that all
    must be among an operation's own. ``bare`` leaves IDs, facts and plans out of what
    is found, for counting: a team's ledger has hundreds of thousands a month.
    """

    words: tuple[str, ...] = ()
    provider: str | None = None
    command: str | None = None
    since: datetime | None = None
    open_only: bool = False
    limit: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    bare: bool = False

    def since_text(self) -> str | None:
        """Return ``since`` as the ledger writes times."""
        return stamp(self.since) if self.since else None


def pages(
    query: LedgerQuery, read: Callable[[Callable[[Sql], Numbered]], Numbered]
) -> Iterator[Record]:
    """Yield the operations that match, newest first, a page at a time.

    Args:
        read: does what it is given in a transaction.
    """
    conditions, values = conditions_of(query)
    place: list[Any] = []
    left = query.limit
    most = _BARE_PAGE if query.bare else _PAGE
    while left is None or left > 0:
        size = most if left is None else min(left, most)
        asked = [*values, *place]
        found = read(partial(page, conditions, asked, size, bare=query.bare))
        for number, started, row in found:
            if not place:
                conditions.append("(started, rowid) < (?, ?)")
            place = [started, number]
            yield row
        left = None if left is None else left - len(found)
        if len(found) < size:
            return


def with_id(sql: Sql, value: str) -> Record | None:
    """Return the newest operation that has this ID or key."""
    wanted = folded(value)
    found = page([_WITH_ID], [wanted, wanted], 1, sql)
    return found[0][2] if found else None


def count(sql: Sql) -> int:
    """Return how many operations are kept."""
    return int(sql.execute("SELECT count(*) FROM operations").fetchone()[0])


def page(
    conditions: Sequence[str],
    values: Sequence[Any],
    size: int,
    sql: Sql,
    *,
    bare: bool = False,
) -> Numbered:
    """Return the newest operations that match, each with its number."""
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    found = sql.execute(
        f"SELECT rowid, {', '.join(COLUMNS)} FROM operations {where}"
        "ORDER BY started DESC, rowid DESC LIMIT ?",
        [*values, size],
    ).fetchall()
    records = [record[1:] for record in found]
    rows = [operation_of(each) for each in records] if bare else completed(sql, records)
    return [
        (record[0], record[1 + COLUMNS.index("started")], row)
        for record, row in zip(found, rows, strict=True)
    ]


def conditions_of(query: LedgerQuery) -> tuple[list[str], list[str]]:
    """Return what a question asks as conditions, and the values for their marks."""
    conditions: list[str] = []
    values: list[str] = []
    for column, wanted, sign in (
        ("provider", query.provider, "="),
        ("command", query.command, "="),
        ("started", query.since_text(), ">="),
    ):
        if wanted is not None:
            conditions.append(f"{column} {sign} ?")
            values.append(storable(wanted))
    if query.open_only:
        conditions.append("ended IS NULL")
    for fact in query.facts:
        conditions.append(_FACT)
        values += fact
    for word in query.words:
        conditions.append(_WORD)
        values += [_like(word)] * (len(_PLACES) - 1) + [_like(folded(word))]
    return conditions, values


_FACT = "EXISTS (SELECT 1 FROM facts WHERE operation = key AND name = ? AND value = ?)"
_LIKE = "lower({}) LIKE ? ESCAPE '\\'"
_PLACES = (
    *(
        _LIKE.format(column)
        for column in (
            *("command", "provider", "input", "status", "error", "error_code"),
            "started",
        )
    ),
    f"EXISTS (SELECT 1 FROM facts WHERE operation = key AND {_LIKE.format('value')})",
    "EXISTS (SELECT 1 FROM identifiers WHERE operation = key AND "
    f"{_LIKE.format('folded')})",
)
_WORD = f"({' OR '.join(_PLACES)})"


def _like(word: str) -> str:
    for character in "\\%_":
        word = word.replace(character, "\\" + character)
    return f"%{ascii_lower(word)}%"
