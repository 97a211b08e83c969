"""A connection to PostgreSQL that is made again where it was cut.

Everything is sent in pipeline mode: a change with its BEGIN and COMMIT is one
round trip, which is what it costs over a network (PostgreSQL, "Pipeline Mode").
The statements are those of the SQLite ledger; ``in_postgres`` translates.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import StrDumper

from stt_cli.ledger.store import StoreError

T = TypeVar("T")

_OLDEST = 120000  # PostgreSQL 12; anything older gets no fixes
_TIMEOUT_S = 20  # what another one's writes may take before this one gives up
_CONNECT_TIMEOUT_S = 5
_PAUSES_S = (0.0, 0.5, 1.5)  # before each try to connect anew: a server restarts

_DEFAULTS: Mapping[str, Any] = {
    "application_name": "stt",
    "client_encoding": "UTF8",
    "connect_timeout": _CONNECT_TIMEOUT_S,
    "gssencmode": "disable",
    # A peer that vanished is noticed within a minute, a write to it sooner.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": _TIMEOUT_S * 1000,
}
# The server notices a client's machine that vanished, whose locks are then free.
# A server that does not wait for its disk at each commit is asked to, here.
_BEFORE_ALL = (
    f"SET statement_timeout = '{_TIMEOUT_S}s'",
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'",
)
# Another one's transaction came between; a dropped operation is a foreign key's.
_IN_THE_WAY = (
    errors.DeadlockDetected,
    errors.SerializationFailure,
    errors.ForeignKeyViolation,
)
_MARK = re.compile(r"\?(\d*)")

# psycopg's warnings would be written to stderr; what matters is raised as well.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
logging.getLogger("psycopg").propagate = False


class Session:
    """A transaction as the shared statements see it: SQLite's own interface."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(
        self, statement: str, values: Sequence[Any] = ()
    ) -> psycopg.Cursor[Any]:
        """Send a statement; its result is waited for when it is fetched."""
        return self._connection.execute(in_postgres(statement).encode(), values or None)

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> None:
        """Send a statement for each of several rows."""
        for values in many:
            self.execute(statement, values)


class Server:
    """A database, with one connection that the threads of a process share."""

    def __init__(self, address: str, sleep: Callable[[float], None]) -> None:
        """Connect.

        Raises:
            ValueError: the address cannot be read; its words may be a password,
                so the message has none of it.
            StoreError: there is no way to the database.
        """
        try:
            given = {k: v for k, v in conninfo_to_dict(address).items() if v}
        except psycopg.Error:
            raise ValueError("no address that PostgreSQL reads") from None
        self._conninfo = make_conninfo("", **{**_DEFAULTS, **given})
        self._sleep = sleep
        self._lock = threading.RLock()
        with translated():
            self._connection = self.connect()

    def connect(self) -> psycopg.Connection[Any]:
        """Return a new connection of its own. Raises ``psycopg.Error``."""
        connection: psycopg.Connection[Any] = psycopg.connect(
            self._conninfo,
            autocommit=True,
            prepare_threshold=None,  # poolers between here and there mix them up
            cursor_factory=psycopg.RawCursor,
        )
        try:
            connection.adapters.register_dumper(str, StrDumper)
            info = connection.info
            if info.server_version < _OLDEST:
                raise StoreError(f"PostgreSQL {_version(info)} is too old: 12 or later")
            if info.parameter_status("server_encoding") != "UTF8":
                encoding = info.parameter_status("server_encoding")
                raise StoreError(f"the database's encoding is {encoding}, not UTF8")
            with _pipeline(connection):
                for statement in _BEFORE_ALL:
                    connection.execute(statement.encode())
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def version(self) -> str:
        """The server's version, such as ``15.10``."""
        return _version(self._connection.info)

    @property
    def password(self) -> str:
        """The password that was used, also one of ``~/.pgpass``; or nothing."""
        return self._connection.info.password

    def run(self, work: Callable[[Session], T]) -> T:
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

    def run_once(self, work: Callable[[Session], T]) -> T:
        """Do a transaction that must not be done twice.

        Where the answer to its COMMIT was lost, the server is asked whether it
        took place (PostgreSQL, "Transaction ID and Snapshot Information
        Functions").

        Raises:
            StoreError: it could not be done, or whether it was is not known.
        """
        done: list[tuple[int, T]] = []

        def numbered(session: Session) -> T:
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

    def _attempt(self, work: Callable[[Session], T]) -> T:
        connection = self._connected()
        try:
            with _pipeline(connection):
                connection.execute(b"BEGIN")
                result = work(Session(connection))
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
        if not self._connection.closed and not _is_end(fault):
            return False
        self._connection.close()
        self._connected()
        return True

    def _connected(self) -> psycopg.Connection[Any]:
        if not self._connection.closed:
            return self._connection
        for pause in _PAUSES_S:
            self._sleep(pause)
            try:
                self._connection = self.connect()
            except psycopg.OperationalError as fault:
                # A server that answers, but with a refusal, will not change its mind.
                if pause == _PAUSES_S[-1] or (fault.sqlstate and not _is_end(fault)):
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
        raise StoreError("whether the last change was made is not known")


@contextmanager
def _pipeline(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Send what is executed together, and wait for all of it at the end."""
    with connection.pipeline() as pipeline:
        try:
            yield
            pipeline.sync()
        except (psycopg.Error, StoreError):
            raise
        except BaseException:
            # Ctrl-C waits for no answer, and the next statement is not to get it.
            connection.close()
            raise


def lock_number(name: str) -> int:
    """Return the number that PostgreSQL knows a lock by."""
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@lru_cache(maxsize=256)
def in_postgres(statement: str) -> str:
    """Return a statement with ``?`` and ``?1`` as PostgreSQL writes them."""
    count = 0

    def number(mark: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${mark[1] or count}"

    return _MARK.sub(number, statement)


@contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors into those of the store."""
    try:
        yield
    except psycopg.Error as fault:
        raise StoreError(_words(fault)) from fault


def _words(fault: psycopg.Error) -> str:
    """Return what the server says, or libpq, in a line."""
    words = fault.diag.message_primary or str(fault) or type(fault).__name__
    line = " ".join(words.split())
    return line.removeprefix("connection failed: ")


def _is_end(fault: psycopg.Error) -> bool:
    """Whether the server ended the connection, or is starting (SQLSTATE 57P, 08)."""
    return (fault.sqlstate or "").startswith(("57P", "08"))


def _version(info: psycopg.ConnectionInfo) -> str:
    return (info.parameter_status("server_version") or "").partition(" ")[0]
