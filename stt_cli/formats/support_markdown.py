"""A support report as Markdown that can be pasted into a ticket as it is."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.core.identifiers import label
from stt_cli.core.plain_text import one_line
from stt_cli.formats.markdown_parts import block, code, section
from stt_cli.formats.support_report import LEFT_OUT, FailureShare, SupportReport

_UNKNOWN = "none noted"
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
        yield "None: the operation ended before it had any."
    for one in report.ids:
        yield f"- {label(one.kind)}: {code(one.value)} (known from {one.learned})"
    yield from section("Request")
    yield f"- provider: {code(report.provider)}, command: {code(report.command)}"
    for name, value in report.facts.items():
        yield f"- {name}: {code(value) if value else _UNKNOWN}"
    yield from block(report.request, "no request was noted for this operation")
    yield from section("Answer")
    if report.failure:
        yield f"- failure: {code(report.failure.message)}"
        yield f"- kind of failure: {code(report.failure.code)}"
        yield f"- HTTP status: {report.failure.http_status or 'none'}"
        theirs = report.failure.provider_code
        yield f"- the service's own code: {code(theirs) if theirs else 'none'}"
    else:
        yield "- failure: none"
    if report.answered:
        yield f"- answered: {report.answered}"
    yield from block(report.answer, "no answer came, or it was not over HTTP")
    yield from section("Times (UTC)")
    yield f"- began: {report.started}"
    yield f"- ended: {report.ended or 'not yet, or it was killed'}"
    if report.seconds is not None:
        yield f"- duration: {report.seconds:.3f} s"
    yield f"- clock of this machine: {_offset(report.clock_offset)}"
    yield f"- report made: {report.made}"
    yield from section("Share of operations that failed")
    for share in report.shares:
        yield f"- {_share(share)}"
    yield from section("Versions")
    yield f"- then: {one_line(report.versions)}"
    yield f"- now: {one_line(report.versions_now)}"
    packages = ", ".join(f"{k} {v}" for k, v in report.packages.items())
    yield f"- packages: {one_line(packages)}"
    for log in report.logs:
        yield from section(f"Log: {one_line(log.source)}")
        yield from block("\n".join(log.lines), "no line of it names these IDs")
        if log.more:
            yield f"{log.more} more lines were left out."
    yield from section("Where to send it")
    yield one_line(report.send_to)
    yield from section("Left out on purpose")
    for item in LEFT_OUT:
        yield f"- {item}"


def _what_happened(report: SupportReport) -> str:
    took = f" after {report.seconds:.3f} s" if report.seconds is not None else ""
    if report.failure is None:
        ended = f"ended as {code(report.status)}"
        if not report.ended:
            ended = "has not ended"
            if report.status == "succeeded":
                ended = "has succeeded, and its result was not fetched yet"
        return f"{report.command} with {report.provider} {ended}{took}."
    status = report.failure.http_status
    http = f" with HTTP {status}" if status else ""
    words = code(report.failure.message)
    return f"{report.command} with {report.provider} failed{took}{http}: {words}"


def _offset(seconds: float | None) -> str:
    if seconds is None:
        return "not measured"
    if abs(seconds) < 2:  # a Date header counts whole seconds
        return "agrees with the service's"
    way = "ahead of" if seconds > 0 else "behind"
    return f"{abs(seconds):.0f} s {way} the service's"


def _share(share: FailureShare) -> str:
    days = share.hours // _HOURS_A_DAY
    span = f"last {days} days" if days > 1 else f"last {share.hours} hours"
    if share.percent is None:
        return f"{span}: nothing was sent"
    kinds = ", ".join(f"{name} {count}" for name, count in share.kinds)
    told = f"{span}: {share.failed} of {share.total} ({share.percent:.1f} %)"
    return f"{told}: {kinds}" if kinds else told
