"""A support case made from logs: what they say, session by session.

The JSON of ``stt support FILE… --json`` and the Markdown that is pasted into a
ticket. Every text in it has had its secrets masked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stt_cli.core.plain_text import one_line
from stt_cli.formats.markdown_parts import block, code, section

LEFT_OUT = (
    "keys, tokens, cookies and anything that looks like one (shown as ***)",
    "recordings and recognized text, unless an error message repeats it",
)


@dataclass(frozen=True, slots=True)
class CaseId:
    """One ID of the material, as it stands there.

    ``time`` is the log's own, ``utc`` the same where its zone is known.
    """

    kind: str
    vendor: str | None
    value: str
    source: str
    time: str | None
    utc: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "kind": self.kind,
            "vendor": self.vendor,
            "id": self.value,
            "source": self.source,
            "time": self.time,
            "utc": self.utc,
        }


@dataclass(frozen=True, slots=True)
class CaseSession:
    """One session, transcription or job, and what stands around its lines.

    ``began`` and ``ended`` are the first and last times of lines that name it, in
    the log's own spelling. ``errors`` are lines.
    """

    main: CaseId
    ids: tuple[CaseId, ...]
    began: str | None
    ended: str | None
    began_utc: str | None
    ended_utc: str | None
    endpoints: tuple[str, ...]
    regions: tuple[str, ...]
    statuses: tuple[str, ...]
    close_codes: tuple[str, ...]
    errors: tuple[str, ...]
    more_errors: int
    send_to: str

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract."""
        return {
            "kind": self.main.kind,
            "vendor": self.main.vendor,
            "id": self.main.value,
            "source": self.main.source,
            "ids": [one.to_dict() for one in self.ids],
            "began": self.began,
            "ended": self.ended,
            "began_utc": self.began_utc,
            "ended_utc": self.ended_utc,
            "endpoints": list(self.endpoints),
            "regions": list(self.regions),
            "statuses": list(self.statuses),
            "close_codes": list(self.close_codes),
            "errors": list(self.errors),
            "more_errors": self.more_errors,
            "send_to": self.send_to,
        }


@dataclass(frozen=True, slots=True)
class SupportCase:
    """All that the material says; ``others`` are IDs that belong to no session."""

    made: str
    material: tuple[str, ...]
    unread: tuple[str, ...]
    sessions: tuple[CaseSession, ...]
    others: tuple[CaseId, ...]
    other_errors: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]]
    versions: tuple[str, ...]
    systems: tuple[str, ...]
    made_by: str
    candidates: int

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the JSON contract; no key vanishes."""
        return {
            "made": self.made,
            "material": list(self.material),
            "unread": list(self.unread),
            "sessions": [one.to_dict() for one in self.sessions],
            "other_ids": [one.to_dict() for one in self.others],
            "other_errors": list(self.other_errors),
            **{name: list(values) for name, values in self.facts.items()},
            "versions": list(self.versions),
            "systems": list(self.systems),
            "made_by": self.made_by,
            "candidates": self.candidates,
            "left_out": list(LEFT_OUT),
        }


def render_support_case(case: SupportCase) -> str:
    """Return the whole case as Markdown, with a line feed at its end."""
    return "\n".join(_lines(case)) + "\n"


def _lines(case: SupportCase) -> Iterator[str]:
    vendors = dict.fromkeys(one.main.vendor or "" for one in case.sessions)
    named = ", ".join(filter(None, vendors))
    yield f"# Support case{': ' + named if named else ''}"
    yield ""
    count = len(case.sessions)
    plural = (
        "session, transcription or job"
        if count == 1
        else ("sessions, transcriptions and jobs")
    )
    yield f"{count} {plural} in {', '.join(map(code, case.material))}."
    for number, session in enumerate(case.sessions, 1):
        yield from _session(number, session)
    if case.others:
        yield from section("Other IDs")
        for one in case.others:
            yield _id_line(one)
    if case.other_errors:
        yield from section("Errors without a session")
        yield from block("\n".join(case.other_errors), "none")
    yield from section("Also found")
    for name, values in case.facts.items():
        yield f"- {name.replace('_', ' ')}: {_listed(values)}"
    yield f"- versions: {_listed(case.versions)}"
    yield f"- systems: {_listed(case.systems)}"
    if case.candidates:
        yield f"- unlabeled values that may be IDs: {case.candidates}"
    for one_unread in case.unread:
        yield f"- not read: {one_line(one_unread)}"
    yield f"- report created: {case.made}, by {one_line(case.made_by)}"
    yield from section("Omitted on purpose")
    for item in LEFT_OUT:
        yield f"- {item}"


def _session(number: int, session: CaseSession) -> Iterator[str]:
    main = session.main
    yield from section(f"{number}. {main.kind.replace('_', ' ').capitalize()} "
                       f"{code(main.value)}")  # fmt: skip
    yield _id_line(main)
    for one in session.ids:
        yield _id_line(one)
    yield f"- first line: {_moment(session.began, session.began_utc)}"
    yield f"- last line: {_moment(session.ended, session.ended_utc)}"
    yield f"- endpoint: {_listed(session.endpoints)}"
    yield f"- region: {_listed(session.regions)}"
    yield f"- HTTP status: {_listed(session.statuses)}"
    yield f"- WebSocket close code: {_listed(session.close_codes)}"
    yield f"- where to send it: {one_line(session.send_to)}"
    yield from block("\n".join(session.errors), "no error mentions it")
    if session.more_errors:
        yield f"{session.more_errors} more error lines omitted."


def _id_line(one: CaseId) -> str:
    where = f"{one_line(one.source)}"
    vendor = f", {one.vendor}" if one.vendor else ""
    time = f", {_moment(one.time, one.utc)}" if one.time else ""
    return (
        f"- {one.kind.replace('_', ' ')} id: {code(one.value)} ({where}{vendor}{time})"
    )


def _moment(time: str | None, utc: str | None) -> str:
    if time is None:
        return "no time"
    if utc is None:
        return f"{one_line(time)} (log time)"
    return f"{one_line(time)} (UTC {utc})" if utc != time else utc


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(map(code, values)) or "none found"
