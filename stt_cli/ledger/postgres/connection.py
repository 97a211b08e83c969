"""Connections to PostgreSQL, and the ledger's statements on them.

Everything is sent in pipeline mode: a change with its BEGIN and COMMIT is one
round trip, which is what it costs over a network (PostgreSQL, "Pipeline Mode").
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import StrDumper

from stt_cli.ledger.store import StoreError

Connection = psycopg.Connection[Any]

_OLDEST = 120000  # PostgreSQL 12; anything older gets no fixes
_TIMEOUT_S = 20  # what another one's writes may take before this one gives up
_CONNECT_TIMEOUT_S = 5

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
_PORTS = re.compile(r"[\d,]*")
_MARK = re.compile(r"\?(\d*)")

# psycopg's warnings would be written to stderr; what matters is raised as well.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
logging.getLogger("psycopg").propagate = False


class Transaction:
    """A transaction as the shared statements see it: SQLite's own interface."""

    def __init__(self, connection: Connection) -> None:
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


def conninfo_of(address: str) -> str:
    """Return an address as libpq takes it, with what it does not say itself.

    Raises:
        ValueError: it cannot be read; its words may be a password, so the message
            has none of it.
    """
    try:
        given = {k: v for k, v in conninfo_to_dict(address).items() if v}
    except psycopg.Error:
        raise ValueError("not a PostgreSQL URL") from None
    names = f"{given.get('host', '')}{given.get('dbname', '')}"
    if "@" in names or not _PORTS.fullmatch(str(given.get("port", ""))):
        # They may be a part of the password, and would be shown in errors.
        raise ValueError("its host, port or database is invalid")
    return make_conninfo("", **{**_DEFAULTS, **given})


def connect(conninfo: str) -> Connection:
    """Return a new connection.

    Raises:
        psycopg.Error: there is no way to the database.
        StoreError: it is none that can keep a ledger.
    """
    connection: Connection = psycopg.connect(
        conninfo,
        autocommit=True,
        prepare_threshold=None,  # poolers between here and there mix them up
        cursor_factory=psycopg.RawCursor,
    )
    try:
        connection.adapters.register_dumper(str, StrDumper)
        info = connection.info
        if info.server_version < _OLDEST:
            raise StoreError(
                f"PostgreSQL {version_of(connection)} is too old: 12 or later"
            )
        if info.parameter_status("server_encoding") != "UTF8":
            encoding = info.parameter_status("server_encoding")
            raise StoreError(f"the database's encoding is {encoding}, not UTF8")
        with pipelined(connection):
            for statement in _BEFORE_ALL:
                connection.execute(statement.encode())
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what is executed together, and wait for all of it at the end, once."""
    before = sys.exc_info()[1]  # what a caller is dealing with is no matter of ours
    try:
        with connection.pipeline():
            try:
                yield
            except (psycopg.Error, StoreError):
                raise
            except BaseException:
                # Ctrl-C waits for no answer, and the next statement is not to get it.
                connection.close()
                raise
    except psycopg.Error as fault:
        interruption = _hidden(fault, before)
        if interruption is None:
            raise
        connection.close()
        raise interruption from None
    except StoreError:
        raise
    except BaseException:
        connection.close()
        raise


def _hidden(fault: psycopg.Error, before: BaseException | None) -> BaseException | None:
    """Return an interruption that psycopg's complaint about its effect replaced."""
    found: BaseException | None = fault
    while isinstance(found, psycopg.Error):
        found = found.__context__
    return None if found is before else found


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
        raise StoreError(words_of(fault)) from fault


def words_of(fault: psycopg.Error) -> str:
    """Return what the server says, or libpq, in a line."""
    words = fault.diag.message_primary or str(fault) or type(fault).__name__
    line = " ".join(words.split())
    return line.removeprefix("connection failed: ")


def is_end(fault: psycopg.Error) -> bool:
    """Whether the server ended the connection, or is starting (SQLSTATE 57P, 08)."""
    return (fault.sqlstate or "").startswith(("57P", "08"))


def version_of(connection: Connection) -> str:
    """Return the server's version, such as ``15.10``."""
    found = connection.info.parameter_status("server_version") or ""
    return found.partition(" ")[0]
