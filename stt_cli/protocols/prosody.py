"""Rate, pitch and volume as people type them: ``+30%``, ``high``, ``150``, ``+2st``.

The grammar is that of W3C's Speech Synthesis Markup Language 1.0, section 3.2.4,
with percentages that have no sign read as a share of the normal value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stt_cli.core.errors import UsageError

RATE_NAMES = ("x-slow", "slow", "medium", "fast", "x-fast", "default")
PITCH_NAMES = ("x-low", "low", "medium", "high", "x-high", "default")
VOLUME_NAMES = ("silent", "x-soft", "soft", "medium", "loud", "x-loud", "default")

_NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d+)?|\.\d+)\s*(%|hz|st|db)?", re.IGNORECASE)
_POINT = re.compile(r"\(\s*(\d+(?:\.\d+)?)%\s*,\s*([^()]+?)\s*\)")


class Unit(StrEnum):
    """What a prosody value is measured in."""

    NAME = "name"
    NUMBER = ""
    PERCENT = "%"
    HERTZ = "Hz"
    SEMITONES = "st"
    DECIBELS = "dB"


@dataclass(frozen=True, slots=True)
class Prosody:
    """One value. ``relative`` tells ``+20Hz`` from ``120Hz``.

    A percentage is always the change: ``150%`` and ``+50%`` are both 50.
    """

    unit: Unit
    amount: float = 0.0
    name: str = ""
    relative: bool = False

    def to_ssml(self) -> str:
        """Return the value of an SSML attribute."""
        if self.unit is Unit.NAME:
            return self.name
        sign = "+" if self.relative and self.amount >= 0 else ""
        digits = f"{self.amount:.2f}" if self.unit is Unit.PERCENT else ""
        return f"{sign}{digits or f'{self.amount:g}'}{self.unit}"


def rate(text: str) -> Prosody:
    """Read a rate: a name, ``+30%``, or a number whose meaning is the engine's."""
    return _read("rate", text, RATE_NAMES, (Unit.PERCENT, Unit.NUMBER), "+30%")


def pitch(text: str) -> Prosody:
    """Read a pitch: a name, ``+10%``, ``+2st``, ``+20Hz``, ``120Hz`` or a number."""
    units = (Unit.PERCENT, Unit.HERTZ, Unit.SEMITONES, Unit.NUMBER)
    return _read("pitch", text, PITCH_NAMES, units, "+10% or +2st")


def volume(text: str) -> Prosody:
    """Read a volume: a name, ``+20%``, ``+6dB`` or a number from 0 to 100."""
    units = (Unit.PERCENT, Unit.DECIBELS, Unit.NUMBER)
    found = _read("volume", text, VOLUME_NAMES, units, "+20%")
    if found.unit is Unit.NUMBER and not (found.relative or 0 <= found.amount <= 100):
        raise _refused("volume", text, "the volume must be a number from 0 to 100")
    return found


def contour(text: str) -> str:
    """Check a pitch contour such as ``(0%,+20Hz) (60%,-10%)`` and return it."""
    rest = _POINT.sub("", text).strip()
    points = _POINT.findall(text)
    if rest or not points or any(float(at) > 100 for at, _ in points):
        raise _refused("contour", text, "use points such as (0%,+20Hz) (60%,-10%)")
    shaped = ((float(at), pitch(change).to_ssml()) for at, change in points)
    return " ".join(f"({at:g}%,{change})" for at, change in shaped)


def _read(
    what: str, text: str, names: tuple[str, ...], units: tuple[Unit, ...], example: str
) -> Prosody:
    typed = text.strip()
    if typed.lower() in names:
        return Prosody(Unit.NAME, name=typed.lower())
    match = _NUMBER.fullmatch(typed)
    if match:
        sign, digits, suffix = match.groups()
        amount = float(f"{sign}{digits}")
        unit = next(u for u in Unit if u.value.lower() == (suffix or "").lower())
        if unit is Unit.PERCENT:
            amount = amount if sign else amount - 100
            if unit in units and amount >= -100:
                return Prosody(unit, amount, relative=True)
        elif unit in units:
            return Prosody(unit, amount, relative=bool(sign))
    wanted = f"use {', '.join(names[:-1])}, or a value such as {example}"
    raise _refused(what, text, wanted)


def _refused(what: str, text: str, hint: str) -> UsageError:
    return UsageError(f"invalid {what} {text!r}", hint=hint)
