"""Times of results: ISO 8601 durations, ticks and milliseconds, as seconds."""

from __future__ import annotations

import re
from typing import Any

from stt_cli.protocols.json_fields import Fields, as_number

TICKS_A_SECOND = 10_000_000
_ISO = re.compile(
    r"P(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def iso_seconds(value: Any) -> float | None:
    """Return the seconds of a duration such as ``PT1H2M3.4S``, or ``None``."""
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def seconds_of(fields: Fields, name: str) -> float | None:
    """Return ``offset`` or ``duration`` by whichever spelling is there.

    Ticks come as floats in phrases and as integers above them; the newest
    versions add milliseconds, the fast API gives nothing else.
    """
    ticks = as_number(fields.get(f"{name}InTicks"))
    if ticks is not None:
        return ticks / TICKS_A_SECOND
    milliseconds = as_number(fields.get(f"{name}Milliseconds"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = fields.get(name)
    iso = iso_seconds(value)
    if iso is not None:
        return iso
    bare = as_number(value)  # milliseconds under their preview name
    return None if bare is None else bare / 1000
