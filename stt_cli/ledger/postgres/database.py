"""A database of PostgreSQL: transactions that outlive a connection that is cut."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg import errors

from stt_cli.core.errors import SttError
from stt_cli.ledger.group_commit import Change, GroupCommit
from stt_cli.ledger.postgres.connection import (
    Connection,
    Transaction,
    connect,
    conninfo_of,
    is_end,
    pipelined,
    translated,
    version_of,
)
from stt_cli.ledger.sql import Sql
from stt_cli.ledger.store import StoreError

T = TypeVar("T")

_PAUSES_S = (0.0, 0.5, 1.5)  # before each try to connect anew: a server restarts
# Another one's transaction came between; a dropped operation is a foreign key's.
_IN_THE_WAY = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.ForeignKeyViolation,
)


class Database:
    """A database, with one connection that the threads of a process share."""

    def __init__(self, address: str, sleep: Callable[[float], None]) -> None:
        """Connect.

        Raises:
            ValueError: the address cannot be read; its words may be a password,
                so the message has none of it.
            StoreError: there is no way to the database.
        """
        self._conninfo = conninfo_of(address)
        self._sleep = sleep
        self._lock = threading.RLock()
        self._group = GroupCommit(self._commit)
        with translated():
            self._connection = connect(self._conninfo)

    def connect(self) -> Connection:
        """Return another connection. Raises ``psycopg.Error``."""
        return connect(self._conninfo)

    @property
    def version(self) -> str:
        """The server's version, such as ``15.10``."""
        return version_of(self._connection)

    @property
    def password(self) -> str:
        """The password that was used, also one of ``~/.pgpass``; or nothing."""
        return self._connection.info.password

    def ask(self, question: str) -> list[Any]:
        """Return what a single statement finds. Raises ``StoreError``."""
        with self._lock, translated():
            return self._connected().execute(question.encode()).fetchall()

    def run(self, work: Callable[[Transaction], T]) -> T:
        """Do a transaction that may as well be done twice.

        It is done again, once, when the connection was cut, or where it and
        another one's stood in each other's way.

        Raises:
            StoreError: it could not be done.
        """
        with self._lock, translated():
            try:
                return self._attempt(work)
            except psycopg.Error as fault:
                if not self._may_go_on(fault):
                    raise
            return self._attempt(work)

    def write(self, work: Callable[[Sql], T]) -> T:
        """Do a transaction that may be done twice, together with other threads'.

        Raises:
            StoreError: it could not be done.
        """
        return self._group.write(work, flush=True)

    def run_once(self, work: Callable[[Transaction], T]) -> T:
        """Do a transaction that must not be done twice.

        Where the answer to its COMMIT was lost, the server is asked whether it
        took place (PostgreSQL, "Transaction ID and Snapshot Information
        Functions").

        Raises:
            StoreError: it could not be done, or whether it was is not known.
        """
        done: list[tuple[int, T]] = []

        def numbered(session: Transaction) -> T:
            found = session.execute("SELECT txid_current()")
            result = work(session)
            ((number,),) = found.fetchall()
            done.append((number, result))
            return result

        with self._lock, translated():
            try:
                return self._attempt(numbered)
            except psycopg.Error as fault:
                if not self._may_go_on(fault):
                    raise
            if done and self._took_place(done[-1][0]):
                return done[-1][1]
            return self._attempt(numbered)

    def close(self) -> None:
        """Say goodbye to the server."""
        with self._lock:
            self._connection.close()

    def _commit(self, group: Sequence[Change]) -> None:
        """Commit a group of changes in one round trip."""
        try:
            results = self.run(lambda sql: [change.work(sql) for change in group])
        except SttError:
            raise  # the interruption of this thread, not the changes' fault
        except Exception as fault:
            is_cut = isinstance(fault, StoreError) and self._connection.closed
            if len(group) == 1 or is_cut:
                for change in group:
                    change.end(fault=fault)
            else:  # Which one is to blame is not known: each for itself.
                for change in group:
                    self._commit([change])
        else:
            for change, result in zip(group, results, strict=True):
                change.end(result)

    def _attempt(self, work: Callable[[Transaction], T]) -> T:
        connection = self._connected()
        try:
            with pipelined(connection):
                connection.execute(b"BEGIN")
                result = work(Transaction(connection))
                connection.execute(b"COMMIT")
        except (psycopg.Error, StoreError):
            with suppress(psycopg.Error):
                connection.rollback()
            raise
        return result

    def _may_go_on(self, fault: psycopg.Error) -> bool:
        """Whether trying again makes sense; there is a connection then."""
        if isinstance(fault, _IN_THE_WAY):
            return True
        if not self._connection.closed and not is_end(fault):
            return False
        self._connection.close()
        self._connected()
        return True

    def _connected(self) -> Connection:
        if not self._connection.closed:
            return self._connection
        for pause in _PAUSES_S:
            self._sleep(pause)
            try:
                self._connection = connect(self._conninfo)
            except psycopg.OperationalError as fault:
                # A server that answers, but with a refusal, will not change its mind.
                if pause == _PAUSES_S[-1] or (fault.sqlstate and not is_end(fault)):
                    raise
            else:
                break
        return self._connection

    def _took_place(self, number: int) -> bool:
        for pause in _PAUSES_S:
            self._sleep(pause)
            found = self._connection.execute(b"SELECT txid_status($1)", [number])
            ((status,),) = found.fetchall()
            if status != "in progress":
                return bool(status == "committed")
        raise StoreError("cannot tell whether the last change was saved")
