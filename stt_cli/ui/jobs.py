"""Jobs as tables and as JSON: state, times, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.core.errors import NotFoundError, SttError
from stt_cli.core.identifiers import Identifiers, label
from stt_cli.core.job import Job, JobState
from stt_cli.core.timestamps import iso_utc
from stt_cli.formats.json_output import json_document
from stt_cli.ui.quantities import clock
from stt_cli.ui.style import is_terminal
from stt_cli.ui.tables import Cell, CellLike, Column, print_table

_STYLES = {
    JobState.QUEUED: "dim",
    JobState.RUNNING: "yellow",
    JobState.SUCCEEDED: "green",
    JobState.FAILED: "red",
    JobState.UNKNOWN: "yellow",
}
_COLUMNS = (
    Column("id", whole=True),
    Column("state"),
    Column("provider", style="dim", roomy=True),
    Column("created", style="dim", roomy=True),
    Column("audio", right=True),
    Column("input", tail=True),
    Column("error", style="red", wraps=True),
    Column("name", roomy=True),
)
# What services call the name that `batch submit --name` gives a job, or its file's.
_NAMES = ("displayName", "name", "user_token", "client_reference_id", "filename")


def print_jobs(
    jobs: Iterable[Job], environment: Environment, *, paged: bool = False
) -> None:
    """Print jobs as a table, or as tab-separated lines into a pipe.

    A line ends in what its ID is, so that `stt session-id` can read it back.
    """
    piped = not is_terminal(environment.stdout)
    rows = ([*_row(job), *((_kind(job),) if piped else ())] for job in jobs)
    print_table(_COLUMNS, rows, environment, paged=paged)


def print_submitted(jobs: Sequence[Job], environment: Environment) -> None:
    """Print the table that ends ``batch submit`` on a terminal."""
    columns = (Column("input", tail=True), Column("state"), Column("id", whole=True))
    rows = ([job.input, _state(job), job.id] for job in jobs)
    print_table(columns, rows, environment)


def jobs_json(objects: Sequence[dict[str, Any]], *, single: bool) -> str:
    """Return job objects as JSON: one object for one plain ID, else an array."""
    value = objects[0] if single and len(objects) == 1 else list(objects)
    return json_document(value)


def unknown_job(job_id: str, error: SttError) -> dict[str, Any]:
    """Return the object of a job that could not be asked after; no key vanishes."""
    ids = error.ids
    if not ids and not isinstance(error, NotFoundError):
        ids = Identifiers.of(job_id=job_id)
    empty = Job(id=job_id, provider="", state=JobState.QUEUED, error=error, ids=ids)
    return empty.to_dict() | {"provider": None, "state": None}


def state_words(job: Job) -> str:
    """Return our word for the state, and the provider's own where it differs."""
    theirs = job.provider_state
    if theirs and job.state is JobState.UNKNOWN:
        return theirs
    if theirs and theirs.lower() != str(job.state):
        return f"{job.state} ({theirs})"
    return str(job.state)


def warning_of_state(job: Job) -> str | None:
    """Return what to say of a state that stt does not know."""
    if job.state is not JobState.UNKNOWN:
        return None
    word = repr(job.provider_state)
    return f"{job.provider} reports the unknown state {word} for {job.id}"


def _row(job: Job) -> list[CellLike]:
    duration = clock(job.duration) if job.duration is not None else None
    error = job.error.message if job.error else None
    return [
        job.id,
        _state(job),
        job.provider,
        _moment(job.created),
        duration,
        job.input,
        error,
        _name(job),
    ]


def _name(job: Job) -> str | None:
    names = (job.details.get(name) for name in _NAMES)
    return next((name for name in names if isinstance(name, str) and name), None)


def _kind(job: Job) -> str:
    named = (name for name, value in job.ids.items() if value == job.id)
    return label(next(named, "job_id"))


def _state(job: Job) -> Cell:
    return Cell(state_words(job), _STYLES[job.state])


def _moment(moment: datetime | None) -> str | None:
    text = iso_utc(moment)
    return text[:19] + "Z" if text else None
