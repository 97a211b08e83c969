"""Threads that report to one reader, and leave with it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Generic, Self, TypeVar

Event = TypeVar("Event")

_FAREWELL_S = 2.0
"""How long work that was begun may go on when the reader leaves."""

_HEARTBEAT_S = 0.5
"""How long the reader may be deaf to signals, where a wait cannot be interrupted."""


class _Fault:
    """What ended a thread."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault


class Crew(Generic[Event]):
    """Runs threads and hands on what they report. Use as a context.

    They are daemons: one that sleeps or waits for an answer keeps nobody from
    leaving. ``last_words`` waits a short while for the work of pools.
    """

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[Event | _Fault] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._pools: list[Pool] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether the reader has left."""
        return self._stopped.is_set()

    def put(self, event: Event) -> None:
        """Report something."""
        self._inbox.put(event)

    def next(self) -> Event:
        """Wait for what is reported next. Raises what ended a thread."""
        while True:
            try:
                event = self._inbox.get(timeout=_HEARTBEAT_S)
            except queue.Empty:
                continue
            if isinstance(event, _Fault):
                raise event.fault
            return event

    def last_words(self) -> Iterator[Event]:
        """Begin nothing more; yield what was reported until what was begun is done."""
        self._stopped.set()
        give_up = monotonic() + _FAREWELL_S
        for pool in self._pools:
            pool.leave(give_up)
        with suppress(queue.Empty):
            while True:
                event = self._inbox.get_nowait()
                if not isinstance(event, _Fault):
                    yield event

    def start(self, work: Callable[[], None]) -> None:
        """Run ``work`` in a thread of its own."""
        threading.Thread(target=lambda: self.run(work), daemon=True).start()

    def run(self, work: Callable[[], None]) -> None:
        """Run ``work`` here; what it raises is the reader's to see."""
        try:
            work()
        except BaseException as fault:
            self._inbox.put(_Fault(fault))

    def pool(self, workers: int) -> Pool:
        """Return a pool that does work ``workers`` at a time."""
        made = Pool(self.run, self._stopped, workers)
        self._pools.append(made)
        return made


class Pool:
    """Does what is added, a few at a time; its threads come with the work."""

    def __init__(
        self,
        run: Callable[[Callable[[], None]], None],
        stopped: threading.Event,
        workers: int,
    ) -> None:
        self._run = run
        self._stopped = stopped
        self._workers = workers
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()

    def add(self, work: Callable[[], None]) -> None:
        """Let ``work`` be done as soon as somebody is free."""
        self._todo.put(work)
        with self._lock:
            if len(self._threads) < self._workers:
                thread = threading.Thread(target=self._work, daemon=True)
                self._threads.add(thread)
                thread.start()

    def leave(self, give_up: float) -> None:
        """Wait until that moment for what was begun."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(max(0.0, give_up - monotonic()))

    def _work(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                try:
                    work = self._todo.get_nowait()
                except queue.Empty:
                    self._threads.discard(threading.current_thread())
                    return
            self._run(work)
