"""How slowly an answer may come that is written as it arrives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stt_cli.core.errors import UnreachableError
from stt_cli.core.http_message import HttpResponse
from stt_cli.net import messages
from stt_cli.net.messages import ResponseStream


class Clock:
    """A clock that moves when it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(messages, "monotonic", clock)
    return clock


def a_block_a_second(clock: Clock, size: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        clock.seconds += 1
        yield bytes(size)


def test_the_leanest_audio_may_take_as_long_as_it_lasts(clock: Clock) -> None:
    stream = ResponseStream(HttpResponse(200, ()), a_block_a_second(clock, 825, 7200))
    assert sum(map(len, stream.steady_blocks())) == 825 * 7200


def test_an_answer_that_drips_is_given_up_after_some_minutes(clock: Clock) -> None:
    stream = ResponseStream(HttpResponse(200, ()), a_block_a_second(clock, 1, 7200))
    with pytest.raises(UnreachableError, match="was too slow"):
        list(stream.steady_blocks())
    assert clock.seconds < 610


def test_the_time_that_is_spent_on_playing_it_does_not_count(clock: Clock) -> None:
    stream = ResponseStream(HttpResponse(200, ()), a_block_a_second(clock, 9, 100))
    for _block in stream.steady_blocks():
        clock.seconds += 3600
