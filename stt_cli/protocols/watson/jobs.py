"""Asynchronous jobs, ``/v1/recognitions``, as the service tells of them."""

from __future__ import annotations

from typing import Any

from stt_cli.core.errors import JobFailedError, ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.protocols.json_fields import Fields, moment, objects, text

_STATES = {
    "waiting": JobState.QUEUED,
    "processing": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
}
_NAMED = frozenset({"id", "status", "created", "updated", "results"})
EVENTS = (
    "recognitions.started",
    "recognitions.completed",
    "recognitions.completed_with_results",
    "recognitions.failed",
)


def read_job(fields: Fields, known: Identifiers | None = None) -> Job:
    """Return a job of a creation, a check or a list.

    Raises:
        ProviderError: it has no status.
    """
    job_id = text(fields, "id") or ""
    status = text(fields, "status")
    if status is None:
        raise ProviderError("Watson described a job without a status", ids=known)
    state = _STATES.get(status, JobState.UNKNOWN)
    updated = moment(fields, "updated")
    ids = Identifiers.of(job_id=job_id or None).merged(known or Identifiers())
    details: dict[str, Any] = {k: v for k, v in fields.items() if k not in _NAMED}
    error = None
    if state is JobState.FAILED:
        error = JobFailedError(
            f"Watson could not recognize it: {failure_words(fields) or 'no reason'}",
            hint="send the job ID and the transaction ID to IBM support",
            ids=ids,
        )
    return Job(
        id=job_id,
        provider="watson",
        state=state,
        provider_state=status,
        created=moment(fields, "created"),
        finished=updated if state.is_final else None,
        error=error,
        ids=ids,
        details=details,
    )


def failure_words(fields: Fields) -> str | None:
    """Return why a job failed, wherever the service put it."""
    message = text(fields, "error") or text(fields, "failure")
    inside = (text(result, "error") for result in objects(fields, "results"))
    return message or next((words for words in inside if words), None)


def job_results(fields: Fields) -> tuple[Fields, ...]:
    """Return a finished job's results: a list around lists, of one element."""
    return objects(fields, "results")
