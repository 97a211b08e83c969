"""Operations as records of tables: written, changed and read back, in any store.

To write the same again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

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

# What a command wrote: nothing that a terminal obeys, and no line break.
_WORDS = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")
_KIND = re.compile(r"[\w .-]{1,100}")
_MOST = 2**63 - 1

Ids = Sequence[tuple[str, str]]
Columns = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class DamagedRecord:
    """An operation that cannot be read; ``fault`` names what is wrong with it."""

    key: str
    fault: str


Record = Operation | DamagedRecord
"""What a store reads: disks and other programs leave what this one never wrote."""
Read = TypeVar("Read")


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


def rows_of(sql: Sql, keys: Sequence[str]) -> list[Record]:
    """Return the operations of these keys, in their order; unknown ones are missing."""
    rows: dict[str, Record] = {}
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        found = sql.execute(
            f"SELECT {', '.join(COLUMNS)} FROM operations WHERE key IN ({marks(some)})",
            some,
        ).fetchall()
        rows |= {row.key: row for row in completed(sql, found)}
    return [rows[key] for key in keys if key in rows]


def completed(sql: Sql, found: Sequence[Sequence[Any]]) -> list[Record]:
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
    learned: dict[Any, list[Sequence[Any]]] = {key: [] for key in keys}
    for key, *learned_id in learned_ids:
        learned[key].append(learned_id)
    facts: dict[Any, dict[Any, Any]] = {key: {} for key in keys}
    for key, name, value in noted:
        facts[key][name] = value
    entries = {key: values for key, *values in planned}
    return [
        operation_of(record, learned[key], facts[key], entries.get(key))
        for key, record in zip(keys, found, strict=True)
    ]


def operation_of(
    values: Sequence[Any],
    learned: Sequence[Sequence[Any]] = (),
    facts: Mapping[Any, Any] = MappingProxyType({}),
    entry: Sequence[Any] | None = None,
) -> Record:
    """Return a record of ``operations`` as the operation that it is.

    Args:
        entry: its owner and ``QUEUE_COLUMNS``, where it is a submission.
    """
    try:
        _check_operation(values)
    except _DamagedError as fault:
        return DamagedRecord(_shown_key(values[0]), str(fault))
    faults: list[str] = []
    ids = tuple(_sound(_learned, learned, faults))
    noted = dict(_sound(_fact, facts.items(), faults))
    owner, queued = next(
        _sound(_queued, [entry] if entry else [], faults), (None, None)
    )
    return Operation(
        **dict(zip(COLUMNS, values, strict=True)),
        ids=Identifiers.from_mapping({each.kind: each.value for each in ids}),
        learned=ids,
        facts=noted,
        queue_entry=queued,
        owner=owner,
        damage=faults[0] if faults else None,
    )


def _sound(
    read: Callable[[Sequence[Any]], Read],
    records: Iterable[Sequence[Any]],
    faults: list[str],
) -> Iterator[Read]:
    """Yield what can be read of records that belong to an operation."""
    for record in records:
        try:
            yield read(record)
        except _DamagedError as fault:
            faults.append(str(fault))


class _DamagedError(Exception):
    """What is wrong with a record: the name of a column."""


def _check_operation(values: Sequence[Any]) -> None:
    named = dict(zip(COLUMNS, values, strict=True))
    for name in ("key", "command", "provider", "status"):
        value = named[name]
        _check(_is_text(value) and _WORDS.fullmatch(value) is not None, name)
    _check(_is_text(named["versions"]), "versions")
    for name in ("input", "error_code", "error"):
        _check(named[name] is None or _is_text(named[name]), name)
    _check(_is_time(named["started"]), "started")
    _check(named["ended"] is None or _is_time(named["ended"]), "ended")
    status = named["http_status"]
    _check(status is None or _is_number(status, least=100, most=999), "http_status")


def _learned(values: Sequence[Any]) -> LearnedId:
    kind, value, learned_at = values
    _check(_is_text(kind) and _KIND.fullmatch(kind) is not None, "the kind of an ID")
    _check(_is_text(value), "an ID")
    _check(_is_time(learned_at), "the time of an ID")
    return LearnedId(kind, value, learned_at)


def _fact(values: Sequence[Any]) -> tuple[str, str]:
    name, value = values
    _check(_is_text(name) and _is_text(value), "a fact")
    return name, value


def _queued(values: Sequence[Any]) -> tuple[str | None, QueueEntry | None]:
    owner, *columns = values
    _check(owner is None or _is_text(owner), "owner")
    entry = QueueEntry(*columns)
    _check(_is_text(entry.batch), "batch")
    _check(_is_number(entry.position), "position")
    _check(_is_text(entry.source) and "%00" not in entry.source, "source")
    _check(_is_text(entry.options), "options")
    for name, value in (("size", entry.size), ("modified", entry.modified)):
        _check(value is None or _is_number(value), name)
    return owner, entry


def _check(is_well: bool, name: str) -> None:
    if not is_well:
        raise _DamagedError(name)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _is_number(value: Any, least: int = -_MOST, most: int = _MOST) -> bool:
    return isinstance(value, int) and least <= value <= most


def _is_time(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _shown_key(key: Any) -> str:
    """Return a damaged record's key as a message may show it."""
    return key if _is_text(key) and _WORDS.fullmatch(key) else "without a key"
