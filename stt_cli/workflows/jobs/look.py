"""One look at jobs: which provider has each, where it stands, the ledger told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stt_cli.core.errors import STOPS, NotFoundError, SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.ledger import Operation
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.desk import SUBMIT, JobDesk, Place, require_jobs
from stt_cli.workflows.jobs.own_jobs import is_own


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a job stands, or why that is not known."""

    id: str
    job: Job | None = None
    error: SttError | None = None


def look_at(
    desk: JobDesk, job_ids: Sequence[str], chosen: str | None
) -> Iterator[Seen]:
    """Yield where each job stands; one that cannot be asked after has an error.

    Jobs of one provider are asked after together. The order is that of the
    answers, not of ``job_ids``.
    """
    groups: dict[tuple[str, str | None], dict[str, Place]] = {}
    for job_id in dict.fromkeys(job_ids):
        try:
            place = desk.place_of(job_id, chosen)
        except STOPS:
            raise
        except SttError as error:
            yield Seen(job_id, error=error)
            continue
        if is_own(job_id):
            yield _seen_here(desk, job_id, place)
        else:
            group = groups.setdefault((place.provider, place.endpoint), {})
            group[job_id] = place
    for (name, endpoint), places in groups.items():
        yield from _look_together(desk, name, endpoint, places)


def in_order(seen: Iterator[Seen], job_ids: Sequence[str]) -> list[Seen]:
    """Return what was seen in the order in which the user named the jobs."""
    by_id = {one.id: one for one in seen}
    return [by_id[job_id] for job_id in dict.fromkeys(job_ids) if job_id in by_id]


def _seen_here(desk: JobDesk, job_id: str, place: Place) -> Seen:
    try:
        job = desk.own.get(job_id).job
    except SttError as error:
        desk.not_found(place.row, error)
        return Seen(job_id, error=error)
    if place.row is not None:
        job = replace(job, ids=place.row.ids.merged(job.ids))
    desk.note_state(place.row, job)
    return Seen(job_id, job)


def _seconds(row: Operation) -> float | None:
    """Return the audio's length as it was known when the job was submitted."""
    noted = row.facts.get("audio_seconds")
    return float(noted) if noted else None


def _look_together(
    desk: JobDesk, name: str, endpoint: str | None, places: dict[str, Place]
) -> Iterator[Seen]:
    try:
        spec = provider_spec(name)
        require_jobs(spec)
        provider = desk.provider(spec, endpoint)
    except STOPS:
        raise
    except SttError as error:
        for job_id in places:
            yield Seen(job_id, error=error)
        return
    for job_id, found in provider.look(list(places)):
        if isinstance(found, STOPS):
            raise found  # a signal or the time limit came while it was asked after
        row = places[job_id].row
        _mask(found.error if isinstance(found, Job) else found, desk)
        if isinstance(found, Job):
            if row is not None:
                found = replace(
                    found,
                    input=row.input or found.input,
                    duration=found.duration or _seconds(row),
                    ids=row.ids.merged(found.ids),
                )
            desk.note_state(row, found)
            yield Seen(job_id, found)
        else:
            if isinstance(found, NotFoundError) and row and row.command != SUBMIT:
                found.hint = (
                    f"it is an ID of `stt {row.command}`, not of a job; "
                    f"`stt history {job_id}` shows that run"
                )
            if isinstance(found, NotFoundError):
                desk.not_found(row, found)
            found.with_ids(row.ids if row else Identifiers.of(job_id=job_id))
            yield Seen(job_id, error=found)


def _mask(error: SttError | None, desk: JobDesk) -> None:
    """Take out what a service repeats of the credentials it was sent."""
    if error is not None:
        error.masked(desk.environment.redactor.clean)
