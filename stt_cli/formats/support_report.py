"""What a support case asks for, as data; the JSON of ``stt support --json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEFT_OUT = (
    "keys, tokens, cookies and anything that looks like one (shown as ***)",
    "the recording, its name, the request body and all transcripts, unless the "
    "service's messages repeat them",
    "the names of this machine and its user",
)
"""What no report has; said in it, so that nobody needs to look for it."""


@dataclass(frozen=True, slots=True)
class SupportId:
    """One ID, its kind, and when this side learned it (UTC)."""

    kind: str
    value: str
    learned: str


@dataclass(frozen=True, slots=True)
class FailureShare:
    """How many of the operations with a provider failed in the last ``hours``.

    ``kinds`` counts the failures by our error code, the most frequent first.
    """

    hours: int
    failed: int
    total: int
    kinds: tuple[tuple[str, int], ...] = ()

    @property
    def percent(self) -> float | None:
        """The share in percent, ``None`` where nothing was sent."""
        return round(100 * self.failed / self.total, 1) if self.total else None


@dataclass(frozen=True, slots=True)
class Failure:
    """How an operation failed, in our words and in the service's code."""

    code: str
    message: str
    http_status: int | None
    provider_code: str | None


@dataclass(frozen=True, slots=True)
class LogExcerpt:
    """The lines of one log that name one of the IDs; ``more`` were left out."""

    source: str
    lines: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SupportReport:
    """One operation, told to the support of the service it was sent to.

    Times are UTC in ISO 8601. ``request`` and ``answer`` have a line a header,
    ``facts`` are endpoint, region, transport, language and mode where known.
    ``clock_offset`` is in seconds, positive where this machine's clock is ahead.
    """

    made: str
    command: str
    provider: str
    title: str
    status: str
    started: str
    ended: str | None
    seconds: float | None
    ids: tuple[SupportId, ...]
    facts: Mapping[str, str | None]
    request: str | None
    answer: str | None
    answered: str | None
    failure: Failure | None
    clock_offset: float | None
    shares: tuple[FailureShare, ...]
    versions: str
    versions_now: str
    packages: Mapping[str, str]
    send_to: str
    logs: tuple[LogExcerpt, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract; no key vanishes."""
        failure = self.failure
        return {
            "made": self.made,
            "command": self.command,
            "provider": self.provider,
            "status": self.status,
            "started": self.started,
            "ended": self.ended,
            "seconds": self.seconds,
            "ids": [
                {"kind": one.kind, "id": one.value, "time": one.learned}
                for one in self.ids
            ],
            **self.facts,
            "request": self.request,
            "answer": self.answer,
            "answered": self.answered,
            "error": failure
            and {
                "code": failure.code,
                "message": failure.message,
                "http_status": failure.http_status,
                "provider_code": failure.provider_code,
            },
            "clock_offset": self.clock_offset,
            "failures": [
                {
                    "hours": share.hours,
                    "failed": share.failed,
                    "total": share.total,
                    "percent": share.percent,
                    "kinds": dict(share.kinds),
                }
                for share in self.shares
            ],
            "versions": self.versions,
            "versions_now": self.versions_now,
            "packages": dict(self.packages),
            "send_to": self.send_to,
            "logs": [
                {"source": log.source, "lines": list(log.lines), "more": log.more}
                for log in self.logs
            ],
            "left_out": list(LEFT_OUT),
        }
