"""Several streams at once: nothing lost, a fault stops all, a stop is clean."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from stt_cli.core.errors import InterruptedRun
from stt_cli.workflows.side_by_side import run_side_by_side


def counting(name: str, upto: int) -> Callable[[], Iterator[str]]:
    return lambda: (f"{name}{number}" for number in range(upto))


def test_every_event_of_every_stream_arrives_in_its_own_order() -> None:
    streams = [counting(name, 500) for name in "abcdefg"]
    events = list(run_side_by_side(streams, 3))
    assert len(events) == 3_500
    for name in "abcdefg":
        own = [event for event in events if event[0] == name]
        assert own == [f"{name}{number}" for number in range(500)]


def test_no_more_streams_run_at_once_than_workers() -> None:
    lock, running, most = threading.Lock(), [0], [0]

    def stream() -> Iterator[int]:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        yield from range(50)
        with lock:
            running[0] -= 1

    list(run_side_by_side([stream] * 8, 2))
    assert most[0] <= 2


def test_a_fault_in_one_stream_stops_the_others_and_is_raised() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    def broken() -> Iterator[int]:
        yield 0
        raise ValueError("broken stream")

    with pytest.raises(ValueError, match="broken stream"):
        list(run_side_by_side([endless, broken], 2))
    assert closed.wait(60)


def test_an_interruption_yields_last_words_before_it_goes_on() -> None:
    def talking() -> Iterator[str]:
        try:
            while True:
                yield "word"
        except InterruptedRun:
            yield "last word"
            raise

    events = run_side_by_side([talking, talking], 2)
    assert isinstance(events, Iterator)
    assert next(events) == "word"
    heard = [events.throw(KeyboardInterrupt)]  # type: ignore[attr-defined]
    with pytest.raises(KeyboardInterrupt):
        heard.extend(iter(lambda: next(events), None))
    assert heard.count("last word") == 2
