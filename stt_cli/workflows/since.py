"""Asking the ledger: what the words on the command line mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from stt_cli.core.errors import UsageError

_AGO = re.compile(r"(\d{1,9})\s*(s|min|m|h|d|w)")
_UNITS = {
    "s": "seconds", "m": "minutes", "min": "minutes",
    "h": "hours", "d": "days", "w": "weeks",
}  # fmt: skip
_HINT = "use 2h, 3d, today, yesterday, 2026-11-20 or 2026-11-20T14:00Z"
_DAYS_AGO = {"today": 0, "yesterday": 1}


def since(text: str, now: datetime) -> datetime:
    """Return the moment that ``2h``, ``yesterday`` or an ISO 8601 date names, in UTC.

    A day is the local one, from its beginning; a time without a zone is local.

    Raises:
        UsageError: it names none.
    """
    text = text.strip()
    ago = _AGO.fullmatch(text.lower())
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        days = _DAYS_AGO.get(text.lower())
        if days is not None:
            day = (now.astimezone() - timedelta(days=days)).date()
            return datetime.combine(day, time.min).astimezone(UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise UsageError(f"invalid --since {text!r}", hint=_HINT) from fault
