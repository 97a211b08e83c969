"""The tables, as a list of steps that each ledger goes through once, in order.

A step is never changed after a release; what comes later is a new step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote

from stt_cli.core.secret import mask_secrets
from stt_cli.ledger.operation import LONGEST_ID, folded
from stt_cli.ledger.sql import Sql

Step = str | Callable[[Sql], None]
"""Statements, or what is to be done within the transaction."""

_PAGE = 1_000

OPERATIONS_AND_IDENTIFIERS = """
CREATE TABLE operations (
    key TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    provider TEXT NOT NULL,
    input TEXT,
    started TEXT NOT NULL,
    ended TEXT,
    status TEXT NOT NULL,
    http_status INTEGER,
    error_code TEXT,
    error TEXT,
    versions TEXT NOT NULL
);
CREATE INDEX operations_by_time ON operations (started);
CREATE INDEX operations_open ON operations (started) WHERE ended IS NULL;
CREATE TABLE identifiers (
    operation TEXT NOT NULL REFERENCES operations (key),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    folded TEXT NOT NULL,
    learned_at TEXT NOT NULL,
    PRIMARY KEY (operation, kind, value)
);
CREATE INDEX identifiers_by_value ON identifiers (folded);
CREATE TABLE facts (
    operation TEXT NOT NULL REFERENCES operations (key),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (operation, name)
);
"""

SUBMISSIONS = """
CREATE TABLE submissions (
    operation TEXT PRIMARY KEY REFERENCES operations (key),
    batch TEXT NOT NULL,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    options TEXT NOT NULL,
    size INTEGER,
    modified INTEGER,
    fingerprint TEXT,
    owner TEXT
);
CREATE INDEX submissions_by_fingerprint ON submissions (fingerprint)
    WHERE fingerprint IS NOT NULL;
"""


def mask_earlier_secrets(sql: Sql) -> None:
    """Take out what earlier versions kept of signed addresses and passwords.

    They knew a list of names; see ``core.address_masking`` for what counts now.
    """
    for key, *texts in _pages(sql, "operations", ("key",), ("input", "error")):
        _update(sql, "operations", ("key",), [key], ("input", "error"), texts)
    names = ("operation", "name")
    for operation, name, text in _pages(sql, "facts", names, ("value",)):
        _update(sql, "facts", names, [operation, name], ("value",), [text])
    for operation, kind, value in _pages(
        sql, "identifiers", ("operation", "kind", "value"), ()
    ):
        clean = _masked(value)
        if clean != value:
            clean = clean[:LONGEST_ID]
            this = "operation = ? AND kind = ? AND value = ?"
            sql.execute(
                f"DELETE FROM identifiers WHERE {this}", [operation, kind, clean]
            )
            sql.execute(
                f"UPDATE identifiers SET value = ?, folded = ? WHERE {this}",
                [clean, folded(clean), operation, kind, value],
            )
    columns = ("source", "options")
    for key, source, options in _pages(sql, "submissions", ("operation",), columns):
        kept = masked_submission(source, options)
        if kept != (source, options):
            sql.execute(
                "UPDATE submissions SET source = ?, options = ? WHERE operation = ?",
                [*kept, key],
            )


def masked_submission(source: Any, options: Any) -> tuple[Any, Any]:
    """Return a source and options without secrets, those named as withheld.

    With its address or a parameter gone, a submission cannot be gone on with from
    here: ``batch resume`` says so.
    """
    clean = _masked(source)
    if isinstance(source, str) and source.startswith("file:"):
        # A mistyped address was taken for a file's name, and encoded as one.
        name = unquote(source)
        if mask_secrets(name) != name:
            clean = quote(mask_secrets(name), safe="/:*=&;")
    try:
        known = json.loads(options)
        withheld = {"source"} if clean != source else set()
        wishes = known.get("recognition", {})
        for part in (known, wishes, wishes.get("params", {})):
            for name, value in list(part.items()):
                if name not in ("recognition", "params", "withheld"):
                    text = json.dumps({name: value})
                    if mask_secrets(text) != text:
                        withheld.add(name)
                        del part[name]
        if withheld:
            known["withheld"] = sorted(withheld.union(known.get("withheld", ())))
            options = json.dumps(known, sort_keys=True, separators=(",", ":"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        options = _masked(options)  # it cannot be read, here or later
    return clean, options


def _masked(value: Any) -> Any:
    return mask_secrets(value) if isinstance(value, str) else value


def _update(
    sql: Sql,
    table: str,
    names: Sequence[str],
    key: Sequence[Any],
    columns: Sequence[str],
    values: Sequence[Any],
) -> None:
    clean = [_masked(value) for value in values]
    if clean != list(values):
        sets = ", ".join(f"{column} = ?" for column in columns)
        where = " AND ".join(f"{name} = ?" for name in names)
        sql.execute(f"UPDATE {table} SET {sets} WHERE {where}", [*clean, *key])


def _pages(
    sql: Sql, table: str, names: Sequence[str], columns: Sequence[str]
) -> list[Any]:
    """Return the records that may hold a secret, read a page at a time."""
    order = ", ".join(names)
    place: list[Any] = []
    kept: list[Any] = []
    while True:
        after = f"WHERE ({order}) > ({', '.join('?' * len(names))}) " if place else ""
        found = sql.execute(
            f"SELECT {', '.join([*names, *columns])} FROM {table} {after}"
            f"ORDER BY {order} LIMIT {_PAGE}",
            place,
        ).fetchall()
        for record in found:
            texts = record[len(names) :] or record[-1:]
            if table == "submissions" or any(_masked(t) != t for t in texts):
                kept.append(record)
        if len(found) < _PAGE:
            return kept
        place = list(found[-1][: len(names)])


MIGRATIONS: tuple[Step, ...] = (
    OPERATIONS_AND_IDENTIFIERS,
    SUBMISSIONS,
    mask_earlier_secrets,
)
"""Step ``n`` leads from version ``n`` to ``n + 1``."""
