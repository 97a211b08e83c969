"""The ledger's SQLite file: opened, read, written in groups, closed.

Write-ahead logging lets readers and one writer work at once. Every change is
committed before its call returns, so a killed process loses nothing. Changes that
bring IDs are flushed to the disk as well (``synchronous=FULL``), and with them all
before them: a power cut loses no ID, at worst the last status. Measured on a
virtual disk under load, a flush takes 4 ms; four in a run instead of one, and
the two of SQLite's clean-up at the end, took 28 ms instead of 8.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from stt_cli.core.errors import SttError
from stt_cli.ledger.group_commit import Change, GroupCommit
from stt_cli.ledger.sql import Sql
from stt_cli.ledger.store import DamagedError, StoreError

_BUSY_S = 20.0  # what another process's writes may take before this one gives up
_LONGEST_S = 30.0  # of reading or of a group of changes; both take milliseconds
LONGEST_UPKEEP_S = 600.0  # of a migration, or of reading every page
_STEPS = 100_000  # of SQLite's machine between two questions, some milliseconds
_TABLES = ("ledger_version", "operations", "identifiers", "facts", "submissions")
_NO_TABLE = (
    "SELECT name FROM sqlite_master "
    "WHERE (type = 'view' OR sql LIKE 'CREATE VIRTUAL%') "
    f"AND name IN ({', '.join(map(repr, _TABLES))})"
)
_GLANCE_MS = 2
"""How long SQLite waits for another writer before it is asked again.

Left to itself it soon sleeps 100 ms between two looks, and may miss for 20 s the
fraction of a millisecond in which a process that never pauses leaves the file.
"""

Result = TypeVar("Result")


class SqliteFile:
    """One connection, shared by the threads of a process under a lock."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises ``StoreError``."""
        self._path = path
        self._lock = threading.RLock()
        self._flushes: bool | None = None
        self._end = 0.0
        self._group = GroupCommit(self._commit)
        with translated():
            self.connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
        try:
            with translated(), self._limited():
                self.connection.execute(f"PRAGMA busy_timeout = {_GLANCE_MS}")
                self.connection.set_progress_handler(self._is_over, _STEPS)
                # A view in a table's place may have no end.
                found = _patiently(lambda: self._fetch_one(_NO_TABLE))
                if found:
                    raise DamagedError(f"{found[0]} is not a table")
                self.connection.execute("PRAGMA journal_mode = WAL")
        except BaseException:
            self.connection.close()
            raise

    def write(self, work: Callable[[Sql], Result], *, flush: bool) -> Result:
        """Do ``work`` in a transaction, all or nothing; it is committed on return.

        Raises:
            StoreError: it could not be written.
        """
        return self._group.write(work, flush=flush)

    def read(
        self, work: Callable[[Sql], Result], *, longest_s: float | None = None
    ) -> Result:
        """Return what ``work`` reads. Raises ``StoreError``."""
        with self._lock, translated(), self._limited(longest_s):
            try:
                return _patiently(lambda: work(self.connection))
            except sqlite3.OperationalError as fault:
                if not self._reads_any_text(fault):
                    raise
            return _patiently(lambda: work(self.connection))

    def overwriting(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` so that what it removes is zeroed, also in the log beside it.

        Where another process reads meanwhile, its log is emptied later.
        """
        with self._lock, translated():
            self.connection.execute("PRAGMA secure_delete = ON")
        try:
            with self._lock, self._limited(LONGEST_UPKEEP_S):
                return work()
        finally:
            with self._lock, suppress(sqlite3.Error):
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self.connection.execute("PRAGMA secure_delete = OFF")

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
                self.connection.close()
        with self._lock, suppress(sqlite3.Error):
            self.connection.close()

    def _commit(self, group: Sequence[Change]) -> None:
        """Commit a group of changes with one flush, where one of them wants it."""
        with self._lock, self._limited():
            try:
                self._begin(flush=any(change.flush for change in group))
            except StoreError as fault:
                for change in group:
                    change.end(fault=fault)
                return
            try:
                outcomes = [self._outcome(change, len(group)) for change in group]
                with translated():
                    self.connection.execute("COMMIT")
            except StoreError as fault:
                self._roll_back()
                if self._reads_any_text(fault.__cause__):
                    self._commit(group)
                    return
                if len(group) == 1:
                    group[0].end(fault=fault)
                    return
                # Which one is to blame is not known: each for itself.
                for change in group:
                    self._commit([change])
            except BaseException:
                self._roll_back()
                raise
            else:
                for change, outcome in zip(group, outcomes, strict=True):
                    change.end(*outcome)

    def _outcome(self, change: Change, size: int) -> tuple[Any, Exception | None]:
        """Return a change's result and fault; one that fails undoes only itself."""
        with translated():
            if size == 1:
                return change.work(self.connection), None
            self.connection.execute("SAVEPOINT one")
            try:
                with translated():
                    result, fault = change.work(self.connection), None
            except SttError:
                raise  # the interruption of this thread, not the change's fault
            except Exception as error:
                if not self.connection.in_transaction:
                    raise  # SQLite has undone all of it, as for a full disk
                self.connection.execute("ROLLBACK TO one")
                result, fault = None, error
            self.connection.execute("RELEASE one")
            return result, fault

    @contextmanager
    def _limited(self, longest_s: float | None = None) -> Iterator[None]:
        """Let no statement within go on for longer; the outermost limit counts."""
        if self._end:
            yield
            return
        self._end = monotonic() + (longest_s or _LONGEST_S)
        try:
            yield
        finally:
            self._end = 0.0

    def _is_over(self) -> bool:
        return 0 < self._end < monotonic()

    def _fetch_one(self, statement: str) -> Any:
        return self.connection.execute(statement).fetchone()

    def _reads_any_text(self, fault: BaseException | None) -> bool:
        """Read text that is no UTF-8 as escapes from now on; whether that was amiss.

        Nothing of this program's writes such text, and to decode each one by a
        function costs as much again as to read it.
        """
        if self.connection.text_factory is not str or "Could not decode" not in str(
            fault
        ):
            return False
        self.connection.text_factory = _decoded
        return True

    def _begin(self, *, flush: bool) -> None:
        """Begin to write; IMMEDIATE, so that waiting comes before reading."""
        with translated():
            if flush is not self._flushes:
                level = "FULL" if flush else "NORMAL"
                self.connection.execute(f"PRAGMA synchronous = {level}")
                self._flushes = flush
            _patiently(lambda: self.connection.execute("BEGIN IMMEDIATE"))

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error):
            self.connection.execute("ROLLBACK")


def _patiently(work: Callable[[], Result]) -> Result:
    """Do ``work`` as soon as other processes leave the file alone for a moment."""
    end = monotonic() + _BUSY_S
    while True:
        try:
            return work()
        except sqlite3.OperationalError as fault:
            if not _is_busy(fault) or monotonic() > end:
                raise


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace")


def _is_busy(fault: sqlite3.Error) -> bool:
    """Whether another process writes, or puts right what a dead one left."""
    return (getattr(fault, "sqlite_errorname", "") or "").startswith("SQLITE_BUSY")


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's errors into those of the store."""
    try:
        yield
    except OSError as fault:  # of the files of owners
        raise StoreError(f"{fault.filename}: {fault.strerror}") from fault
    except sqlite3.Error as fault:
        name = getattr(fault, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise DamagedError(str(fault)) from fault
        if name == "SQLITE_INTERRUPT":
            raise StoreError("reading or writing it takes too long") from fault
        raise StoreError(str(fault)) from fault
