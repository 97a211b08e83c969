"""Reading the ledger's operations out of SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.plan import Plan
from stt_cli.ledger.row import LearnedId, LedgerQuery, Row, folded

COLUMNS = (
    "key", "command", "provider", "input", "started", "ended", "status",
    "http_status", "error_code", "error", "versions",
)  # fmt: skip
PLAN = ("batch", "position", "source", "options", "size", "modified")
_MOST_KEYS = 500  # of one statement


def page(
    connection: sqlite3.Connection,
    conditions: Sequence[str],
    values: Sequence[str | int],
    size: int,
) -> list[tuple[int, Row]]:
    """Return the newest operations that match, each with its number."""
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    found = connection.execute(
        f"SELECT rowid, {', '.join(COLUMNS)} FROM operations {where}"
        "ORDER BY started DESC, rowid DESC LIMIT ?",
        [*values, size],
    ).fetchall()
    rows = _completed(connection, [record[1:] for record in found])
    return list(zip([record[0] for record in found], rows, strict=True))


def rows_of(connection: sqlite3.Connection, keys: Sequence[str]) -> list[Row]:
    """Return the operations of these keys, in their order; unknown ones are missing."""
    rows: dict[str, Row] = {}
    for start in range(0, len(keys), _MOST_KEYS):
        some = keys[start : start + _MOST_KEYS]
        found = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM operations "
            f"WHERE key IN ({_marks(some)})",
            some,
        ).fetchall()
        rows |= {row.key: row for row in _completed(connection, found)}
    return [rows[key] for key in keys if key in rows]


def _completed(
    connection: sqlite3.Connection, found: Sequence[Sequence[Any]]
) -> list[Row]:
    keys = [record[0] for record in found]
    learned: dict[str, list[LearnedId]] = {key: [] for key in keys}
    for key, *learned_id in connection.execute(
        "SELECT operation, kind, value, learned_at FROM identifiers "
        f"WHERE operation IN ({_marks(keys)}) ORDER BY position",
        keys,
    ):
        learned[key].append(LearnedId(*learned_id))
    facts: dict[str, dict[str, str]] = {key: {} for key in keys}
    for key, name, value in connection.execute(
        "SELECT operation, name, value FROM facts "
        f"WHERE operation IN ({_marks(keys)}) ORDER BY name",
        keys,
    ):
        facts[key][name] = value
    plans: dict[str, tuple[Plan, str | None]] = {}
    for key, owner, *values in connection.execute(
        f"SELECT operation, owner, {', '.join(PLAN)} FROM submissions "
        f"WHERE operation IN ({_marks(keys)})",
        keys,
    ):
        plans[key] = Plan(*values), owner
    nothing = None, None
    return [
        _row(record, learned[key], facts[key], *plans.get(key, nothing))
        for key, record in zip(keys, found, strict=True)
    ]


def _marks(keys: Sequence[str]) -> str:
    return ", ".join("?" * len(keys))


def _row(
    values: Sequence[Any],
    learned: list[LearnedId],
    facts: Mapping[str, str],
    plan: Plan | None,
    owner: str | None,
) -> Row:
    return Row(
        **dict(zip(COLUMNS, values, strict=True)),
        ids=Identifiers.from_mapping({each.kind: each.value for each in learned}),
        learned=tuple(learned),
        facts=facts,
        plan=plan,
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
            values.append(wanted)
    if query.open_only:
        conditions.append("ended IS NULL")
    for word in query.words:
        conditions.append(_WORD)
        values += [_like(word)] * 8 + [_like(folded(word))]
    return conditions, values


_WORD = """(command LIKE ? ESCAPE '\\' OR provider LIKE ? ESCAPE '\\'
    OR input LIKE ? ESCAPE '\\' OR status LIKE ? ESCAPE '\\'
    OR error LIKE ? ESCAPE '\\' OR error_code LIKE ? ESCAPE '\\'
    OR started LIKE ? ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM facts WHERE operation = key AND value LIKE ? ESCAPE '\\')
    OR EXISTS (SELECT 1 FROM identifiers
               WHERE operation = key AND folded LIKE ? ESCAPE '\\'))"""


def _like(word: str) -> str:
    for character in "\\%_":
        word = word.replace(character, "\\" + character)
    return f"%{word}%"
