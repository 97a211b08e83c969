"""Several streams of events at once, merged into one, a few at a time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from stt_cli.core.errors import InterruptedRun

Event = TypeVar("Event")

# A reader that falls behind (a terminal, a full pipe) slows the work down
# instead of letting events pile up in memory.
_MOST_WAITING = 1_000
_STEP_S = 0.1  # how long a worker may be deaf to being stopped
_FAREWELL_S = 2.0  # how long an interrupted run waits for what is known


class _Finished:
    """A worker's last word: the fault that ended it, or none."""

    def __init__(self, fault: BaseException | None) -> None:
        self.fault = fault


def run_side_by_side(
    streams: Sequence[Callable[[], Iterator[Event]]], workers: int
) -> Iterator[Event]:
    """Yield the events of all streams as they come, ``workers`` streams at a time.

    The first fault that a stream raises stops the others and is raised here.
    An interruption of the caller stops them too: each stream is told by an
    ``InterruptedRun`` in its own thread, and what it then still yields comes
    before the interruption goes on.
    """
    todo: queue.SimpleQueue[Callable[[], Iterator[Event]]] = queue.SimpleQueue()
    for stream in streams:
        todo.put(stream)
    events: queue.Queue[Event | _Finished] = queue.Queue(_MOST_WAITING)
    stopped = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(todo, events, stopped), daemon=True)
        for _ in range(min(workers, len(streams)))
    ]
    for thread in threads:
        thread.start()
    running = len(threads)
    try:
        while running:
            event = events.get()
            if not isinstance(event, _Finished):
                yield event
                continue
            running -= 1
            if event.fault is not None:
                raise event.fault
    except GeneratorExit:
        raise
    except BaseException:
        stopped.set()
        yield from _last_words(events, running)
        raise
    finally:
        stopped.set()


def _last_words(
    events: queue.Queue[Event | _Finished], running: int
) -> Iterator[Event]:
    """Yield what interrupted streams still have to say, for a short while."""
    while running:
        try:
            event = events.get(timeout=_FAREWELL_S)
        except queue.Empty:
            return
        if isinstance(event, _Finished):
            running -= 1
        else:
            yield event


def _work(
    todo: queue.SimpleQueue[Callable[[], Iterator[Event]]],
    events: queue.Queue[Event | _Finished],
    stopped: threading.Event,
) -> None:
    fault: BaseException | None = None
    try:
        while not stopped.is_set():
            try:
                stream = todo.get_nowait()()
            except queue.Empty:
                break
            _pass_on(stream, events, stopped)
    except BaseException as caught:
        fault = caught
    _put(_Finished(fault), events, stopped)


def _pass_on(
    stream: Iterator[Event],
    events: queue.Queue[Event | _Finished],
    stopped: threading.Event,
) -> None:
    for event in stream:
        _put(event, events, stopped)
        if stopped.is_set():
            _interrupt(stream, events, stopped)
            return


def _interrupt(
    stream: Iterator[Event],
    events: queue.Queue[Event | _Finished],
    stopped: threading.Event,
) -> None:
    """Tell a stream to stop; what it says on its way out is passed on."""
    if not isinstance(stream, Generator):
        return
    with suppress(StopIteration, InterruptedRun):
        _put(stream.throw(InterruptedRun()), events, stopped)
        for event in stream:
            _put(event, events, stopped)


def _put(
    event: Event | _Finished,
    events: queue.Queue[Event | _Finished],
    stopped: threading.Event,
) -> None:
    while True:
        try:
            events.put(event, timeout=_STEP_S)
        except queue.Full:
            if stopped.is_set():
                return
        else:
            return
