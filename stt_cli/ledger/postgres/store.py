"""The ledger in PostgreSQL, for a team: tables and statements as SQLite has them."""

from __future__ import annotations

import re
import selectors
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock

import psycopg
from psycopg import errors

from stt_cli.ledger import queue, records, search
from stt_cli.ledger.lease import Claim
from stt_cli.ledger.migrations import MIGRATIONS
from stt_cli.ledger.operation import Operation
from stt_cli.ledger.postgres.connection import (
    Connection,
    Transaction,
    lock_number,
    translated,
)
from stt_cli.ledger.postgres.database import Database
from stt_cli.ledger.records import Columns, Ids, Record
from stt_cli.ledger.search import LedgerQuery
from stt_cli.ledger.store import StoreError

# A lock's number stands there in two halves, and as one number has objsubid 1.
_IS_HELD = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = ?
"""


class PostgresProcessLocks:
    """The locks that owners hold, one an owner."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._token: str | None = None
        self._connection: Connection | None = None

    def hold(self) -> str:
        """Return this process's token; from the first call on it is held.

        A connection that was cut is made again, with the same lock.

        Raises:
            StoreError: there is no way to the database.
        """
        with self._lock, translated():
            if self._token is None:
                from uuid import uuid4

                self._token = uuid4().hex
            if self._connection is None or _is_cut(self._connection):
                self._connection = self._locked(self._token)
            return self._token

    def is_held(self, sql: Transaction, token: str) -> bool:
        """Whether the owner lives."""
        if token == self._token:
            return True
        found = sql.execute(_IS_HELD, [lock_number(token)]).fetchall()
        return bool(found[0][0])

    def let_go(self) -> None:
        """End the ownership of this process, as its death would, but at once."""
        with self._lock:
            if self._connection is not None:
                with suppress(psycopg.Error):
                    self._connection.execute(b"SELECT pg_advisory_unlock_all()")
                self._connection.close()
            self._connection = self._token = None

    def _locked(self, token: str) -> Connection:
        connection = self._database.connect()
        try:
            connection.execute(b"SELECT pg_advisory_lock($1)", [lock_number(token)])
        except BaseException:
            connection.close()
            raise
        return connection


def _is_cut(connection: Connection) -> bool:
    """Whether the server has ended a connection on which nothing is expected.

    NullStore is sent: what the server sent, or the end, is there to be read.
    """
    if connection.closed:
        return True
    with suppress(psycopg.Error), selectors.DefaultSelector() as selector:
        selector.register(connection.pgconn.socket, selectors.EVENT_READ)
        while selector.select(0):
            connection.pgconn.consume_input()
            if connection.closed:
                return True
        return False
    return True


_MIGRATING = lock_number("stt ledger: migration")
# Nobody writes meanwhile, as in SQLite; reading goes on.
_ALONE = "LOCK TABLE operations IN EXCLUSIVE MODE"
_VERSION = "SELECT max(version) FROM ledger_version"
TABLES = ("operations", "identifiers", "facts", "submissions")
_TABLE = re.compile(r"\s*CREATE TABLE (\w+)")
_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")


class PostgresStore:
    """One connection, shared by the threads of a process, and one that is held.

    The server flushes every commit to its disk before it answers.
    """

    def __init__(self, address: str, sleep: Callable[[float], None]) -> None:
        """Connect and bring the tables up to date.

        Raises:
            ValueError: the address is none.
            StoreError: there is no way to the database, or no right to use it.
        """
        self._database = Database(address, sleep)
        self._owners = PostgresProcessLocks(self._database)
        try:
            self._migrate()
        except BaseException:
            self._database.close()
            raise

    @property
    def server(self) -> str:
        """What it is kept by, such as ``PostgreSQL 15.10``."""
        return f"PostgreSQL {self._database.version}"

    @property
    def password(self) -> str:
        """The password that was used, wherever it came from; or nothing."""
        return self._database.password

    def add(self, row: Operation) -> None:
        """Keep a new operation."""
        self._database.write(lambda sql: records.add(sql, [row]))

    def change(
        self,
        key: str,
        columns: Columns,
        ids: Ids,
        facts: Mapping[str, str],
        now: str,
        *,
        flush: bool = False,
    ) -> None:
        """Set columns, IDs and facts of one operation; all of it is flushed."""
        self._database.write(
            lambda sql: records.change(sql, key, columns, ids, facts, now)
        )

    def rows(self, query: LedgerQuery) -> Iterator[Record]:
        """Yield the operations that match, newest first, a page at a time."""
        return search.pages(query, self._database.run)

    def with_id(self, value: str) -> Record | None:
        """Return the newest operation with this ID or key."""
        return self._database.run(lambda sql: search.with_id(sql, value))

    def enqueue(self, rows: Sequence[Operation], owner: str) -> None:
        """Keep the operations of a whole list that is to be submitted."""
        self._database.write(lambda sql: queue.enqueue(sql, rows, owner))

    def claim(
        self, key: str, fingerprint: str, owner: str, now: str, *, force: bool = False
    ) -> Claim | None:
        """Say whose turn a planned recording is, and note it; all in one step."""

        def decide(sql: Transaction) -> Claim | None:
            sql.execute(_ALONE)
            return queue.claim(
                sql,
                key,
                fingerprint,
                owner,
                now,
                lambda token: self._owners.is_held(sql, token),
                force=force,
            )

        return self._database.run_once(decide)

    def release(self, key: str) -> None:
        """Let a submission that failed for now be claimed by anyone."""
        self._database.write(lambda sql: queue.release(sql, key))

    def unfinished(self, provider: str | None) -> list[Record]:
        """Return what is planned and not a job, in the order it was planned."""
        return self._database.run(lambda sql: queue.unfinished(sql, provider))

    def drop(self, keys: Sequence[str]) -> list[str]:
        """Take out those of which nothing was sent; return their keys."""

        def drop(sql: Transaction) -> list[str]:
            sql.execute(_ALONE)
            return queue.drop(sql, keys)

        return self._database.run_once(drop)

    def hold(self) -> str:
        """Return a token that is held as long as this process lives."""
        return self._owners.hold()

    def is_held(self, token: str) -> bool:
        """Whether the process of that token lives."""
        return self._database.run(lambda sql: self._owners.is_held(sql, token))

    def count(self) -> int:
        """Return how many operations are kept."""
        return self._database.run(search.count)

    def lacking(self) -> list[str]:
        """Return what this user may not do, such as ``INSERT INTO facts``."""
        pairs = [(table, right) for table in TABLES for right in _RIGHTS]

        def ask(sql: Transaction) -> list[str]:
            asked = [
                sql.execute("SELECT has_table_privilege(?, ?)", pair) for pair in pairs
            ]
            return [
                f"{right} {table}"
                for (table, right), found in zip(pairs, asked, strict=True)
                if not found.fetchall()[0][0]
            ]

        return self._database.run(ask)

    def close(self) -> None:
        """Let go of both connections, and of what is held."""
        self._owners.let_go()
        self._database.close()

    def _migrate(self) -> None:
        version = self._version()
        if version > len(MIGRATIONS):
            raise StoreError("a newer version of stt wrote it")
        if version < len(MIGRATIONS):
            self._database.run(_migrated)

    def _version(self) -> int:
        try:
            return _version(self._database.ask(_VERSION))
        except StoreError as fault:
            if isinstance(fault.__cause__, errors.UndefinedTable):
                return 0
            raise


def _version(found: list[tuple[int | None]]) -> int:
    return found[0][0] or 0


def _migrated(sql: Transaction) -> None:
    """Bring the tables up to date; of several that come first at once, one does."""
    sql.execute("SELECT pg_advisory_xact_lock(?)", [_MIGRATING])
    sql.execute("CREATE TABLE IF NOT EXISTS ledger_version (version BIGINT NOT NULL)")
    version = _version(sql.execute(_VERSION).fetchall())
    for step in MIGRATIONS[version:]:
        if callable(step):
            step(sql)
            continue
        for statement in _statements(step):
            sql.execute(statement)
    sql.execute("DELETE FROM ledger_version")
    sql.execute("INSERT INTO ledger_version VALUES (?)", [len(MIGRATIONS)])


def _statements(step: str) -> Iterator[str]:
    """Yield the statements of a step, brought to PostgreSQL's types.

    INTEGER has 64 bits in SQLite, and 32 in PostgreSQL. With the collation "C",
    texts are sorted by their bytes, and ``lower`` knows ASCII alone, as in SQLite.
    Every table of SQLite has its ``rowid``, in the order of insertion.
    """
    ours = step.replace(" INTEGER", " BIGINT").replace(" TEXT", ' TEXT COLLATE "C"')
    for statement in ours.split(";"):
        if statement.strip():
            yield statement
        if table := _TABLE.match(statement):
            identity = "rowid BIGINT GENERATED ALWAYS AS IDENTITY"
            yield f"ALTER TABLE {table[1]} ADD COLUMN {identity}"
