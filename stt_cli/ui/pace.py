"""How fast something goes, and how long it will take: over the last seconds."""

from __future__ import annotations

from collections import deque
from threading import Lock

WINDOW = 10.0
"""Seconds over which speed is measured: long enough to be calm, short enough to
follow a line that becomes slow."""
SETTLED = 3.0
"""Seconds from the first byte before anything is said about speed."""
_WARM_UP = 1.0  # what goes at first only fills the buffers of this machine
_STEP = 0.25  # between two notes that are kept
_LONGEST = 100 * 3600.0  # a longer time left says only that hardly anything moves


class Pace:
    """Speed of a count that grows. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._notes: deque[tuple[float, float]] = deque()
        self._begin = 0.0
        self._latest = 0.0
        self._latest_at = 0.0

    def note(self, now: float, count: float) -> None:
        """Take note of how much is done; less than before is a new beginning."""
        with self._lock:
            if not self._notes or count < self._latest:
                self._notes.clear()
                self._begin = now
            if count != self._latest or not self._notes:
                self._latest, self._latest_at = count, now
            if self._notes and now - self._notes[-1][0] < _STEP:
                return
            self._notes.append((now, count))
            while len(self._notes) > 1 and self._notes[1][0] <= now - WINDOW:
                self._notes.popleft()

    def speed(self, now: float) -> float | None:
        """Return how much is done in a second, or ``None`` while it is too early."""
        with self._lock:
            if not self._notes or now - self._begin < SETTLED:
                return None
            since = max(now - WINDOW, self._begin + _WARM_UP)
            if self._latest_at <= since:
                return 0.0
            then, count = self._notes[0]
            for time, noted in self._notes:
                if time > since:
                    break
                then, count = time, noted
            if since - then > 2 * _STEP:
                then = since  # it stood still before the window, and so until it
            return max(0.0, self._latest - count) / (now - then)


def time_left(rest: float, speed: float | None) -> float | None:
    """Return the seconds that the rest takes, ``None`` where that is anyone's guess."""
    if not speed or rest <= 0:
        return None
    seconds = rest / speed
    return seconds if seconds < _LONGEST else None
