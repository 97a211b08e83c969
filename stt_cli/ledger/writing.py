"""Writing operations, in any store; to write the same again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stt_cli.ledger.operation import LONGEST_ID, Operation, folded
from stt_cli.ledger.reading import COLUMNS
from stt_cli.ledger.sql import Sql, insert
from stt_cli.ledger.store import Columns, Ids


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
