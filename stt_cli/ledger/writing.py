"""Writing operations, in any store; to write the same again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from stt_cli.ledger.reading import COLUMNS
from stt_cli.ledger.row import LONGEST_ID, Row, folded
from stt_cli.ledger.sql import Sql, marks
from stt_cli.ledger.store import Columns, Ids


def add(sql: Sql, row: Row) -> None:
    """Keep a new operation with its IDs and facts."""
    sql.execute(
        f"INSERT INTO operations ({', '.join(COLUMNS)}) VALUES ({marks(COLUMNS)}) "
        "ON CONFLICT DO NOTHING",
        [getattr(row, name) for name in COLUMNS],
    )
    _add_details(sql, row.key, list(row.ids.items()), row.facts, row.started)


def change(
    sql: Sql, key: str, columns: Columns, ids: Ids, facts: Mapping[str, str], now: str
) -> None:
    """Set columns, add IDs and set facts of one operation, if there is one."""
    if columns:
        sets = ", ".join(f"{name} = ?" for name in columns)
        sql.execute(
            f"UPDATE operations SET {sets} WHERE key = ?", [*columns.values(), key]
        )
    _add_details(sql, key, ids, facts, now)


def _add_details(
    sql: Sql, key: str, ids: Ids, facts: Mapping[str, str], now: str
) -> None:
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
