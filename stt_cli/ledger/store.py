"""The narrow interface of what keeps the ledger, and the one that keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from stt_cli.ledger.lease import Claim
from stt_cli.ledger.operation import Operation
from stt_cli.ledger.records import Columns, Ids, Record
from stt_cli.ledger.search import LedgerQuery


class StoreError(Exception):
    """The ledger cannot be written or read; the run goes on without it."""


class DamagedError(StoreError):
    """What keeps the ledger is none, or a damaged one."""


class LedgerStore(Protocol):
    """Keeps operations. Each call is durable when it returns, or raises
    ``StoreError``; calls come from several threads and processes at once.
    """

    def add(self, row: Operation) -> None:
        """Keep a new operation with its IDs and facts."""

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
        """Set columns, add IDs and set facts of one operation.

        IDs survive a power cut when the call returns; with ``flush`` all of it.
        """

    def rows(self, query: LedgerQuery) -> Iterator[Record]:
        """Yield the operations that match, newest first."""

    def with_id(self, value: str) -> Record | None:
        """Return the newest operation that has this ID or key."""

    def enqueue(self, rows: Sequence[Operation], owner: str) -> None:
        """Keep new operations that have a plan, all or none; it is flushed."""

    def claim(
        self, key: str, fingerprint: str, owner: str, now: str, *, force: bool = False
    ) -> Claim | None:
        """Decide as ``claiming.decide`` does, in one transaction with its effect.

        ``None`` where there is no such planned operation.
        """

    def release(self, key: str) -> None:
        """Take the owner off a planned operation: anyone may claim it."""

    def unfinished(self, provider: str | None) -> list[Record]:
        """Return open planned operations without a job: the oldest list first."""

    def drop(self, keys: Sequence[str]) -> list[str]:
        """Take out planned operations of which nothing was sent; return their keys."""

    def hold(self) -> str:
        """Return this process's token, which is held from now until it ends."""

    def is_held(self, token: str) -> bool:
        """Whether the process that the token names lives."""

    def close(self) -> None:
        """Let go of files and connections."""


class NullStore:
    """Keeps nothing: ``STT_LEDGER=off``, or a folder that cannot be written."""

    def add(self, row: Operation) -> None:
        """Forget the operation."""

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
        """Forget the change."""

    def rows(self, query: LedgerQuery) -> Iterator[Record]:
        """Yield nothing."""
        return iter(())

    def with_id(self, value: str) -> Record | None:
        """Return nothing."""
        return None

    def enqueue(self, rows: Sequence[Operation], owner: str) -> None:
        """Forget the operations."""

    def claim(
        self, key: str, fingerprint: str, owner: str, now: str, *, force: bool = False
    ) -> Claim | None:
        """Know of nothing."""
        return None

    def release(self, key: str) -> None:
        """Do nothing."""

    def unfinished(self, provider: str | None) -> list[Record]:
        """Return nothing."""
        return []

    def drop(self, keys: Sequence[str]) -> list[str]:
        """Take all of them for dropped."""
        return list(keys)

    def hold(self) -> str:
        """Return a token that nobody asks after."""
        return ""

    def is_held(self, token: str) -> bool:
        """Know of nobody."""
        return False

    def close(self) -> None:
        """Do nothing."""
