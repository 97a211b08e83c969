"""One operation: as the ledger keeps it, and as a command records it.

An operation is whatever a command asks of a provider: a recording that is
recognized, a text that is spoken, a job with its place in the queue.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.net.http_trace import Trail
from stt_cli.version import __version__

if TYPE_CHECKING:
    from stt_cli.ledger.ledger import Ledger

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


_MAIN = ("session_id", "transcription_id", "job_id", "request_id", "transaction_id")
_OURS = "run_id"  # never went on the wire: no vendor's support can find it

PLANNED = "planned"
"""The status of a recording of which nothing was sent yet."""

INTERRUPTED = "interrupted"
"""The status of a submission that failed for now, and can be gone on with."""

STEP = "step"
"""The fact that names the last step, written down before it was sent."""

SENT = "sent"
"""The fact that says when that was, as ISO 8601."""

NO_STEP = "none"
"""What that fact says once it is known that the step was not taken."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What is needed to submit a recording later, from any shell.

    Args:
        batch: names the run that planned it; the same for its whole list.
        position: its number in that list, from 0.
        source: an absolute ``file:`` URI, or the recording's address.
        options: what was asked for, as JSON without secrets.
        size: bytes, and ``modified`` nanoseconds since 1970, when it was planned.
    """

    batch: str
    position: int
    source: str
    options: str
    size: int | None = None
    modified: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what was asked of whom, when, and how it ended.

    ``key`` is the ledger's own; ``ended`` is ``None`` while the operation runs
    (or its job does). ``ids`` has the last ID of each kind, ``learned`` all of
    them in order. ``facts`` are whatever else the command noted. ``queue_entry``
    says how a recording is submitted, ``owner`` which process works through the
    list that it is on.
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
    damage: str | None = None
    """What of it cannot be read and was left out: an ID, a fact, its queue entry."""

    @property
    def step(self) -> str | None:
        """The last step that was to be sent, unless it is known not to be taken."""
        step = self.facts.get(STEP)
        return None if step == NO_STEP else step

    @property
    def sent_at(self) -> datetime | None:
        """When that step was written down."""
        try:
            return datetime.fromisoformat(self.facts[SENT])
        except (KeyError, ValueError):
            return None

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return datetime.fromisoformat(self.started)

    @property
    def main_kind(self) -> str | None:
        """The name of the ID that a vendor's support asks for first."""
        known = dict(self.ids.items())
        named = [name for name in _MAIN if known.get(name)]
        theirs = [name for name in known if name != _OURS]
        return next(iter((*named, *theirs, *known)), None)

    @property
    def main_id(self) -> str | None:
        """The ID that a vendor's support asks for first, where there is one."""
        kind = self.main_kind
        return None if kind is None else self.ids.get(kind)

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


_NO_ERROR = {"http_status": None, "error_code": None, "error": None}


class OperationRecorder:
    """One operation in the ledger; each change is written when its call returns.

    ``trail`` has the requests of an operation that this process began.
    """

    def __init__(self, ledger: Ledger, key: str, trail: Trail | None = None) -> None:
        self.key = key
        self._ledger = ledger
        self._trail = trail

    def learn(self, ids: Identifiers, **facts: str | None) -> None:
        """Add IDs at once, before anything else is done with them; facts with them."""
        self._ledger.change(self.key, ids=ids, facts=facts)

    def note(self, **facts: str | None) -> None:
        """Set facts, such as ``endpoint``, ``region``, ``language``, ``transport``."""
        self._ledger.change(self.key, facts=facts)

    def set_status(self, status: str, *, flush: bool = False) -> None:
        """Set the status of an operation that goes on, such as ``queued``."""
        self._ledger.change(self.key, {"status": status}, flush=flush)

    def set_job_status(self, status: str, error: SttError | None = None) -> None:
        """Set where a job stands, and why it failed; the operation stays open."""
        if error is None:
            self.set_status(status)
        else:
            self._end(status, error, ended=None)

    def reopen(self, status: str) -> None:
        """Let an operation go on that was thought to have ended."""
        self._ledger.change(self.key, {"status": status, "ended": None, **_NO_ERROR})

    def record_step(self, step: str, ids: Identifiers) -> None:
        """Bring a step and its IDs to the disk, before its request is sent."""
        facts: dict[str, str | None] = {STEP: step, SENT: self._ledger.now()}
        self._ledger.change(self.key, {"status": step}, ids, facts, flush=True)

    def record_job(
        self, job_id: str, ids: Identifiers, status: str, **facts: str | None
    ) -> None:
        """Write down, all at once, that the service has taken it."""
        facts |= {"job_id": job_id, **self._exchange()}
        columns = {"status": status, **_NO_ERROR}
        self._ledger.change(self.key, columns, ids, facts, flush=True)

    def finish(self, status: str, *, error: SttError | None = None) -> None:
        """Write how it ended, with the error's words and the IDs it carries."""
        self._end(status, error, ended=self._ledger.now())

    def fail_for_now(self, error: SttError, *, not_taken: bool = False) -> None:
        """Write why it failed, and leave it open for any process to go on with.

        Args:
            not_taken: the service's answer says that it did not take the last
                step, so that it need not be looked for there.
        """
        facts = {STEP: NO_STEP} if not_taken else {}
        self._end(INTERRUPTED, error, ended=None, **facts)
        self._ledger.release(self.key)

    def _end(
        self, status: str, error: SttError | None, ended: str | None, **facts: str
    ) -> None:
        columns: dict[str, str | int | None] = {
            "status": status,
            "ended": ended,
            "http_status": error.http_status if error else None,
            "error_code": error.code if error else None,
            "error": error.message if error else None,
        }
        all_facts: dict[str, str | None] = {**self._exchange(), **facts}
        if error:
            all_facts["provider_code"] = error.provider_code
        self._ledger.change(self.key, columns, error.ids if error else None, all_facts)

    def _exchange(self) -> dict[str, str]:
        return self._ledger.cleaned(self._trail) if self._trail else {}
