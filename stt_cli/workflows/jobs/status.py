"""The status of jobs, their transcripts, the list of them, and their deletion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from stt_cli.core.errors import (
    INTERRUPTIONS,
    JobFailedError,
    NotFoundError,
    OutOfTimeError,
    SttError,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobQuery
from stt_cli.core.transcript import Transcript
from stt_cli.ledger import Operation, folded
from stt_cli.providers.registry import provider_spec
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.workflows.jobs.context import (
    SUBMIT,
    JobAddress,
    JobContext,
    job_id_of,
    require_jobs,
)
from stt_cli.workflows.jobs.local_jobs import is_local


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where a job stands, or why that is not known."""

    id: str
    job: Job | None = None
    error: SttError | None = None


def statuses(
    context: JobContext, job_ids: Sequence[str], chosen: str | None
) -> Iterator[JobStatus]:
    """Yield the status of each job; one that cannot be asked for has an error.

    Jobs of one provider are asked for together. The order is that of the answers,
    not of ``job_ids``.
    """
    groups: dict[tuple[str, str | None], dict[str, JobAddress]] = {}
    spellings: dict[str, list[str]] = {}
    for job_id in dict.fromkeys(job_ids):
        try:
            address = context.address_of(job_id, chosen)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            yield JobStatus(job_id, error=error)
            continue
        if is_local(job_id):
            yield _status_here(context, job_id, address)
        else:
            group = groups.setdefault((address.provider, address.endpoint), {})
            known = _as_submitted(job_id, address.operation)
            group[known] = address
            spellings.setdefault(known, []).append(job_id)
    for (name, endpoint), addresses in groups.items():
        for status in _asked_together(context, name, endpoint, addresses):
            for job_id in spellings[status.id]:
                yield replace(status, id=job_id)


def _as_submitted(job_id: str, operation: Operation | None) -> str:
    """Return an ID as its service wrote it: a GUID's case may be another here."""
    known = job_id_of(operation) if operation else None
    return known if known and folded(known) == folded(job_id) else job_id


def in_order(found: Iterator[JobStatus], job_ids: Sequence[str]) -> list[JobStatus]:
    """Return the statuses in the order in which the user named the jobs."""
    by_id = {one.id: one for one in found}
    return [by_id[job_id] for job_id in dict.fromkeys(job_ids) if job_id in by_id]


def _status_here(context: JobContext, job_id: str, address: JobAddress) -> JobStatus:
    try:
        job = context.local_jobs.get(job_id).job
    except SttError as error:
        context.not_found(job_id, address.operation, error)
        if address.operation is not None:
            error.with_ids(address.operation.ids)
        return JobStatus(job_id, error=error)
    if address.operation is not None:
        job = replace(job, ids=address.operation.ids.merged(job.ids))
    context.note_state(address.operation, job)
    return JobStatus(job_id, job)


def _seconds(operation: Operation) -> float | None:
    """Return the audio's length as it was known when the job was submitted."""
    noted = operation.facts.get("audio_seconds")
    return float(noted) if noted else None


def _asked_together(
    context: JobContext,
    name: str,
    endpoint: str | None,
    addresses: dict[str, JobAddress],
) -> Iterator[JobStatus]:
    try:
        spec = provider_spec(name)
        require_jobs(spec)
        provider = context.provider(spec, endpoint)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        for job_id in addresses:
            yield JobStatus(job_id, error=error)
        return
    for job_id, found in provider.job_states(list(addresses)):
        if isinstance(found, INTERRUPTIONS):
            raise found  # a signal or the time limit came while it was asked for
        operation = addresses[job_id].operation
        if isinstance(found, Job):
            found = found.masked(context.environment.redactor)
            if operation is not None:
                found = replace(
                    found,
                    input=operation.input or found.input,
                    duration=found.duration or _seconds(operation),
                    ids=operation.ids.merged(found.ids),
                )
            context.note_state(operation, found)
            yield JobStatus(job_id, found)
        else:
            found.masked(context.environment.redactor.clean)
            if (
                isinstance(found, NotFoundError)
                and operation
                and operation.command != SUBMIT
            ):
                found.hint = (
                    f"this ID is from `stt {operation.command}`, not from a job; "
                    f"see `stt history {job_id}`"
                )
            if isinstance(found, NotFoundError):
                context.not_found(job_id, operation, found)
            if operation is not None:
                found.with_ids(operation.ids)
            elif job_id not in dict(found.ids.items()).values():
                found.with_ids(Identifiers.of(job_id=job_id))
            yield JobStatus(job_id, error=found)


def transcripts_of(
    context: JobContext,
    job: Job,
    chosen: str | None = None,
    *,
    keep_raw: bool = False,
) -> Iterator[Transcript]:
    """Yield a job's transcripts, one a recording.

    With ``keep_raw`` the service's own answers stay in them.

    A recording that failed inside a job that went well has status ``failed``
    and its error.

    Raises:
        JobFailedError: the job failed.
        OutOfTimeError: it has not ended yet.
    """
    if job.state is JobState.FAILED:
        raise failure_of_job(job)
    if job.state is not JobState.SUCCEEDED:
        raise OutOfTimeError(
            f"{job.id} has no result yet; it is {job.state}",
            hint=f"to wait for it, run: stt poll {job.id}",
            ids=job.ids,
        )
    if is_local(job.id):
        kept = context.local_jobs.get(job.id).transcript
        if kept is not None:
            yield kept if keep_raw else replace(kept, raw=())
        return
    address = context.address_of(job.id, chosen)
    provider = context.provider(provider_spec(job.provider), address.endpoint)
    for transcript in provider.job_transcripts(job):
        yield replace(
            transcript,
            ids=job.ids.merged(transcript.ids),
            raw=transcript.raw if keep_raw else (),
        ).masked(context.environment.redactor)


def failure_of_job(job: Job) -> SttError:
    """Return the error of a job that failed, as exit code 6."""
    failure = job.error
    error = JobFailedError(
        failure.message if failure else f"{job.id} failed at the service",
        hint=failure.hint if failure else None,
        provider_code=failure.provider_code if failure else job.provider_state,
        http_status=failure.http_status if failure else None,
    )
    return error.with_ids(job.ids)


def list_jobs(
    context: JobContext, spec: ProviderSpec, query: JobQuery
) -> Iterator[Job]:
    """Yield a provider's jobs: those kept here first, then the service's."""
    require_jobs(spec)
    return islice(_all(context, spec, query), query.limit)


def delete_job(context: JobContext, job_id: str, chosen: str | None) -> None:
    """Remove a job and its results, and end its operation of the ledger.

    Raises:
        NotFoundError: there is no such job.
    """
    address = context.address_of(job_id, chosen)
    try:
        if is_local(job_id):
            context.local_jobs.delete(job_id)
        else:
            spec = provider_spec(address.provider)
            require_jobs(spec)
            known = _as_submitted(job_id, address.operation)
            context.provider(spec, address.endpoint).delete_job(known)
    except NotFoundError as error:
        context.not_found(job_id, address.operation, error)
        raise
    if address.operation is not None:
        context.deleted(address.operation)


def _all(context: JobContext, spec: ProviderSpec, query: JobQuery) -> Iterator[Job]:
    if spec.can(Capability.OWN_JOBS):
        for job in context.local_jobs.all(spec.name):
            if not query.states or str(job.state) in query.states:
                yield job
    if spec.can(Capability.BATCH):
        for job in context.provider(spec).jobs(query):
            if query.states and str(job.state) not in query.states:
                continue
            yield _with_input(context, job).masked(context.environment.redactor)


def _with_input(context: JobContext, job: Job) -> Job:
    """Return the job with the recording it was made of, which the ledger knows."""
    operation = None if job.input else context.operation_of(job.id)
    return replace(job, input=operation.input) if operation else job
