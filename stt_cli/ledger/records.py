"""Operations as records of tables: written, changed and read back, in any store.

To write the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.operation import (
    LONGEST_ID,
    LearnedId,
    Operation,
    QueueEntry,
    folded,
)
from stt_cli.ledger.sql import Sql, insert, marks

COLUMNS = (
    "key", "command", "provider", "input", "started", "ended", "status",
    "http_status", "error_code", "error", "versions",
)  # fmt: skip
QUEUE_COLUMNS = ("batch", "position", "source", "options", "size", "modified")
MOST_KEYS = 500  # of one statement

Ids = Sequence[tuple[str, str]]
Columns = Mapping[str, str | int | None]


def add(sql: Sql, rows: Sequence[Operation]) -> None:
    """Keep new operations with their IDs and facts."""
    insert(
        sql,
        "operations",
        COLUMNS,
        [[getattr(row, name) for name in COLUMNS] for row in rows],
    )
    insert(
        sql,
        "identifiers",
        ("operation", "position", "kind", "value", "folded", "learned_at"),
        [
            (row.key, place, kind, value[:LONGEST_ID], folded(value), row.started)
            for row in rows
            for place, (kind, value) in enumerate(row.ids.items())
        ],
    )
    insert(
        sql,
        "facts",
        ("operation", "name", "value"),
        [(row.key, name, value) for row in rows for name, value in row.facts.items()],
    )


def change(
    sql: Sql, key: str, columns: Columns, ids: Ids, facts: Mapping[str, str], now: str
) -> None:
    """Set columns, add IDs and set facts of one operation, if there is one."""
    if columns:
        sets = ", ".join(f"{name} = ?" for name in columns)
        sql.execute(
            f"UPDATE operations SET {sets} WHERE key = ?", [*columns.values(), key]
        )
    sql.executemany(
        "INSERT INTO identifiers "
        "(operation, position, kind, value, folded, learned_at) SELECT ?1, "
        "(SELECT count(*) FROM identifiers WHERE operation = ?1), ?2, ?3, ?4, ?5 "
        "WHERE EXISTS (SELECT 1 FROM operations WHERE key = ?1) "
        "ON CONFLICT DO NOTHING",
        [(key, kind, value[:LONGEST_ID], folded(value), now) for kind, value in ids],
    )
    sql.executemany(
        "INSERT INTO facts (operation, name, value) SELECT ?1, ?2, ?3 "
        "WHERE EXISTS (SELECT 1 FROM operations WHERE key = ?1) "
        "ON CONFLICT (operation, name) DO UPDATE SET value = excluded.value",
        [(key, name, value) for name, value in facts.items()],
    )


def rows_of(sql: Sql, keys: Sequence[str]) -> list[Operation]:
    """Return the operations of these keys, in their order; unknown ones are missing."""
    rows: dict[str, Operation] = {}
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        found = sql.execute(
            f"SELECT {', '.join(COLUMNS)} FROM operations WHERE key IN ({marks(some)})",
            some,
        ).fetchall()
        rows |= {row.key: row for row in completed(sql, found)}
    return [rows[key] for key in keys if key in rows]


def completed(sql: Sql, found: Sequence[Sequence[Any]]) -> list[Operation]:
    """Return operations with their IDs, facts and places in the queue."""
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
        f"SELECT operation, owner, {', '.join(QUEUE_COLUMNS)} FROM submissions {among}",
        keys,
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
        operation_of(record, learned[key], facts[key], *plans.get(key, nothing))
        for key, record in zip(keys, found, strict=True)
    ]


def operation_of(
    values: Sequence[Any],
    learned: Sequence[LearnedId] = (),
    facts: Mapping[str, str] = MappingProxyType({}),
    queue_entry: QueueEntry | None = None,
    owner: str | None = None,
) -> Operation:
    """Return a record of ``operations`` as the operation that it is."""
    return Operation(
        **dict(zip(COLUMNS, values, strict=True)),
        ids=Identifiers.from_mapping({each.kind: each.value for each in learned}),
        learned=tuple(learned),
        facts=facts,
        queue_entry=queue_entry,
        owner=owner,
    )
