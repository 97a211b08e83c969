"""Several streams at once: nothing lost, a fault stops all, a stop is clean."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from threading import Semaphore

import pytest

from stt_cli.core.errors import InterruptedRun, NotFoundError
from stt_cli.core.parallel import Slot, Streams, run_streams, take_all


def counting(name: str, upto: int) -> Callable[[], Iterator[str]]:
    return lambda: (f"{name}{number}" for number in range(upto))


def test_every_event_of_every_stream_arrives_in_its_own_order() -> None:
    streams = [counting(name, 500) for name in "abcdefg"]
    events = list(run_streams(streams, 3))
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

    list(run_streams([stream] * 8, 2))
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
        list(run_streams([endless, broken], 2))
    assert closed.wait(60)


def test_an_interruption_yields_last_words_before_it_goes_on() -> None:
    def talking(name: str) -> Iterator[str]:
        try:
            while True:
                yield name
        except InterruptedRun:
            yield "last word"
            raise

    events = run_streams([lambda: talking("a"), lambda: talking("b")], 2)
    begun: set[str] = set()
    while begun != {"a", "b"}:
        begun.add(next(events))
    heard = [events.throw(KeyboardInterrupt)]
    with pytest.raises(KeyboardInterrupt):
        heard.extend(iter(lambda: next(events), None))
    assert heard.count("last word") == 2


def test_a_stream_may_add_others_to_a_lane_of_its_own() -> None:
    streams = Streams[str]()
    lane = streams.lane(3)

    def adding() -> Iterator[str]:
        for number in range(50):
            lane.add(counting(f"{number:02}-", 1))
            yield "added"

    streams.background(adding)
    events = list(streams.merged())
    assert events.count("added") == 50
    assert len(set(events)) == 51


def test_a_fault_in_the_background_reaches_the_reader() -> None:
    def fails() -> Iterator[str]:
        raise NotFoundError("no")
        yield ""

    streams = Streams[str]()
    streams.background(fails)
    with pytest.raises(NotFoundError):
        list(streams.merged())


def test_an_interrupted_reader_waits_for_no_stream_of_the_background() -> None:
    asleep = threading.Event()

    def sleeping() -> Iterator[str]:
        yield "first"
        asleep.wait(60)

    streams = Streams[str](farewell=60)
    streams.background(sleeping)
    events = streams.merged()
    assert next(events) == "first"
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        events.throw(KeyboardInterrupt)
    assert time.monotonic() - began < 30
    asleep.set()


def test_nothing_is_begun_once_the_reader_has_left() -> None:
    begun: list[int] = []
    free = threading.Event()

    def stream(number: int) -> Iterator[int]:
        begun.append(number)
        yield number
        free.wait(60)

    events = run_streams([lambda n=n: stream(n) for n in range(9)], 1)  # type: ignore[misc]
    assert next(events) == 0
    events.close()
    free.set()
    time.sleep(0.05)
    assert begun == [0]


def test_a_reader_that_is_slow_holds_the_streams_back() -> None:
    made = 0

    def endless() -> Iterator[int]:
        nonlocal made
        while True:
            made += 1
            yield made

    events = run_streams([endless], 1)
    next(events)
    time.sleep(0.3)
    assert made < 1_100
    events.close()


class TestTakingAll:
    def test_an_interruption_while_an_event_is_taken_is_thrown_into_the_stream(
        self,
    ) -> None:
        heard: list[str] = []

        def stream() -> Generator[str, None, None]:
            try:
                yield "one"
                yield "two"
            except InterruptedRun:
                yield "its IDs"
                raise

        def take(event: str) -> None:
            heard.append(event)
            if event == "one":
                raise InterruptedRun

        with pytest.raises(InterruptedRun):
            take_all(stream(), take)
        assert heard == ["one", "its IDs"]

    def test_a_second_interruption_ends_it_at_once(self) -> None:
        def stream() -> Generator[str, None, None]:
            try:
                yield "one"
            except KeyboardInterrupt:
                yield "two"
                yield "three"

        heard: list[str] = []

        def take(event: str) -> None:
            heard.append(event)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            take_all(stream(), take)
        assert heard == ["one", "two"]

    def test_what_is_no_generator_is_only_stopped(self) -> None:
        def take(event: str) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            take_all(iter("ab"), take)


def test_so_many_slots_are_taken_and_no_more() -> None:
    slots = Semaphore(3)
    lock = threading.Lock()
    under_way, most = 0, 0

    def work() -> None:
        nonlocal under_way, most
        for _ in range(20):
            slot = Slot(slots)
            slot.take()
            slot.take()
            with lock:
                under_way += 1
                most = max(most, under_way)
            threading.Event().wait(0.0005)
            with lock:
                under_way -= 1
            slot.give_back()
            slot.give_back()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3
    for _ in range(3):
        assert slots.acquire(blocking=False)
    assert not slots.acquire(blocking=False)
