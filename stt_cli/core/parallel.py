"""The one way to run things side by side: streams of events, merged into one.

A stream is a function that returns an iterator of events. Each runs in a thread and
its events come to one reader, in the order in which they happen. The threads are
daemons: one that sleeps or waits for an answer keeps nobody from leaving.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Generic, TypeVar

from stt_cli.core.errors import InterruptedRun, OutOfTimeError

Event = TypeVar("Event")

_MOST_WAITING = 1_000
"""Events that wait for the reader; one that falls behind slows the work down."""

_STEP_S = 0.1
"""Seconds in which a worker may not notice that nobody reads any more."""

_HEARTBEAT_S = 0.5
"""Seconds in which the reader may not notice a signal, where waits cannot be cut."""

_FAREWELL_S = 2.0
"""Seconds of silence for which an interrupted reader waits for what is under way."""

_INTERRUPTIONS = (KeyboardInterrupt, InterruptedRun, OutOfTimeError)


class _Ended:
    """A stream's last word: the fault that ended it, or none."""

    def __init__(self, fault: BaseException | None, *, is_awaited: bool) -> None:
        self.fault = fault
        self.is_awaited = is_awaited


class Streams(Generic[Event]):
    """Streams that run side by side; more can be added while they do.

    Args:
        farewell: seconds of silence after which an interrupted reader leaves.
    """

    def __init__(self, farewell: float = _FAREWELL_S) -> None:
        self._farewell = farewell
        self._events: queue.Queue[Event | _Ended] = queue.Queue(_MOST_WAITING)
        self._stopped = threading.Event()  # nothing more is begun
        self._left = threading.Event()  # nobody reads any more
        self._lock = threading.Lock()
        self._open = 0  # added, and not seen to have ended
        self._awaited = 0  # begun by a lane, and not seen to have ended

    @property
    def is_stopped(self) -> bool:
        """Whether streams are to end: the reader was interrupted, or has left."""
        return self._stopped.is_set()

    def lane(self, workers: int) -> Lane[Event]:
        """Return a lane that runs ``workers`` of its streams at a time."""
        return Lane(self, workers)

    def background(self, stream: Callable[[], Iterator[Event]]) -> None:
        """Run a stream at once that an interrupted reader does not wait for."""
        self.count_added()
        work = partial(self.run, stream, is_awaited=False)
        threading.Thread(target=work, name="parallel", daemon=True).start()

    def merged(self) -> Generator[Event, None, None]:
        """Yield the events of all streams until the last one has ended.

        The first fault that a stream raises stops the others and is raised here. An
        interruption of the reader stops them too: each stream gets an
        ``InterruptedRun`` at its next event, in its own thread, and what it then still
        yields comes before the interruption goes on.
        """
        try:
            while self._open:
                event = self._next()
                if isinstance(event, _Ended):
                    self._count_ended(event)
                    if event.fault is not None:
                        raise event.fault
                else:
                    yield event
        except GeneratorExit:
            raise
        except BaseException:
            self._stop()
            yield from self._last_events()
            raise
        finally:
            self._stop()
            self._left.set()

    # What lanes and threads need.

    def count_added(self, *, is_begun: bool = False) -> None:
        """Take note that a stream will run, and whether it does so at once."""
        with self._lock:
            self._open += 1
            self._awaited += is_begun

    def taken(
        self, todo: deque[Callable[[], Iterator[Event]]]
    ) -> Callable[[], Iterator[Event]] | None:
        """Return the next stream of a lane, unless there is none or all is over."""
        with self._lock:
            if not todo or self._stopped.is_set():
                return None
            self._awaited += 1
            return todo.popleft()

    def run(self, stream: Callable[[], Iterator[Event]], *, is_awaited: bool) -> None:
        """Run a stream in this thread; what it raises is the reader's to see."""
        fault: BaseException | None = None
        try:
            self._pass_on(stream())
        except BaseException as caught:
            fault = caught
        self._put(_Ended(fault, is_awaited=is_awaited))

    def _stop(self) -> None:
        with self._lock:
            self._stopped.set()

    def _count_ended(self, ended: _Ended) -> None:
        with self._lock:
            self._open -= 1
            self._awaited -= ended.is_awaited

    def _next(self) -> Event | _Ended:
        while True:
            with suppress(queue.Empty):
                return self._events.get(timeout=_HEARTBEAT_S)

    def _last_events(self) -> Iterator[Event]:
        """Yield what interrupted streams still have, for a short while."""
        give_up = monotonic() + self._farewell
        while True:
            left = give_up - monotonic() if self._awaited else 0.0
            try:
                event = self._events.get(timeout=max(0.0, left))
            except queue.Empty:
                return
            if isinstance(event, _Ended):
                self._count_ended(event)
            else:
                yield event
                give_up = monotonic() + self._farewell

    def _pass_on(self, stream: Iterator[Event]) -> None:
        for event in stream:
            self._put(event)
            if self._stopped.is_set():
                self._interrupt(stream)
                return

    def _interrupt(self, stream: Iterator[Event]) -> None:
        """Tell a stream to stop; what it yields on its way out is passed on."""
        if not isinstance(stream, Generator):
            return
        with suppress(StopIteration, InterruptedRun):
            self._put(stream.throw(InterruptedRun()))
            for event in stream:
                self._put(event)

    def _put(self, event: Event | _Ended) -> None:
        while True:
            try:
                self._events.put(event, timeout=_STEP_S)
            except queue.Full:
                if self._left.is_set():
                    return
            else:
                return


class Lane(Generic[Event]):
    """Runs what is added, a few at a time; its threads come with the work."""

    def __init__(self, streams: Streams[Event], workers: int) -> None:
        self._streams = streams
        self._workers = workers
        self._todo: deque[Callable[[], Iterator[Event]]] = deque()
        self._lock = threading.Lock()
        self._threads = 0

    def add(self, stream: Callable[[], Iterator[Event]]) -> None:
        """Let a stream run as soon as a worker is free."""
        if self._streams.is_stopped:
            return
        with self._lock:
            is_free = self._threads < self._workers
            self._threads += is_free
            self._streams.count_added(is_begun=is_free)
            if not is_free:
                self._todo.append(stream)
        if is_free:
            work = partial(self._work, stream)
            threading.Thread(target=work, name="parallel", daemon=True).start()

    def _work(self, stream: Callable[[], Iterator[Event]]) -> None:
        """Run a stream, and after it those that wait."""
        while True:
            self._streams.run(stream, is_awaited=True)
            with self._lock:
                following = self._streams.taken(self._todo)
                if following is None:
                    self._threads -= 1
                    return
            stream = following


class Slot:
    """A place among those that may do something at the same time.

    Taken and given back by one thread, any number of times.
    """

    def __init__(self, slots: threading.Semaphore) -> None:
        self._slots = slots
        self._is_taken = False

    def take(self) -> None:
        """Wait for a place, unless this one has it already."""
        if not self._is_taken:
            self._slots.acquire()
            self._is_taken = True

    def give_back(self) -> None:
        """Leave the place to another, if this one has it."""
        if self._is_taken:
            self._is_taken = False
            self._slots.release()


def run_streams(
    streams: Sequence[Callable[[], Iterator[Event]]],
    workers: int,
    *,
    farewell: float = _FAREWELL_S,
) -> Generator[Event, None, None]:
    """Yield the events of all streams, ``workers`` at a time; see ``merged``."""
    running = Streams[Event](farewell)
    lane = running.lane(workers)
    for stream in streams:
        lane.add(stream)
    yield from running.merged()


def take_all(events: Iterator[Event], take: Callable[[Event], None]) -> None:
    """Hand over all events of a stream, also those that come after an interruption.

    An interruption that arrives while ``take`` works is thrown into the stream: what
    it yields on its way out is handed over too, before the interruption is raised.
    """
    try:
        for event in events:
            take(event)
    except _INTERRUPTIONS as stop:
        if isinstance(events, Generator):
            with suppress(StopIteration, *_INTERRUPTIONS):
                take(events.throw(stop))
                for event in events:
                    take(event)
        raise
