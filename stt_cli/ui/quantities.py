"""Lengths of time and sizes as people read them."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB")


def clock(seconds: float) -> str:
    """Return ``0:07``, ``12:30`` or ``1:02:03``."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: float) -> str:
    """Return a number of bytes as ``812 B``, ``4.2 MB`` or ``1.1 GB``."""
    power = _power(count)
    return f"{_scaled(count, power)} {_UNITS[power]}"


def portion(done: float, total: float) -> str:
    """Return how many of so many bytes, in the unit of all: ``0.3 of 2.0 GB``."""
    power = _power(total)
    return f"{_scaled(done, power)} of {_scaled(total, power)} {_UNITS[power]}"


def amount(count: float, unit: str) -> str:
    """Return an amount of ``seconds``, ``bytes`` or anything else that is counted."""
    if unit == "seconds":
        return clock(count)
    if unit == "bytes":
        return size(count)
    return f"{count:.0f}"


def _power(count: float) -> int:
    power = 0
    while count >= 999.95 and power < len(_UNITS) - 1:
        count /= 1000
        power += 1
    return power


def _scaled(count: float, power: int) -> str:
    return f"{count / 1000**power:.1f}" if power else f"{count:.0f}"
