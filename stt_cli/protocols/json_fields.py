"""Reading JSON objects whose keys may be missing, null or of another type.

A service's page says what a field is; what arrives may differ. Each reader
returns the value where it is what it should be, else ``None`` or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from datetime import UTC, datetime
from typing import Any

Fields = Mapping[str, Any]


def text(fields: Fields, name: str) -> str | None:
    """Return a string that is not empty, or ``None``; a number is written out."""
    value = fields.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def string(fields: Fields, name: str) -> str | None:
    """Return a string as it is, even an empty one, or ``None``."""
    value = fields.get(name)
    return value if isinstance(value, str) else None


def number(fields: Fields, name: str) -> float | None:
    """Return a finite number, or ``None``; a string of digits counts as one."""
    return as_number(fields.get(name))


def as_number(value: object) -> float | None:
    """Return ``value`` as a finite number, or ``None``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(fields: Fields, name: str) -> int | None:
    """Return a whole number, or ``None``."""
    found = number(fields, name)
    return int(found) if found is not None else None


def flag(fields: Fields, name: str) -> bool:
    """Whether the field is true; missing and null count as false."""
    return fields.get(name) is True


def mapping(fields: Fields, name: str) -> Fields:
    """Return an object, empty where there is none."""
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def objects(fields: Fields, name: str) -> tuple[Fields, ...]:
    """Return the objects of a list, leaving out what is none."""
    return tuple(item for item in items(fields, name) if isinstance(item, Mapping))


def items(fields: Fields, name: str) -> tuple[Any, ...]:
    """Return a list's items, none where there is no list."""
    value = fields.get(name)
    return tuple(value) if isinstance(value, list | tuple) else ()


def unknown(fields: Fields, known: Container[str]) -> dict[str, Any]:
    """Return what a service says beyond the fields that are known, nulls left out."""
    return {k: v for k, v in fields.items() if k not in known and v is not None}


def moment(fields: Fields, name: str) -> datetime | None:
    """Return a point in time written as ISO 8601; without a zone it is UTC."""
    value = fields.get(name)
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
