"""Asking the ledger: what the words on the command line mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from stt_cli.core.errors import UsageError

_AGO = re.compile(r"(\d{1,9})\s*(s|min|m|h|d|w)")
_UNITS = {
    "s": "seconds", "m": "minutes", "min": "minutes",
    "h": "hours", "d": "days", "w": "weeks",
}  # fmt: skip
_HINT = "write it as 2h, 3d, 2026-11-20 or 2026-11-20T14:00Z"


def since(text: str, now: datetime) -> datetime:
    """Return the moment that ``2h``, ``3d`` or an ISO 8601 date or time names, in UTC.

    A date or a time without a zone is local.

    Raises:
        UsageError: it names none.
    """
    text = text.strip()
    ago = _AGO.fullmatch(text.lower())
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise UsageError(f"--since {text!r} is no time", hint=_HINT) from fault
