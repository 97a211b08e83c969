"""Reading operations, out of any store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.operation import LearnedId, LedgerQuery, Operation, folded, storable
from stt_cli.ledger.queue import QueueEntry
from stt_cli.ledger.sql import Sql, ascii_lower, marks

COLUMNS = (
    "key", "command", "provider", "input", "started", "ended", "status",
    "http_status", "error_code", "error", "versions",
)  # fmt: skip
PLAN = ("batch", "position", "source", "options", "size", "modified")
MOST_KEYS = 500  # of one statement
_PAGE = 200  # rows read at a time, so that no reader holds up a writer
_BARE_PAGE = 5_000
_WITH_ID = (
    "key IN (SELECT operation FROM identifiers WHERE folded = ? UNION ALL SELECT ?)"
)
Numbered = list[tuple[int, Operation]]


def pages(
    query: LedgerQuery, read: Callable[[Callable[[Sql], Numbered]], Numbered]
) -> Iterator[Operation]:
    """Yield the operations that match, newest first, a page at a time.

    Args:
        read: does what it is given in a transaction.
    """
    conditions, values = conditions_of(query)
    place: list[str | int] = []
    left = query.limit
    most = _BARE_PAGE if query.bare else _PAGE
    while left is None or left > 0:
        size = most if left is None else min(left, most)
        asked = [*values, *place]
        found = read(partial(page, conditions, asked, size, bare=query.bare))
        for number, row in found:
            if not place:
                conditions.append("(started, rowid) < (?, ?)")
            place = [row.started, number]
            yield row
        left = None if left is None else left - len(found)
        if len(found) < size:
            return


def with_id(sql: Sql, value: str) -> Operation | None:
    """Return the newest operation that has this ID or key."""
    wanted = folded(value)
    found = page([_WITH_ID], [wanted, wanted], 1, sql)
    return found[0][1] if found else None


def count(sql: Sql) -> int:
    """Return how many operations are kept."""
    return int(sql.execute("SELECT count(*) FROM operations").fetchone()[0])


def page(
    conditions: Sequence[str],
    values: Sequence[str | int],
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
    rows = [_row(each) for each in records] if bare else _completed(sql, records)
    return list(zip([record[0] for record in found], rows, strict=True))


def rows_of(sql: Sql, keys: Sequence[str]) -> list[Operation]:
    """Return the operations of these keys, in their order; unknown ones are missing."""
    rows: dict[str, Operation] = {}
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        found = sql.execute(
            f"SELECT {', '.join(COLUMNS)} FROM operations WHERE key IN ({marks(some)})",
            some,
        ).fetchall()
        rows |= {row.key: row for row in _completed(sql, found)}
    return [rows[key] for key in keys if key in rows]


def _completed(sql: Sql, found: Sequence[Sequence[Any]]) -> list[Operation]:
    keys = [record[0] for record in found]
    if not keys:
        return []
    among = f"WHERE operation IN ({marks(keys)})"
    # All are sent before the first is read: over a network one way is enough.
    learned_ids = sql.execute(
        "SELECT operation, kind, value, learned_at FROM identifiers "
        f"{among} ORDER BY position",
        keys,
    )
    noted = sql.execute(
        f"SELECT operation, name, value FROM facts {among} ORDER BY name", keys
    )
    planned = sql.execute(
        f"SELECT operation, owner, {', '.join(PLAN)} FROM submissions {among}", keys
    )
    learned: dict[str, list[LearnedId]] = {key: [] for key in keys}
    for key, *learned_id in learned_ids:
        learned[key].append(LearnedId(*learned_id))
    facts: dict[str, dict[str, str]] = {key: {} for key in keys}
    for key, name, value in noted:
        facts[key][name] = value
    plans: dict[str, tuple[QueueEntry, str | None]] = {}
    for key, owner, *values in planned:
        plans[key] = QueueEntry(*values), owner
    nothing = None, None
    return [
        _row(record, learned[key], facts[key], *plans.get(key, nothing))
        for key, record in zip(keys, found, strict=True)
    ]


def _row(
    values: Sequence[Any],
    learned: Sequence[LearnedId] = (),
    facts: Mapping[str, str] = MappingProxyType({}),
    queue_entry: QueueEntry | None = None,
    owner: str | None = None,
) -> Operation:
    return Operation(
        **dict(zip(COLUMNS, values, strict=True)),
        ids=Identifiers.from_mapping({each.kind: each.value for each in learned}),
        learned=tuple(learned),
        facts=facts,
        queue_entry=queue_entry,
        owner=owner,
    )


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
