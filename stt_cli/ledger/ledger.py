"""The ledger as commands use it: begin an operation, learn its IDs, finish it.

Each of these is written when the call returns, so a process killed at any moment
leaves every ID it knew; IDs survive a power cut as well. Every text passes the
run's redactor first, and no caller hands over what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.lease import Claim, Granted
from stt_cli.ledger.operation import (
    PLANNED,
    WHOSE,
    Operation,
    OperationRecorder,
    begun,
    stamp,
    storable,
)
from stt_cli.ledger.queue import NewSubmission
from stt_cli.ledger.records import Columns, Record
from stt_cli.ledger.search import LedgerQuery
from stt_cli.ledger.store import LedgerStore, NullStore, StoreError
from stt_cli.net.http_trace import Trail

Answer = TypeVar("Answer")
Opened = tuple[LedgerStore, Notice | None]
"""A store, and what to tell the user about it."""


class Ledger:
    """What was sent, in a store that may turn out to be unusable.

    ``notice`` is what to tell the user: why nothing is kept, or that a damaged
    file was moved aside. A store that fails later (a full disk) is given up:
    the run goes on, ``notice`` is set and ``warn`` called. ``origin`` are facts of
    each operation of this run, which tell where it comes from among many.
    """

    def __init__(
        self,
        environment: Environment,
        store: LedgerStore,
        notice: Notice | None = None,
        warn: Callable[[Notice], None] = lambda _notice: None,
        recover: Callable[[StoreError], Opened] = lambda fault: (NullStore(), None),
        origin: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.notice = notice
        self._origin = origin
        self._environment = environment
        self._store = store
        self._warn = warn
        self._recover = recover
        self._planned: dict[str, Operation] = {}
        self._has_warned_of_damage = False
        self._lock = Lock()
        if notice:
            warn(notice)

    @property
    def keeps(self) -> bool:
        """Whether anything is written."""
        return not isinstance(self._store, NullStore)

    @property
    def own(self) -> tuple[tuple[str, str], ...]:
        """The facts that each operation of this user has; none in one's own ledger."""
        return tuple((k, self._clean(v)) for k, v in self._origin.items() if k in WHOSE)

    def begin(
        self,
        command: str,
        provider: str,
        input: str | None,  # noqa: A002 - the contract's own word
        *,
        ids: Identifiers = Identifiers(),  # noqa: B008 - it is frozen
        facts: Mapping[str, str | None] = MappingProxyType({}),
    ) -> OperationRecorder:
        """Write an operation down before anything of it is sent."""
        row = self._row(command, provider, input, self._now(), ids, facts)
        self._try(lambda: self._store.add(row))
        return OperationRecorder(self, row.key, Trail(self._environment.now).open())

    def recorder(self, key: str) -> OperationRecorder:
        """Return an operation of the past to go on with, by its key."""
        return OperationRecorder(self, key)

    def resume(self, key: str) -> OperationRecorder:
        """Return an operation for which this thread sends requests from now on."""
        return OperationRecorder(self, key, Trail(self._environment.now).open())

    def enqueue(
        self, command: str, provider: str, recordings: Sequence[NewSubmission]
    ) -> list[OperationRecorder]:
        """Write a whole list down, flushed, before anything of it is sent.

        The operations belong to this process until each is claimed, has ended or
        has failed for now.
        """
        now = self._now()
        rows = [
            replace(
                self._row(command, provider, each.input, now, facts=each.facts),
                status=PLANNED,
                queue_entry=replace(
                    each.entry,
                    source=self._clean(each.entry.source),
                    options=self._clean(each.entry.options),
                ),
            )
            for each in recordings
        ]
        self._planned |= {row.key: row for row in rows}
        if rows:
            self._try(lambda: self._store.enqueue(rows, self._store.hold()))
        return [OperationRecorder(self, row.key) for row in rows]

    def claim(self, key: str, fingerprint: str, *, force: bool = False) -> Claim:
        """Say whose turn a planned recording is, and note it as this process's.

        What is ``Granted`` is nobody else's, nor another thread's, until it is a
        job, has ended or has failed for now (``fail_for_now`` of its recorder).
        What is ``Busy`` is to be asked for again later. Without a ledger it is
        always granted.

        Args:
            key: of an operation that ``plan`` or ``unfinished`` returned.
            fingerprint: of the bytes, the provider and the options.
            force: take it even though the same is a job already.
        """
        answers: list[Claim | None] = []

        def ask() -> None:
            store = self._store
            owner, now = store.hold(), self._now()
            answer = store.claim(key, fingerprint, owner, now, force=force)
            if answer is None and key in self._planned:
                # Another shell took it out, or the ledger was begun anew.
                store.enqueue([self._planned[key]], owner)
                answer = store.claim(key, fingerprint, owner, now, force=force)
            answers.append(answer)

        self._try(ask)
        return (answers[-1] if answers else None) or Granted(self._planned[key])

    def unfinished(self, provider: str | None = None) -> list[Operation]:
        """Return what is planned and not a job yet: the oldest list first.

        Those that ``is_elsewhere`` are being submitted by another process. Of a
        ledger that many share, only the user's own: the others' files are elsewhere.
        """
        nothing: list[Record] = []
        found = self._read(lambda store: store.unfinished(provider), nothing)
        rows = [
            row
            for row in self._sound(found)
            if row.queue_entry is not None and row.facts.items() >= set(self.own)
        ]
        self._planned |= {row.key: row for row in rows}
        return rows

    def is_elsewhere(self, row: Operation) -> bool:
        """Whether a planned operation is on the list of another living process."""
        owner = row.owner
        if owner is None:
            return False
        return self._read(
            lambda store: owner != store.hold() and store.is_held(owner), False
        )

    def drop(self, keys: Sequence[str]) -> list[str]:
        """Take planned operations out of the ledger; return those it was done to.

        Those of which anything was sent stay: support may ask for their IDs.
        """
        dropped: list[str] = []
        self._try(lambda: dropped.extend(self._store.drop(keys)))
        return dropped

    def release(self, key: str) -> None:
        """Let anyone claim a planned operation, after it failed for now."""
        self._try(lambda: self._store.release(key))

    def cleaned(self, trail: Trail) -> dict[str, str]:
        """Return what a trail tells, without secrets."""
        return trail.facts(self._environment.redactor.clean)

    def search(self, query: LedgerQuery) -> Iterator[Operation]:
        """Yield the operations that match, newest first."""
        words = tuple(storable(word) for word in query.words)
        store = self._store
        try:
            yield from self._sound(store.rows(replace(query, words=words)))
        except StoreError as fault:
            self._give_up(store, fault, "read")

    def recent(self, limit: int = 1) -> list[Operation]:
        """Return this user's newest operations on this machine, newest first."""
        return list(self.search(LedgerQuery(limit=limit, facts=self.own)))

    def find(self, id_value: str) -> Operation | None:
        """Return the newest operation with this ID, dashes and case ignored."""
        found = self._read(lambda store: store.with_id(storable(id_value)), None)
        return next(self._sound([found] if found else []), None)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def change(
        self,
        key: str,
        columns: Columns | None = None,
        ids: Identifiers | None = None,
        facts: Mapping[str, str | None] | None = None,
        *,
        flush: bool = False,
    ) -> None:
        """Write changes of one operation; its recorder has a name for each kind."""
        clean = self._clean
        set_columns = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (columns or {}).items()
        }
        new_ids = [(name, clean(value)) for name, value in ids.items()] if ids else []
        new_facts = {k: clean(v) for k, v in (facts or {}).items() if v}
        if set_columns or new_ids or new_facts:
            now = self._now()
            self._try(
                lambda: self._store.change(
                    key, set_columns, new_ids, new_facts, now, flush=flush
                )
            )

    def now(self) -> str:
        """Return the time as it is written."""
        return self._now()

    def _row(
        self,
        command: str,
        provider: str,
        input: str | None,  # noqa: A002 - the contract's own word
        now: str,
        ids: Identifiers = Identifiers(),  # noqa: B008 - it is frozen
        facts: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Operation:
        key, stored = self._environment.new_hex_id(), {**self._origin, **facts}
        return begun(key, command, provider, input, now, ids, stored, self._clean)

    def _clean(self, text: str) -> str:
        """Return a text without secrets, as any store can keep it."""
        return storable(self._environment.redactor.clean(text))

    def _now(self) -> str:
        return stamp(self._environment.now())

    def _sound(self, records: Iterable[Record]) -> Iterator[Operation]:
        """Yield what can be read; warn once of what cannot."""
        for record in records:
            fault = record.damage if isinstance(record, Operation) else record.fault
            if fault and not self._has_warned_of_damage:
                self._has_warned_of_damage = True
                self._warn(
                    Notice(
                        f"skipped a damaged record in the ledger: {fault} of "
                        f"{record.key}",
                        hint="`stt doctor` counts damaged records",
                    )
                )
            if isinstance(record, Operation):
                yield record

    def _read(self, ask: Callable[[LedgerStore], Answer], otherwise: Answer) -> Answer:
        store = self._store
        try:
            return ask(store)
        except StoreError as fault:
            self._give_up(store, fault, "read")
            return otherwise

    def _try(self, write: Callable[[], None]) -> None:
        store = self._store
        try:
            write()
        except StoreError as fault:
            # Better a run without a ledger than no run: its IDs are on stderr.
            self._give_up(store, fault, "written")
            with suppress(StoreError):
                write()  # into the new store, where recovery began one

    def _give_up(self, store: LedgerStore, fault: StoreError, verb: str) -> None:
        with self._lock:
            if store is not self._store:
                return  # another thread met the same and told it
            store.close()
            self._store, notice = self._recover(fault)
            self.notice = notice or Notice(
                f"the ledger cannot be {verb}: {fault}",
                hint="keep the IDs printed here; `stt doctor` checks the ledger",
            )
            self._warn(self.notice)
