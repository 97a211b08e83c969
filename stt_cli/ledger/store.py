"""The narrow interface of what keeps the ledger, and the one that keeps nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from stt_cli.ledger.row import LedgerQuery, Row

Ids = Sequence[tuple[str, str]]
Columns = Mapping[str, str | int | None]


class StoreError(Exception):
    """The ledger cannot be written or read; the run goes on without it."""


class DamagedError(StoreError):
    """What keeps the ledger is none, or a damaged one."""


class Store(Protocol):
    """Keeps operations. Each call is durable when it returns, or raises
    ``StoreError``; calls come from several threads and processes at once.
    """

    def add(self, row: Row) -> None:
        """Keep a new operation with its IDs and facts."""

    def change(
        self, key: str, columns: Columns, ids: Ids, facts: Mapping[str, str], now: str
    ) -> None:
        """Set columns, add IDs and set facts of one operation."""

    def rows(self, query: LedgerQuery) -> Iterator[Row]:
        """Yield the operations that match, newest first."""

    def with_id(self, value: str) -> Row | None:
        """Return the newest operation that has this ID or key."""

    def close(self) -> None:
        """Let go of files and connections."""


class Nothing:
    """Keeps nothing: ``STT_LEDGER=off``, or a folder that cannot be written."""

    def add(self, row: Row) -> None:
        """Forget the operation."""

    def change(
        self, key: str, columns: Columns, ids: Ids, facts: Mapping[str, str], now: str
    ) -> None:
        """Forget the change."""

    def rows(self, query: LedgerQuery) -> Iterator[Row]:
        """Yield nothing."""
        return iter(())

    def with_id(self, value: str) -> Row | None:
        """Return nothing."""
        return None

    def close(self) -> None:
        """Do nothing."""
