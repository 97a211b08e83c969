"""Lengths of time and sizes as people read them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Return ``0:07``, ``12:30`` or ``1:02:03``."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: float) -> str:
    """Return a number of bytes as ``812 B``, ``4.2 MB`` or ``1.1 GB``."""
    if count < 999.95:
        return f"{count:.0f} B"
    power = 0
    while count >= 999.95 and power < 3:
        count /= 1000
        power += 1
    return f"{count:.1f} {('B', 'kB', 'MB', 'GB')[power]}"


def amount(count: float, unit: str) -> str:
    """Return an amount of ``seconds``, ``bytes`` or anything else that is counted."""
    if unit == "seconds":
        return clock(count)
    if unit == "bytes":
        return size(count)
    return f"{count:.0f}"
