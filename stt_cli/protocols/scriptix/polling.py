"""How often to ask, how long to wait, and how long it will probably take.

From the page on session status: intervals by the time since the start, and a
table of typical durations.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_INTERVAL = 3.0
DEFAULT_TIME_LIMIT = 600.0
# (below this many seconds since the start, pause in seconds)
INTERVALS = ((60.0, 3.0), (300.0, 5.0))
LAST_INTERVAL = 10.0
# The default limit is shorter than the table's worst case from 30 minutes of
# audio on, so it grows with the length: 0.4 seconds a second, and 5 minutes.
_LIMIT_A_SECOND = 0.4
_LIMIT_BASE = 300.0

_MINUTE = 60.0
# (audio, shortest total, longest total), minutes: "Typical durations".
_TYPICAL = ((5, 1, 3), (30, 3, 12), (60, 6, 22), (180, 20, 65))


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a session probably takes in all, in seconds; never a promise."""

    shortest: float
    longest: float


def interval(elapsed: float) -> float:
    """Return the pause before the next look, in seconds.

    Args:
        elapsed: seconds since the session began, taken after the last answer.
    """
    for below, pause in INTERVALS:
        if elapsed < below:
            return pause
    return LAST_INTERVAL


def time_limit(audio_seconds: float | None) -> float:
    """Return how long to wait in all, in seconds, where the user set nothing."""
    needed = _LIMIT_A_SECOND * (audio_seconds or 0.0) + _LIMIT_BASE
    return max(DEFAULT_TIME_LIMIT, needed)


def estimate(audio_seconds: float | None) -> Estimate | None:
    """Return the typical time for audio of that length, ``None`` if unknown.

    Between the table's rows it is interpolated, beyond them carried on.
    """
    if not audio_seconds or audio_seconds < 0:
        return None
    minutes = audio_seconds / _MINUTE
    rows = [(0.0, _TYPICAL[0][1], _TYPICAL[0][2]), *_TYPICAL]
    upper = next((i for i in range(1, len(rows)) if minutes <= rows[i][0]), -1)
    (from_, low, high), (to, low_to, high_to) = rows[upper - 1], rows[upper]
    share = (minutes - from_) / (to - from_)
    return Estimate(
        (low + share * (low_to - low)) * _MINUTE,
        (high + share * (high_to - high)) * _MINUTE,
    )
