"""A support report as Markdown that can be pasted into a ticket as it is."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.core.identifiers import label
from stt_cli.core.plain_text import one_line
from stt_cli.formats.markdown_parts import block, code, section
from stt_cli.formats.support_report import LEFT_OUT, FailureShare, SupportReport

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
    told = f"{span}: {share.failed} of {share.total} ({share.percent:.1f}%)"
    return f"{told}: {kinds}" if kinds else told
