"""The queue of submissions, in any store: kept, claimed, resumed, dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stt_cli.ledger.lease import (
    DUPLICATE,
    Asking,
    Candidate,
    Claim,
    Granted,
    decide,
)
from stt_cli.ledger.operation import Operation, QueueEntry
from stt_cli.ledger.records import (
    MOST_KEYS,
    QUEUE_COLUMNS,
    DamagedRecord,
    Record,
    add,
    rows_of,
)
from stt_cli.ledger.sql import Records, Sql, insert, marks

_CANDIDATE = """
    SELECT key, status, ended IS NULL, job.value IS NOT NULL,
        coalesce(step.value, 'none') <> 'none'
        OR EXISTS (SELECT 1 FROM identifiers WHERE operation = key),
        fingerprint, owner
    FROM submissions JOIN operations ON key = submissions.operation
    LEFT JOIN facts AS job ON job.operation = key AND job.name = 'job_id'
    LEFT JOIN facts AS step ON step.operation = key AND step.name = 'step'
"""


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """A recording that is to be submitted, as the ledger begins its operation.

    ``input`` is its name as the user gave it; ``facts`` such as ``language`` are
    its own.
    """

    input: str | None
    entry: QueueEntry
    facts: Mapping[str, str | None] = field(default_factory=dict)


def enqueue(sql: Sql, rows: Sequence[Operation], owner: str) -> None:
    """Keep new operations that have a queue entry."""
    add(sql, rows)
    insert(
        sql,
        "submissions",
        ("operation", "owner", *QUEUE_COLUMNS),
        [
            (
                row.key,
                owner,
                *(getattr(row.queue_entry, name) for name in QUEUE_COLUMNS),
            )
            for row in rows
        ],
    )


def claim(
    sql: Sql,
    key: str,
    fingerprint: str,
    owner: str,
    now: str,
    is_held: Callable[[str], bool],
    *,
    force: bool,
) -> Claim | None:
    """Decide on a claim and note the outcome; ``None`` where the key is unknown."""
    # Both are sent before the first is read: over a network one way is enough.
    found = sql.execute(f"{_CANDIDATE} WHERE key = ?", [key])
    others = sql.execute(
        f"{_CANDIDATE} WHERE fingerprint = ? AND key <> ? "
        "ORDER BY started, operations.rowid",
        [fingerprint, key],
    )
    asking = _candidates(found)
    if not asking:
        return None
    candidates = _candidates(others)
    decision = decide(asking[0], candidates, owner, is_held, force=force)
    (chosen,) = rows_of(sql, [decision.key])
    while isinstance(chosen, DamagedRecord):
        # Nothing can be done with it; the others are as good.
        candidates = [each for each in candidates if each.key != decision.key]
        if decision.key == key:
            return None
        decision = decide(asking[0], candidates, owner, is_held, force=force)
        (chosen,) = rows_of(sql, [decision.key])
    if decision.asking is Asking.IS_DROPPED:
        drop(sql, [key])
    elif decision.asking is Asking.ENDS:
        sql.execute(
            "UPDATE operations SET status = ?, ended = ? WHERE key = ?",
            [DUPLICATE, now, key],
        )
    if decision.kind is Granted:
        sql.execute(
            "UPDATE submissions SET fingerprint = ?, owner = ? WHERE operation = ?",
            [fingerprint, owner, decision.key],
        )
    if decision.kind is Granted:
        chosen = replace(chosen, owner=owner)
    return decision.kind(chosen)


def release(sql: Sql, key: str) -> None:
    """Forget who works at a submission."""
    sql.execute("UPDATE submissions SET owner = NULL WHERE operation = ?", [key])


def unfinished(sql: Sql, provider: str | None) -> list[Record]:
    """Return what is planned and not a job: the oldest list first, in its order."""
    found = sql.execute(
        "SELECT key FROM operations JOIN submissions ON operation = key "
        f"WHERE ended IS NULL {'AND provider = ? ' if provider else ''}AND NOT EXISTS "
        "(SELECT 1 FROM facts WHERE facts.operation = key AND name = 'job_id') "
        "ORDER BY started, batch, position",
        [provider] if provider else [],
    ).fetchall()
    return rows_of(sql, [record[0] for record in found])


def drop(sql: Sql, keys: Sequence[str]) -> list[str]:
    """Take out those of which nothing was sent; return their keys."""
    dropped: list[str] = []
    keys = list(dict.fromkeys(keys))
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        found = sql.execute(f"{_CANDIDATE} WHERE key IN ({marks(some)})", some)
        droppable = {
            each.key
            for each in _candidates(found)
            if each.is_open and not each.has_job and not each.sent
        }
        dropped += [key for key in some if key in droppable]
    for start in range(0, len(dropped), MOST_KEYS):
        some = dropped[start : start + MOST_KEYS]
        for table, column in (
            ("submissions", "operation"),
            ("facts", "operation"),
            ("operations", "key"),
        ):
            sql.execute(f"DELETE FROM {table} WHERE {column} IN ({marks(some)})", some)
    return dropped


def _candidates(found: Records) -> list[Candidate]:
    return [
        Candidate(key, status, bool(is_open), bool(has_job), bool(sent), mark, owner)
        for key, status, is_open, has_job, sent, mark, owner in found
    ]
