"""Changes of several threads, committed together: one flush for all that wait.

A thread that finds nobody committing does it, for itself and for whatever other
threads hand in by the time it begins; whoever comes later waits, and the first
of them commits the next group. Nobody waits for more to come, so that a single
thread pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Any, TypeVar, cast

from stt_cli.ledger.sql import Sql

Result = TypeVar("Result")


class Change:
    """One thread's change, and what came of it.

    ``work`` is run within a transaction and may be run again in a new one.
    """

    def __init__(self, work: Callable[[Sql], Any], flush: bool) -> None:
        self.work = work
        self.flush = flush
        self.result: Any = None
        self.fault: Exception | None = None
        self.is_done = False
        self._woken = Event()

    def end(self, result: Any = None, fault: Exception | None = None) -> None:
        """Note the outcome; the thread is woken when the whole group is done."""
        self.result, self.fault, self.is_done = result, fault, True

    def wait(self) -> None:
        """Wait until it is done, or until its thread is to commit."""
        self._woken.wait()

    def wake(self) -> None:
        """Let its thread go on."""
        self._woken.set()


class GroupCommit:
    """The queue of changes, and whose turn it is to commit them.

    Args:
        commit: commits a group and calls ``end`` of each change when it is
            durable or has failed. What it raises (an interruption of the thread
            that commits) is raised in that thread alone; the changes that have
            not ended by then are in the next group.
    """

    def __init__(self, commit: Callable[[Sequence[Change]], None]) -> None:
        self._commit = commit
        self._lock = Lock()
        self._waiting: list[Change] = []
        self._leader: Change | None = None

    def write(self, work: Callable[[Sql], Result], *, flush: bool) -> Result:
        """Return what ``work`` returned, once that is committed, or raise its fault."""
        change = Change(work, flush)
        try:
            with self._lock:
                self._waiting.append(change)
                if self._leader is None:
                    self._leader = change
            if self._leader is not change:
                change.wait()
            if not change.is_done:
                self._lead()
        finally:
            self._leave(change)
        if change.fault is not None:
            raise change.fault
        return cast("Result", change.result)

    def _lead(self) -> None:
        group: list[Change] = []
        try:
            with self._lock:
                group, self._waiting = self._waiting, []
            self._commit(group)
        finally:
            with self._lock:
                left = [each for each in group if not each.is_done]
                left += [each for each in self._waiting if each not in group]
                self._waiting = left
            for each in group:
                if each.is_done:
                    each.wake()

    def _leave(self, change: Change) -> None:
        """Let the next one lead; an interrupted thread takes its change with it."""
        with self._lock:
            if change in self._waiting:
                self._waiting.remove(change)
            if self._leader is change:
                self._leader = self._waiting[0] if self._waiting else None
                if self._leader:
                    self._leader.wake()
