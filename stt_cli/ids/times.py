"""Points in time as logs write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TIME = re.compile(
    # the native SDK counts from its start: [874193]: 218ms SPX_… (Azure 8.3)
    r"(?P<native>[0-9]{1,12}ms)(?= {1,2}SPX_)"
    r"|(?P<iso>[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]"
    r"(?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?:Z| UTC| ?[+-][0-2][0-9]:?[0-5][0-9])?)"
    r"|(?P<access>[0-3][0-9]/[A-Z][a-z]{2}/[0-9]{4}:[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
    r" [+-][0-9]{4})"
    r"|(?P<mail>[A-Z][a-z]{2}, [0-3]?[0-9] [A-Z][a-z]{2} [0-9]{4} [0-2][0-9]:[0-5][0-9]"
    r":[0-5][0-9] (?:GMT|[+-][0-9]{4}))"
    r"|(?P<syslog>\b[A-Z][a-z]{2} [ 0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\b)"
    r"|(?P<american>\b[01]?[0-9]/[0-3]?[0-9]/[0-9]{4} [0-2]?[0-9]:[0-5][0-9]"
    r"(?::[0-5][0-9])?(?: [AP]M)?)"
    r"|(?P<clock>(?<![0-9:.])[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,9})?(?![0-9:]))"
)
_NATIVE = re.compile(r"[0-9]{1,12}ms")


def time_in(text: str) -> str | None:
    """Return the point in time that a line states, as it states it."""
    match = _TIME.search(text)
    return match[0] if match else None


def in_utc(time: str | None) -> str | None:
    """Return a log's time in UTC; ``None`` where its zone is not known."""
    if time is None or _NATIVE.fullmatch(time):
        return None
    for form in ("%d/%b/%Y:%H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z"):
        try:
            return _iso(datetime.strptime(time, form))
        except ValueError:
            continue
    if time.endswith(" GMT"):
        return in_utc(time.removesuffix("GMT") + "+0000")
    try:
        moment = datetime.fromisoformat(
            time.replace(",", ".").replace(" UTC", "Z").replace(" +", "+")
        )
    except ValueError:
        return None
    return _iso(moment) if moment.tzinfo else None


def _iso(moment: datetime) -> str:
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
