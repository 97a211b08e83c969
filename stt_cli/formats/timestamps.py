"""Subtitle times: rounded once, to whole milliseconds, then only divided.

Rounding seconds and milliseconds apart from each other is how other tools come
to write ``00:00:59,1000`` and ``00:60``.
"""

from __future__ import annotations

import math


def milliseconds(seconds: float | None) -> int | None:
    """Return whole milliseconds; ``None`` for what is no time."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return max(0, round(seconds * 1000))


def timestamp(whole_milliseconds: int, mark: str) -> str:
    """Return ``HH:MM:SS,mmm`` with ``mark`` before the milliseconds."""
    rest, thousandths = divmod(whole_milliseconds, 1000)
    rest, seconds = divmod(rest, 60)
    hours, minutes = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{mark}{thousandths:03}"
