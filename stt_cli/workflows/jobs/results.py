"""The transcripts of a job that ended, from its service or from our own folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stt_cli.core.errors import JobFailedError, OutOfTimeError, SttError
from stt_cli.core.job import Job, JobState
from stt_cli.core.transcript import Transcript
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.own_jobs import is_own


def transcripts_of(
    desk: JobDesk, job: Job, chosen: str | None = None
) -> Iterator[Transcript]:
    """Yield a job's transcripts, one a recording.

    A recording that failed inside a job that went well has status ``failed``
    and its error.

    Raises:
        JobFailedError: the job failed.
        OutOfTimeError: it has not ended yet.
    """
    if job.state is JobState.FAILED:
        raise failure_of(job)
    if job.state is not JobState.SUCCEEDED:
        raise OutOfTimeError(
            f"{job.id} has no result yet, it is {job.state}",
            hint=f"wait for it: stt poll {job.id}",
            ids=job.ids,
        )
    if is_own(job.id):
        kept = desk.own.get(job.id).transcript
        if kept is not None:
            yield kept
        return
    place = desk.place_of(job.id, chosen)
    provider = desk.provider(provider_spec(job.provider), place.endpoint)
    for transcript in provider.job_transcripts(job):
        yield replace(transcript, ids=job.ids.merged(transcript.ids))


def failure_of(job: Job) -> SttError:
    """Return the error of a job that failed, as exit code 6."""
    told = job.error
    error = JobFailedError(
        told.message if told else f"the service says that {job.id} failed",
        hint=told.hint if told else None,
        provider_code=told.provider_code if told else job.provider_state,
        http_status=told.http_status if told else None,
    )
    return error.with_ids(job.ids)
