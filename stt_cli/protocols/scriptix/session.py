"""The session object, bare or wrapped, in every vocabulary that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.protocols.json_fields import (
    Fields,
    as_number,
    integer,
    mapping,
    moment,
    number,
    objects,
    text,
)
from stt_cli.protocols.scriptix.errors import failed_session

PROVIDER = "scriptix"

_STATES = {
    "new": JobState.QUEUED,
    "uploaded": JobState.QUEUED,
    "queued": JobState.QUEUED,
    "pending": JobState.QUEUED,
    "processing": JobState.RUNNING,
    "running": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "done": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "error": JobState.FAILED,
}
# The words that the list can be filtered by.
_FILTERS = {
    "queued": "queued",
    "running": "processing",
    "succeeded": "completed",
    "failed": "failed",
}
_DOCUMENTED = (
    "id",
    "filename",
    "language",
    "media_type",
    "media_url",
    "document",
    "session_mode",
    "custom_model_id",
)
_SAID = frozenset(
    {"session_id", "status", "duration", "error", "created_at", "started_at"}
    | {"finished_at"}
)


def unwrapped(fields: Fields) -> Fields:
    """Return the object itself where it came inside ``{"result": …}``."""
    inner = fields.get("result")
    return inner if isinstance(inner, Mapping) else fields


def session_id_of(fields: Fields) -> str | None:
    """Return the ID for URLs: never the integer ``id``, which is internal."""
    own = unwrapped(fields)
    for name in ("session_id", "sessionId", "zoom_id"):
        found = text(own, name)
        if found:
            return found
    fallback = own.get("id")
    return fallback if isinstance(fallback, str) and fallback else None


def read_session(fields: Fields, known_id: str | None = None) -> Job:
    """Read a session; every key but the status may be missing.

    Args:
        known_id: the ID that was asked for, where the answer has none.

    Raises:
        ProviderError: it has no ID, or no status.
    """
    own = unwrapped(fields)
    session_id = session_id_of(own) or known_id
    if session_id is None:
        raise ProviderError("Scriptix returned a session without an ID")
    word, state = _state(own, session_id)
    failed = state is JobState.FAILED
    return Job(
        id=session_id,
        provider=PROVIDER,
        state=state,
        provider_state=word,
        input=text(own, "filename") or text(own, "media_source"),
        created=moment(own, "created_at"),
        started=moment(own, "started_at"),
        finished=moment(own, "finished_at"),
        duration=_duration(own),
        error=failed_session(_message(own), session_id) if failed else None,
        ids=Identifiers.of(
            session_id=session_id, document_id=document_id_of(own.get("document"))
        ),
        details=_details(own),
    )


def document_id_of(document: object) -> str | None:
    """Return a document's ID as text: it came as a number, a GUID and a word."""
    return text(document, "id") if isinstance(document, Mapping) else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of sessions; ``total`` counts all, ``None`` where not told."""

    sessions: tuple[Fields, ...]
    total: int | None = None

    def next_offset(self, offset: int, limit: int) -> int | None:
        """Return where the next page starts, ``None`` after the last."""
        reached = offset + len(self.sessions)
        if not self.sessions:
            return None
        if self.total is not None:
            return reached if reached < self.total else None
        return reached if len(self.sessions) >= limit else None


def read_page(fields: Fields) -> Page:
    """Read a list of sessions. ``count`` is the page's own and tells nothing."""
    return Page(objects(fields, "result"), integer(fields, "total_results"))


def status_filter(states: tuple[str, ...]) -> str | None:
    """Return the word to filter a list by, where one state alone is wanted."""
    return _FILTERS.get(states[0]) if len(states) == 1 else None


def _state(own: Fields, session_id: str) -> tuple[str, JobState]:
    word, done = own.get("status"), own.get("done")
    if word is None and isinstance(done, bool):  # the second API's answer
        if done:
            return "done", JobState.SUCCEEDED
        failed = bool(_message(own))
        return ("error", JobState.FAILED) if failed else ("running", JobState.RUNNING)
    if not isinstance(word, str) or not word.strip():
        raise ProviderError(
            "Scriptix returned a session without a status",
            ids=Identifiers.of(session_id=session_id),
        )
    return word, _STATES.get(word.strip().lower(), JobState.UNKNOWN)


def _message(own: Fields) -> str | None:
    error = own.get("error")
    if isinstance(error, Mapping):
        return text(error, "message")
    return error if isinstance(error, str) and error else text(own, "error_message")


def _duration(own: Fields) -> float | None:
    """Seconds; 0 stands for not known yet."""
    return number(own, "duration") or as_number(own.get("duration_seconds")) or None


def _details(own: Fields) -> dict[str, Any]:
    details: dict[str, Any] = {name: own.get(name) for name in _DOCUMENTED}
    if details["document"] is not None:
        details["document"] = dict(mapping(own, "document"))
    newer = {k: v for k, v in own.items() if k not in _SAID and k not in details}
    return details | newer
