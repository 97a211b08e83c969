"""Points in time on the wire: X-Timestamp and the telemetry's values."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# UTC, ISO 8601, a fraction of one to seven digits (2018, X-Timestamp).
_TIMESTAMP = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,7})?Z"
)


def timestamp(moment: datetime) -> str:
    """Return a moment with milliseconds, as the 2018 document's samples have it."""
    if moment.tzinfo is not UTC and moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def is_timestamp(text: object) -> bool:
    """Whether a service takes the text as X-Timestamp."""
    return isinstance(text, str) and _TIMESTAMP.fullmatch(text) is not None
