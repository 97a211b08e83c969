"""Which process owns a submission: each holds a lock on a connection of its own.

The server drops the lock when the connection ends, as it does when the process
dies, however it dies (PostgreSQL, "Advisory Locks").
"""

from __future__ import annotations

import selectors
from contextlib import suppress
from threading import Lock

import psycopg

from stt_cli.ledger.postgres.connection import (
    Connection,
    Transaction,
    lock_number,
    translated,
)
from stt_cli.ledger.postgres.database import Database

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
