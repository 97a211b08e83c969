"""A support report: what it asks for as data, as Markdown and as an archive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from stt_cli.core.identifiers import label
from stt_cli.core.plain_text import one_line
from stt_cli.formats.markdown_parts import block, code, section

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


_UNKNOWN = "not recorded"
_HOURS_A_DAY = 24


def render_support_report(report: SupportReport) -> str:
    """Return the whole report, with a line feed at its end."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: SupportReport) -> Iterator[str]:
    yield f"# Support report: {one_line(report.title)}"
    yield ""
    yield _what_happened(report)
    yield from section("IDs")
    if not report.ids:
        yield "None: the operation ended before it got any."
    for one in report.ids:
        yield f"- {label(one.kind)}: {code(one.value)} (received {one.learned})"
    yield from section("Request")
    yield f"- provider: {code(report.provider)}, command: {code(report.command)}"
    for name, value in report.facts.items():
        yield f"- {name}: {code(value) if value else _UNKNOWN}"
    yield from block(report.request, "no request was recorded for this operation")
    yield from section("Answer")
    if report.failure:
        yield f"- failure: {code(report.failure.message)}"
        yield f"- failure code: {code(report.failure.code)}"
        yield f"- HTTP status: {report.failure.http_status or 'none'}"
        theirs = report.failure.provider_code
        yield f"- service's error code: {code(theirs) if theirs else 'none'}"
    else:
        yield "- failure: none"
    if report.answered:
        yield f"- response: {report.answered}"
    yield from block(report.answer, "no response, or not over HTTP")
    yield from section("Times (UTC)")
    yield f"- started: {report.started}"
    yield f"- ended: {report.ended or 'still running, or killed'}"
    if report.seconds is not None:
        yield f"- duration: {report.seconds:.3f} s"
    yield f"- this machine's clock: {_offset(report.clock_offset)}"
    yield f"- report created: {report.made}"
    yield from section("Failure rate")
    for share in report.shares:
        yield f"- {_share(share)}"
    yield from section("Versions")
    yield f"- then: {one_line(report.versions)}"
    yield f"- now: {one_line(report.versions_now)}"
    packages = ", ".join(f"{k} {v}" for k, v in report.packages.items())
    yield f"- packages: {one_line(packages)}"
    for log in report.logs:
        yield from section(f"Log: {one_line(log.source)}")
        yield from block("\n".join(log.lines), "no line mentions these IDs")
        if log.more:
            yield f"{log.more} more lines omitted."
    yield from section("Where to send it")
    yield one_line(report.send_to)
    yield from section("Omitted on purpose")
    for item in LEFT_OUT:
        yield f"- {item}"


def _what_happened(report: SupportReport) -> str:
    took = f" after {report.seconds:.3f} s" if report.seconds is not None else ""
    if report.failure is None:
        ended = f"ended as {code(report.status)}"
        if not report.ended:
            ended = "has not ended"
            if report.status == "succeeded":
                ended = "succeeded, but its result has not been fetched yet"
        return f"{report.command} with {report.provider} {ended}{took}."
    status = report.failure.http_status
    http = f" with HTTP {status}" if status else ""
    words = code(report.failure.message)
    return f"{report.command} with {report.provider} failed{took}{http}: {words}"


def _offset(seconds: float | None) -> str:
    if seconds is None:
        return "not measured"
    if abs(seconds) < 2:  # a Date header counts whole seconds
        return "matches the service's clock"
    way = "ahead of" if seconds > 0 else "behind"
    return f"{abs(seconds):.0f} s {way} the service's clock"


def _share(share: FailureShare) -> str:
    days = share.hours // _HOURS_A_DAY
    span = f"last {days} days" if days > 1 else f"last {share.hours} hours"
    if share.percent is None:
        return f"{span}: no operations"
    kinds = ", ".join(f"{name} {count}" for name, count in share.kinds)
    text = f"{span}: {share.failed} of {share.total} ({share.percent:.1f}%)"
    return f"{text}: {kinds}" if kinds else text


_MODE = 0o100600 << 16  # a regular file that its owner alone may read


def write_support_bundle(
    file: BinaryIO,
    made: str,
    text: str,
    document: str,
    logs: Sequence[LogExcerpt] = (),
) -> None:
    """Write ``report.md``, ``report.json`` and, where there are logs, ``log.txt``.

    ``made`` is the report's time in ISO 8601, which the files get.
    """
    moment = datetime.fromisoformat(made).timetuple()[:6]
    members = {"report.md": text, "report.json": document}
    if logs:
        members["log.txt"] = "".join(
            "".join(f"{line}\n" for line in [f"# {log.source}", *log.lines])
            for log in logs
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, moment)
            member.external_attr = _MODE
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.encode("utf-8", "backslashreplace"))
