"""A support case from material alone: logs, folders, archives, mails.

Every ID is found as ``stt session-id --kind all`` finds it. What else the lines
say is given to the session that they name, that their thread named last, or whose
lines stand around them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import NothingFoundError, SttError
from stt_cli.core.events import Notice
from stt_cli.core.plain_text import one_line
from stt_cli.core.timestamps import iso_utc
from stt_cli.formats.support_case import CaseId, CaseSession, SupportCase
from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import DEFAULT_KINDS, KINDS, Finding
from stt_cli.ids.log_facts import Fact, LogFacts, Mentions
from stt_cli.ids.masking import masked
from stt_cli.ids.reading import canonical
from stt_cli.ids.times import in_utc
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.log_excerpt import without_speech
from stt_cli.workflows.material import STDIN, STDIN_NAME, Piece, Unread, pieces
from stt_cli.workflows.support import versions_now

_MOST_ERRORS = 20
_MOST_OTHER_ERRORS = 40
_LONGEST_LINE = 1_000
_MAIN_KINDS = (*DEFAULT_KINDS, "dashed_session", "call", "conversation", "operation")
_AZURE = (
    "Azure Speech: Help + support in the Azure portal, or "
    "github.com/Azure-Samples/cognitive-services-speech-sdk"
)
_SEND_TO = {
    "azure": _AZURE,
    "watson": "IBM Watson: IBM Cloud support, with the transaction ID",
    "scriptix": "Scriptix support, with the session ID",
    "aws": "Amazon Transcribe: AWS Support Center, with the request ID",
    "google": "Google Cloud support, with the operation name",
    "deepgram": "Deepgram support, with the request ID",
    "assemblyai": "AssemblyAI support, with the transcript ID",
    "openai": "OpenAI: help.openai.com, with the request ID",
    "elevenlabs": "ElevenLabs: help.elevenlabs.io, with the request ID",
    "speechmatics": "Speechmatics support, with the job ID",
    "rev": "Rev.ai support, with the job ID",
    "gladia": "Gladia support, with the request ID",
    "twilio": "Twilio support, with the SID",
    "genesys": "Genesys Cloud Care, with the conversation ID",
}


@dataclass(slots=True)
class _Source:
    """One file of the material, as it was read."""

    name: str
    facts: LogFacts = field(default_factory=LogFacts)
    found: list[Finding] = field(default_factory=list)


def support_case(
    inputs: Sequence[str],
    environment: Environment,
    warn: Callable[[Notice], None],
) -> SupportCase:
    """Return the case that the material makes; what cannot be read is told.

    Raises:
        NothingFoundError: no ID stands in it.
        UsageError: the only input cannot be read.
    """
    clean = environment.redactor.clean
    finder = Finder(frozenset(KINDS), clean=lambda text: masked(clean(text)))
    sources: list[_Source] = []
    unread: list[str] = []
    for name in inputs:
        try:
            for item in pieces(name, environment):
                if isinstance(item, Piece):
                    sources.append(_read(item, _title(item.name, name), finder))
                elif isinstance(item, Unread):
                    unread.append(item.error.message)
                    warn(Notice(item.error.message, hint=item.error.hint))
                else:
                    unread.append(item.message)
                    warn(item)
        except SttError as error:
            if len(inputs) == 1:
                raise
            unread.append(error.message)
            warn(Notice(error.message, hint=error.hint))
    if not any(source.found for source in sources):
        raise NothingFoundError(
            "no support ID found in " + ", ".join(map(_shown, inputs)),
            hint=f"{finder.guessed} unlabeled values may be IDs; `stt session-id "
            "--candidates` lists them"
            if finder.guessed
            else "SDKs write IDs only if logging is enabled",
        )
    return _case(inputs, sources, unread, finder.guessed, environment)


def _read(piece: Piece, title: str, finder: Finder) -> _Source:
    source = _Source(title)

    def read_into(buffer: memoryview) -> int:
        count = piece.source.read_into(buffer)
        if count:
            source.facts.feed(bytes(buffer[:count]))
        return count

    source.found = list(finder.find(title, read_into, live=piece.is_live))
    source.facts.end()
    return source


def _case(
    inputs: Sequence[str],
    sources: Sequence[_Source],
    unread: Sequence[str],
    candidates: int,
    environment: Environment,
) -> SupportCase:
    clean = environment.redactor.clean
    sessions: list[CaseSession] = []
    others: list[CaseId] = []
    errors: list[str] = []
    for source in sources:
        mains, rest = _parted(source.found)
        owner = _Owners(source, mains)
        for main in mains:
            sessions.append(_session(main, rest, source, owner, clean))
        others += [_case_id(one) for one in rest if owner.of_finding(one) is None]
        errors += [
            _line(fact, source, clean)
            for fact in source.facts.facts
            if fact.kind == "error" and owner.of_line(fact.line) is None
        ]
    facts = [fact for source in sources for fact in source.facts.facts]
    return SupportCase(
        made=iso_utc(environment.now()) or "",
        material=tuple(map(_shown, inputs)),
        unread=tuple(unread),
        sessions=tuple(sessions),
        others=tuple(others),
        other_errors=tuple(dict.fromkeys(errors))[:_MOST_OTHER_ERRORS],
        facts={
            "endpoints": _values(facts, "endpoint"),
            "regions": _values(facts, "region"),
            "statuses": _values(facts, "status"),
            "close_codes": _values(facts, "close"),
        },
        versions=_all(source.facts.versions for source in sources),
        systems=_all(source.facts.systems for source in sources),
        made_by=versions_now(),
        candidates=candidates,
    )


def _parted(found: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Part the IDs that make a session of the case from those that belong to one."""
    mains: list[Finding] = []
    rest: list[Finding] = []
    for one in found:
        (
            mains if one.kind in _MAIN_KINDS and one.honored is not False else rest
        ).append(one)
    if not mains and rest:
        # A request alone is a case, too.
        mains, rest = rest[:1], rest[1:]
    return mains, rest


class _Owners:
    """Which session a line of a source belongs to."""

    def __init__(self, source: _Source, mains: Sequence[Finding]) -> None:
        self._facts = source.facts
        self._mains = list(mains)
        self._spans: dict[str, Mentions] = {}
        for main in mains:
            line = main.line or 1
            self._spans[main.id] = source.facts.mentions.get(
                canonical(main.id), Mentions(line, line, main.time, main.time)
            )
        self._threads = self._spoken_by_thread()
        self._known: dict[int, Finding | None] = {}

    def span(self, main: Finding) -> Mentions:
        """Return where a session is named."""
        return self._spans[main.id]

    def of_finding(self, one: Finding) -> Finding | None:
        """Return the session that an ID belongs to."""
        return self.of_line(one.line or 1)

    def of_line(self, line: int) -> Finding | None:
        """Return the session that a line belongs to."""
        if line not in self._known:
            self._known[line] = self._judge(line)
        return self._known[line]

    def _judge(self, line: int) -> Finding | None:
        for main in self._mains:
            if line in self._spans[main.id].lines or main.line == line:
                return main
        thread = self._facts.threads.get(line)
        for at, main in reversed(self._threads.get(thread or "", [])):
            if at <= line:
                return main
        around = [
            main
            for main in self._mains
            if self._spans[main.id].first <= line <= self._spans[main.id].last
        ]
        if around:
            return max(around, key=lambda main: self._spans[main.id].first)
        before = [main for main in self._mains if self._spans[main.id].first <= line]
        if before:
            return max(before, key=lambda main: self._spans[main.id].last)
        return self._mains[0] if len(self._mains) == 1 else None

    def _spoken_by_thread(self) -> dict[str, list[tuple[int, Finding]]]:
        spoken: dict[str, list[tuple[int, Finding]]] = {}
        for main in self._mains:
            for line in self._spans[main.id].lines:
                thread = self._facts.threads.get(line)
                if thread is not None:
                    spoken.setdefault(thread, []).append((line, main))
        for lines in spoken.values():
            lines.sort(key=lambda pair: pair[0])
        return spoken


def _session(
    main: Finding,
    rest: Sequence[Finding],
    source: _Source,
    owners: _Owners,
    clean: Callable[[str], str],
) -> CaseSession:
    facts = [one for one in source.facts.facts if owners.of_line(one.line) is main]
    lines = [_line(one, source, clean) for one in facts if one.kind == "error"]
    errors = tuple(dict.fromkeys(lines))
    span = owners.span(main)
    belonging = [one for one in rest if owners.of_finding(one) is main]
    vendor = main.vendor or next((one.vendor for one in belonging if one.vendor), None)
    return CaseSession(
        main=_case_id(main),
        ids=tuple(map(_case_id, belonging)),
        began=span.began,
        ended=span.ended,
        began_utc=in_utc(span.began),
        ended_utc=in_utc(span.ended),
        endpoints=_values(facts, "endpoint"),
        regions=_values(facts, "region"),
        statuses=_values(facts, "status"),
        close_codes=_values(facts, "close"),
        errors=errors[:_MOST_ERRORS],
        more_errors=max(0, len(errors) - _MOST_ERRORS),
        send_to=_send_to(vendor),
    )


def _line(fact: Fact, source: _Source, clean: Callable[[str], str]) -> str:
    # Masked whole, and cut behind: what names a secret stands far ahead of it.
    text = one_line(without_speech(masked(clean(fact.value))))
    return f"{one_line(source.name)}:{fact.line}: {text[:_LONGEST_LINE]}"


def _case_id(one: Finding) -> CaseId:
    return CaseId(one.kind, one.vendor, one.id, one.place, one.time, in_utc(one.time))


def _values(facts: Iterable[Fact], kind: str) -> tuple[str, ...]:
    return _all([dict.fromkeys(one.value for one in facts if one.kind == kind)])


def _all(parts: Iterable[dict[str, None]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def _title(piece: str, name: str) -> str:
    if name == STDIN or not piece.startswith(name):
        return piece
    return _shown(name) + piece.removeprefix(name)


def _shown(name: str) -> str:
    """Return a name without the folders above it, which are nobody's business."""
    return STDIN_NAME if name == STDIN else Path(name).resolve().name


def _send_to(vendor: str | None) -> str:
    if vendor in _SEND_TO:
        return _SEND_TO[vendor]
    if vendor is None:
        return "support for the service behind the endpoint"
    try:
        spec = provider_spec(vendor)
    except SttError:
        return f"{vendor} support"
    return f"{spec.title}: {spec.support}" if spec.support else f"{spec.title} support"
