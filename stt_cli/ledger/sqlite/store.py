"""The ledger in a SQLite file, its statements those of every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stt_cli.ledger import queue, records, search
from stt_cli.ledger.lease import Claim
from stt_cli.ledger.migrations import MIGRATIONS
from stt_cli.ledger.operation import Operation
from stt_cli.ledger.records import Columns, Ids, Record
from stt_cli.ledger.search import LedgerQuery
from stt_cli.ledger.sql import Sql
from stt_cli.ledger.sqlite.file import LONGEST_UPKEEP_S, SqliteFile, translated
from stt_cli.ledger.sqlite.process_locks import ProcessLocks
from stt_cli.ledger.store import StoreError


class SqliteStore:
    """One connection, shared by the threads of a process."""

    def __init__(self, path: Path) -> None:
        """Open the file and bring its tables up to date.

        Raises:
            StoreError: it cannot be opened; ``DamagedError`` where it is
                none or damaged.
        """
        self._file = SqliteFile(path)
        self._owners = ProcessLocks(path.parent / "owners")
        try:
            self._migrate()
        except BaseException:
            self._file.close()
            raise

    def add(self, row: Operation) -> None:
        """Keep a new operation."""
        self._file.write(lambda sql: records.add(sql, [row]), flush=bool(row.ids))

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
        """Set columns, IDs and facts of one operation."""
        self._file.write(
            lambda sql: records.change(sql, key, columns, ids, facts, now),
            flush=flush or bool(ids),
        )

    def rows(self, query: LedgerQuery) -> Iterator[Record]:
        """Yield the operations that match, newest first, a page at a time."""
        return search.pages(query, self._file.read)

    def with_id(self, value: str) -> Record | None:
        """Return the newest operation with this ID or key."""
        return self._file.read(lambda sql: search.with_id(sql, value))

    def enqueue(self, rows: Sequence[Operation], owner: str) -> None:
        """Keep the operations of a whole list that is to be submitted."""
        self._file.write(lambda sql: queue.enqueue(sql, rows, owner), flush=True)

    def claim(
        self, key: str, fingerprint: str, owner: str, now: str, *, force: bool = False
    ) -> Claim | None:
        """Say whose turn a planned recording is, and note it; all in one step."""

        def decide(sql: Sql) -> Claim | None:
            return queue.claim(
                sql, key, fingerprint, owner, now, self.is_held, force=force
            )

        return self._file.write(decide, flush=False)

    def release(self, key: str) -> None:
        """Let a submission that failed for now be claimed by anyone."""
        self._file.write(lambda sql: queue.release(sql, key), flush=False)

    def unfinished(self, provider: str | None) -> list[Record]:
        """Return what is planned and not a job, in the order it was planned."""
        return self._file.read(lambda sql: queue.unfinished(sql, provider))

    def drop(self, keys: Sequence[str]) -> list[str]:
        """Take out those of which nothing was sent; return their keys."""
        return self._file.write(lambda sql: queue.drop(sql, keys), flush=False)

    def hold(self) -> str:
        """Return a token that is held as long as this process lives."""
        with translated():
            return self._owners.hold()

    def is_held(self, token: str) -> bool:
        """Whether the process of that token lives."""
        with translated():
            return self._owners.is_held(token)

    def integrity(self) -> list[str]:
        """Return what is damaged; nothing when all is well."""
        found = self._file.read(
            lambda sql: [row[0] for row in sql.execute("PRAGMA integrity_check(5)")],
            longest_s=LONGEST_UPKEEP_S,
        )
        return [] if found == ["ok"] else found

    def count(self) -> int:
        """Return how many operations are kept."""
        return self._file.read(search.count)

    def close(self) -> None:
        """Close the file, and let others go on with what this process planned."""
        self._owners.let_go()
        self._file.close()

    def _migrate(self) -> None:
        version = self._file.read(_version)
        if version == 0:
            self._file.write(_take_steps, flush=True)
        elif version < len(MIGRATIONS):
            # What is masked is to be gone from the file as well, not just from view.
            self._file.overwriting(lambda: self._file.write(_take_steps, flush=True))
        elif version > len(MIGRATIONS):
            raise StoreError("a newer version of stt wrote it")


def _take_steps(sql: Sql) -> None:
    # Another process may have been quicker: look again under the lock.
    for step in MIGRATIONS[_version(sql) :]:
        if callable(step):
            step(sql)
            continue
        for statement in step.split(";"):
            sql.execute(statement)
    sql.execute("DELETE FROM ledger_version")
    sql.execute("INSERT INTO ledger_version VALUES (?)", [len(MIGRATIONS)])


def _version(sql: Sql) -> int:
    sql.execute("CREATE TABLE IF NOT EXISTS ledger_version (version INTEGER NOT NULL)")
    found = sql.execute("SELECT max(version) FROM ledger_version")
    return int(found.fetchone()[0] or 0)
