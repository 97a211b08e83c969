"""Bytes on their way, in words: how many, how fast, how long yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from stt_cli.ui.pace import Pace, time_left
from stt_cli.ui.quantities import clock, portion, size


@dataclass(frozen=True, slots=True)
class Rates:
    """``12.3 MB/s`` and ``1:23 left``; empty as long as they mean nothing."""

    speed: str = ""
    left: str = ""

    def words(self) -> Iterator[str]:
        """Yield what is known."""
        yield from (word for word in (self.speed, self.left) if word)


def rates_of(speed: float | None, rest: float) -> Rates:
    """Return a speed, bytes in a second, and the time that the rest takes."""
    if speed is None:
        return Rates()
    if speed < 1:
        return Rates("stalled")
    left = time_left(rest, speed)
    words = f"{clock(ceil(left))} left" if left is not None else ""
    return Rates(f"{size(speed)}/s", words)


def hearing_rates(speed: float | None, rest: float) -> Rates:
    """Return how many times faster than it was spoken audio is heard, and time left."""
    if not speed or rest <= 0:
        return Rates()
    left = time_left(rest, speed)
    words = f"{clock(ceil(left))} left" if left is not None else ""
    return Rates(f"{speed:.1f}x" if speed < 10 else f"{speed:.0f}x", words)


class Transfer:
    """What all recordings of a run have to move, and have moved.

    Args:
        total: bytes of all of them, where that is known.
    """

    def __init__(self, total: float | None) -> None:
        self._total = total
        self._ended = 0.0  # bytes of those that need nothing more
        self._moved = 0.0
        self._pace = Pace()

    def move(self, now: float, more: float) -> None:
        """Take note that so many bytes left; what is sent again counts again."""
        self._moved += max(0.0, more)
        self._pace.note(now, self._moved)

    def end(self, count: float) -> None:
        """Take note that a recording of so many bytes has ended, moved or not."""
        self._ended += count

    def words(self, now: float, under_way: float) -> Iterator[str]:
        """Yield amount, speed and time left, given the bytes of those under way."""
        if not self._moved:
            return
        if self._total is None:
            yield size(self._moved)
            yield from rates_of(self._pace.speed(now), 0.0).words()
            return
        done = min(self._ended + under_way, self._total)
        yield portion(done, self._total)
        yield from rates_of(self._pace.speed(now), self._total - done).words()
