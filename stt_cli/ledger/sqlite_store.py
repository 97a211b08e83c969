"""The ledger in a SQLite file; the only module with its SQL.

Write-ahead logging lets readers and one writer work at once. Every change is
a transaction of its own, so a killed process loses nothing. Changes that bring
IDs are flushed to the disk as well (``synchronous=FULL``), and with them all
before them: a power cut loses no ID, at worst the last status. Measured on a
virtual disk under load, a flush takes 4 ms; four in a run instead of one, and
the two of SQLite's clean-up at the end, took 28 ms instead of 8.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.row import LearnedId, LedgerQuery, Row, folded
from stt_cli.ledger.schema import MIGRATIONS
from stt_cli.ledger.store import Columns, DamagedError, Ids, StoreError

_BUSY_S = 20.0  # what another process's writes may take before this one gives up
_PAGE = 200  # rows read at a time, so that no reader holds up a checkpoint
_COLUMNS = (
    "key", "command", "provider", "input", "started", "ended", "status",
    "http_status", "error_code", "error", "versions",
)  # fmt: skip


class SqliteStore:
    """One connection, shared by the threads of a process under a lock."""

    def __init__(self, path: Path) -> None:
        """Open the file and bring its tables up to date.

        Raises:
            StoreError: it cannot be opened; ``DamagedError`` where it is
                none or damaged.
        """
        self._path = path
        self._lock = threading.RLock()
        with _translated():
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
        try:
            with _translated():
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._migrate()
        except BaseException:
            self._connection.close()
            raise

    def add(self, row: Row) -> None:
        """Keep a new operation."""
        marks = ", ".join("?" * len(_COLUMNS))
        values = [getattr(row, name) for name in _COLUMNS]
        with self._transaction(flush=bool(row.ids)) as connection:
            connection.execute(
                f"INSERT INTO operations ({', '.join(_COLUMNS)}) VALUES ({marks})",
                values,
            )
            self._add_details(row.key, list(row.ids.items()), row.facts, row.started)

    def change(
        self, key: str, columns: Columns, ids: Ids, facts: Mapping[str, str], now: str
    ) -> None:
        """Set columns, IDs and facts of one operation."""
        with self._transaction(flush=bool(ids)) as connection:
            if columns:
                sets = ", ".join(f"{name} = ?" for name in columns)
                connection.execute(
                    f"UPDATE operations SET {sets} WHERE key = ?",
                    [*columns.values(), key],
                )
            self._add_details(key, ids, facts, now)

    def rows(self, query: LedgerQuery) -> Iterator[Row]:
        """Yield the operations that match, newest first, a page at a time."""
        conditions, values = _conditions(query)
        before: tuple[str, int] | None = None
        left = query.limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = self._page(conditions, values, before, size)
            for rowid, row in page:
                before = (row.started, rowid)
                yield row
            left = None if left is None else left - len(page)
            if len(page) < size:
                return

    def with_id(self, value: str) -> Row | None:
        """Return the newest operation with this ID or key."""
        condition = (
            "(key IN (SELECT operation FROM identifiers WHERE folded = ?) OR key = ?)"
        )
        wanted = folded(value)
        page = self._page([condition], [wanted, wanted], None, 1)
        return page[0][1] if page else None

    def integrity(self) -> list[str]:
        """Return what is damaged; nothing when all is well."""
        with self._reading() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        return [] if found == ["ok"] else found

    def count(self) -> int:
        """Return how many operations are kept."""
        with self._reading() as connection:
            return int(
                connection.execute("SELECT count(*) FROM operations").fetchone()[0]
            )

    def close(self) -> None:
        """Close the file; its log stays beside it and is read by the next to open it.

        The last connection would fold the log into the file, which costs two
        flushes. One that may only read does not, so such a one closes last; the
        log is folded in whenever it reaches a thousand pages.
        """
        with self._lock, suppress(sqlite3.Error):
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            last = sqlite3.connect(address, uri=True)
            with closing(last), suppress(sqlite3.Error):
                last.execute("SELECT 1 FROM ledger_version").fetchone()
                self._connection.close()
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    def _page(
        self,
        conditions: list[str],
        values: list[str],
        before: tuple[str, int] | None,
        size: int,
    ) -> list[tuple[int, Row]]:
        conditions, values = list(conditions), list(values)
        bound: list[str | int] = [*values]
        if before:
            conditions.append("(started, rowid) < (?, ?)")
            bound += before
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        with self._reading() as connection:
            found = connection.execute(
                f"SELECT rowid, {', '.join(_COLUMNS)} FROM operations {where}"
                "ORDER BY started DESC, rowid DESC LIMIT ?",
                [*bound, size],
            ).fetchall()
            keys = [record[1] for record in found]
            learned, facts = self._learned_of(keys), self._facts_of(keys)
        return [
            (rowid, _row(values, learned[values[0]], facts[values[0]]))
            for rowid, *values in found
        ]

    def _learned_of(self, keys: list[str]) -> dict[str, list[LearnedId]]:
        learned: dict[str, list[LearnedId]] = {key: [] for key in keys}
        for key, *learned_id in self._connection.execute(
            "SELECT operation, kind, value, learned_at FROM identifiers "
            f"WHERE operation IN ({', '.join('?' * len(keys))}) ORDER BY position",
            keys,
        ):
            learned[key].append(LearnedId(*learned_id))
        return learned

    def _facts_of(self, keys: list[str]) -> dict[str, dict[str, str]]:
        facts: dict[str, dict[str, str]] = {key: {} for key in keys}
        for key, name, value in self._connection.execute(
            "SELECT operation, name, value FROM facts "
            f"WHERE operation IN ({', '.join('?' * len(keys))}) ORDER BY name",
            keys,
        ):
            facts[key][name] = value
        return facts

    def _add_details(
        self, key: str, ids: Ids, facts: Mapping[str, str], now: str
    ) -> None:
        self._connection.executemany(
            "INSERT INTO identifiers "
            "(operation, position, kind, value, folded, learned_at) SELECT ?1, "
            "(SELECT count(*) FROM identifiers WHERE operation = ?1), ?2, ?3, ?4, ?5 "
            "WHERE EXISTS (SELECT 1 FROM operations WHERE key = ?1) "
            "ON CONFLICT DO NOTHING",
            [(key, kind, value, folded(value), now) for kind, value in ids],
        )
        self._connection.executemany(
            "INSERT INTO facts (operation, name, value) SELECT ?1, ?2, ?3 "
            "WHERE EXISTS (SELECT 1 FROM operations WHERE key = ?1) "
            "ON CONFLICT (operation, name) DO UPDATE SET value = excluded.value",
            [(key, name, value) for name, value in facts.items()],
        )

    def _migrate(self) -> None:
        version = self._version()
        if version < len(MIGRATIONS):
            with self._transaction(flush=True) as connection:
                # Another process may have been quicker: look again under the lock.
                for step in MIGRATIONS[self._version() :]:
                    for statement in step.split(";"):
                        connection.execute(statement)
                connection.execute("DELETE FROM ledger_version")
                connection.execute(
                    "INSERT INTO ledger_version VALUES (?)", [len(MIGRATIONS)]
                )
        elif version > len(MIGRATIONS):
            raise StoreError("a later version of stt wrote it")

    def _version(self) -> int:
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS ledger_version (version INTEGER NOT NULL)"
        )
        found = self._connection.execute("SELECT max(version) FROM ledger_version")
        return int(found.fetchone()[0] or 0)

    @contextmanager
    def _transaction(self, *, flush: bool) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; IMMEDIATE, so that waiting comes before reading."""
        with self._lock, _translated():
            level = "FULL" if flush else "NORMAL"
            self._connection.execute(f"PRAGMA synchronous = {level}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            yield self._connection


def _row(values: list[Any], learned: list[LearnedId], facts: Mapping[str, str]) -> Row:
    return Row(
        **dict(zip(_COLUMNS, values, strict=True)),
        ids=Identifiers.from_mapping({each.kind: each.value for each in learned}),
        learned=tuple(learned),
        facts=facts,
    )


def _conditions(query: LedgerQuery) -> tuple[list[str], list[str]]:
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


@contextmanager
def _translated() -> Iterator[None]:
    """Turn SQLite's errors into those of the store."""
    try:
        yield
    except sqlite3.Error as fault:
        name = getattr(fault, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise DamagedError(str(fault)) from fault
        raise StoreError(str(fault)) from fault
