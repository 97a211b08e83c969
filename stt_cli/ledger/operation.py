"""One operation of the past, and the question that finds it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.queue import NO_STEP, SENT, STEP, QueueEntry
from stt_cli.version import __version__

STARTED = "started"
"""The status of an operation that has not ended, or whose process was killed."""

WHOSE = ("host", "user")
"""The facts that tell one user's operations from others', where many share a ledger."""

_FACTS = ("endpoint", "region", "language", "transport")


@dataclass(frozen=True, slots=True)
class LearnedId:
    """One ID and when it was learned; a kind may have several, one a request."""

    kind: str
    value: str
    learned_at: str

    def to_dict(self) -> dict[str, Any]:
        """Return the ID as ``history --json`` shows it."""
        return {"kind": self.kind, "id": self.value, "time": self.learned_at}


_MAIN = ("session_id", "transcription_id", "job_id", "request_id")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what was asked of whom, when, and how it ended.

    ``key`` is the ledger's own; ``ended`` is ``None`` while the operation runs
    (or its job does). ``ids`` has the last ID of each kind, ``learned`` all of
    them in order. ``facts`` are whatever else the command noted. ``queue_entry`` is how
    a recording is submitted, ``owner`` names the process whose list it is on.
    """

    key: str
    command: str
    provider: str
    input: str | None
    started: str
    ended: str | None
    status: str
    http_status: int | None
    error_code: str | None
    error: str | None
    versions: str
    ids: Identifiers = field(default_factory=Identifiers)
    learned: tuple[LearnedId, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    queue_entry: QueueEntry | None = None
    owner: str | None = None

    @property
    def step(self) -> str | None:
        """The last step that was to be sent, unless it is known not to be taken."""
        step = self.facts.get(STEP)
        return None if step == NO_STEP else step

    @property
    def sent_at(self) -> datetime | None:
        """When that step was written down."""
        sent = self.facts.get(SENT)
        return None if sent is None else datetime.fromisoformat(sent)

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return datetime.fromisoformat(self.started)

    @property
    def main_id(self) -> str | None:
        """The ID that a vendor's support asks for first, where there is one."""
        known = dict(self.ids.items())
        named = (known.get(name) for name in _MAIN)
        return next((v for v in named if v), None) or next(iter(known.values()), None)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    def to_dict(self) -> dict[str, Any]:
        """Return what ``history --json`` prints; no key vanishes."""
        named = {name: self.facts.get(name) for name in _FACTS}
        rest = {k: v for k, v in self.facts.items() if k not in _FACTS}
        failure = {
            "code": self.error_code,
            "message": self.error,
            "http_status": self.http_status,
        }
        return {
            "key": self.key,
            "command": self.command,
            "provider": self.provider,
            "input": self.input,
            "started": self.started,
            "ended": self.ended,
            "status": self.status,
            **named,
            "ids": self.ids.to_dict(),
            "learned": [each.to_dict() for each in self.learned],
            "error": failure if self.error_code else None,
            "versions": self.versions,
            "facts": rest,
        }


def begun(
    key: str,
    command: str,
    provider: str,
    input: str | None,  # noqa: A002 - the contract's own word
    now: str,
    ids: Identifiers,
    facts: Mapping[str, str | None],
    clean: Callable[[str], str],
) -> Operation:
    """Return an operation that begins now; ``clean`` goes over its texts."""
    return Operation(
        key=key,
        command=clean(command),
        provider=clean(provider),
        input=clean(input) if input is not None else None,
        started=now,
        ended=None,
        status=STARTED,
        http_status=None,
        error_code=None,
        error=None,
        versions=versions(),
        ids=Identifiers.from_mapping({k: clean(v) for k, v in ids.items()}),
        facts={k: clean(v) for k, v in facts.items() if v},
    )


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """Which operations to find, newest first; ``None`` and empty mean any.

    Every word must occur somewhere: in command, provider, input, status, error,
    IDs or facts, in upper or lower case. ``facts`` are names and values that all
    must be among an operation's own. ``bare`` leaves IDs, facts and plans out of what
    is found, for counting: a team's ledger has hundreds of thousands a month.
    """

    words: tuple[str, ...] = ()
    provider: str | None = None
    command: str | None = None
    since: datetime | None = None
    open_only: bool = False
    limit: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    bare: bool = False

    def since_text(self) -> str | None:
        """Return ``since`` as the ledger writes times."""
        return stamp(self.since) if self.since else None


def stamp(moment: datetime) -> str:
    """Return a time as the ledger writes it: UTC, fixed width, so that it sorts."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    text = aware.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


LONGEST_ID = 600
"""Characters; no service has longer ones, nor does PostgreSQL's index take them."""


def folded(value: str) -> str:
    """Return an ID so that its spellings compare equal: GUIDs come with dashes too."""
    return value[:LONGEST_ID].replace("-", "").lower()


def storable(text: str) -> str:
    """Return a text that databases take: of Unicode characters, none of them NUL.

    A file's name may have bytes that are no UTF-8; they are shown as escapes.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def versions() -> str:
    """Return what runs here, for support: ours, Python's and the system's."""
    system = f"{platform.system()} {platform.machine()}"
    return f"stt {__version__}, Python {platform.python_version()}, {system}"
