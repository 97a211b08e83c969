"""One go at submitting a recording: anew, or from where an earlier one stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import NotFoundError, SttError, UncertainError
from stt_cli.core.events import (
    Identified,
    Notice,
    Sending,
    Started,
    SubmissionEvent,
    Submitted,
    Transcribed,
)
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobOptions
from stt_cli.core.transcript import Transcript
from stt_cli.ledger import Operation
from stt_cli.providers.base import Capability, Provider
from stt_cli.workflows.jobs.desk import JobDesk, job_id_of
from stt_cli.workflows.jobs.own_jobs import PREFIX
from stt_cli.workflows.transcript_builder import TranscriptBuilder

_ON_ITS_WAY = 2.0
"""Seconds in which what a dead process had sent may still reach its service."""


def attempt(
    desk: JobDesk,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    row: Operation,
    *,
    again: bool = False,
) -> Iterator[SubmissionEvent]:
    """Yield what happens until ``Submitted``; a job of our own has the row's key.

    Args:
        row: the operation, with the step and the IDs of an earlier attempt.
        again: begin anew where the outcome of that one cannot be found out.

    Raises:
        UncertainError: it cannot be, and ``again`` is not set.
    """
    done = _done_here(desk, row)
    if done is not None:
        yield Submitted(done)
    elif not provider.spec.can(Capability.BATCH):
        yield from _recognized_here(desk, provider, source, options, row)
    else:
        options = _with_reference(options, row)
        try:
            cut_off = _cut_off(desk, provider, row, again=again)
            if cut_off is not None:
                _let_it_arrive(desk, row)
            going_on = replace(options, interrupted=cut_off)
            yield from _submitted(desk, provider, source, going_on, row)
        except UncertainError as error:
            if not again:
                raise
            yield Notice(f"{source.name}: {error.message}; submitting it again")
            yield from _submitted(desk, provider, source, options, row)


def _with_reference(options: JobOptions, row: Operation) -> JobOptions:
    """Return the options with a reference that the ledger has already."""
    if options.client_reference_id or options.recognition.session_id:
        return options
    return replace(options, client_reference_id=PREFIX + row.key)


def _cut_off(
    desk: JobDesk, provider: Provider, row: Operation, *, again: bool
) -> InterruptedSubmission | None:
    if row.step is None:
        return None
    if not provider.spec.can(Capability.RECOVERS):
        if again:
            return None
        name = provider.spec.name
        raise UncertainError(
            f"whether {provider.spec.title} took it is not known: "
            f"the answer to {row.step!r} was lost",
            hint=f"`stt batch list -p {name}` shows what it has; "
            "`stt batch resume --again` submits it again",
            ids=row.ids,
        )

    def is_known(job_id: str) -> bool:
        found = desk.ledger.find(job_id)
        return found is not None and found.key != row.key and bool(job_id_of(found))

    return InterruptedSubmission(
        row.step, row.started_at, row.ids, is_known, row.sent_at
    )


def _let_it_arrive(desk: JobDesk, row: Operation) -> None:
    """Wait until a request that was on its way when its process died is taken.

    A service that was asked too early would not have it yet, and get it twice.
    """
    if row.http_status is not None or not row.learned:
        return  # it was answered
    moment = datetime.fromisoformat(row.learned[-1].learned_at)
    age = (desk.environment.now() - moment).total_seconds()
    if 0 <= age < _ON_ITS_WAY:
        desk.environment.sleep(_ON_ITS_WAY - age)


def _submitted(
    desk: JobDesk,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    row: Operation,
) -> Iterator[SubmissionEvent]:
    """Yield the provider's events; work done at once ends as a job of our own."""
    for event in provider.submit(source, options):
        if isinstance(event, Transcribed):
            job = desk.own.begin(provider.spec.name, source.name, row.key)
            yield Identified(job.ids)
            yield Submitted(desk.own.succeed(job, event.transcript))
        else:
            yield event


def _done_here(desk: JobDesk, row: Operation) -> Job | None:
    """Return the job of our own that was done and not noted any more."""
    if row.step is None:
        return None
    try:
        job = desk.own.get(PREFIX + row.key).job
    except NotFoundError:
        return None
    return job if job.state is JobState.SUCCEEDED else None


def _recognized_here(
    desk: JobDesk,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    row: Operation,
) -> Iterator[SubmissionEvent]:
    """Recognise now, as a job of our own whose ID is known before the work."""
    wishes = replace(options.recognition, jobs=desk.jobs)
    job = desk.own.begin(provider.spec.name, source.name, row.key)
    yield Sending("recognize", job.ids)
    yield Identified(job.ids)
    builder = TranscriptBuilder(
        provider=provider.spec.name,
        input_name=source.name,
        language=wishes.language or provider.spec.default_language,
        mode=str(wishes.mode) if wishes.mode else None,
        clock=desk.environment.monotonic,
    )
    try:
        for event in provider.recognize(source, wishes):
            builder.add(event)
            if isinstance(event, Started | Identified):
                yield Identified(event.ids)
    except SttError as error:
        error.with_ids(job.ids).masked(desk.environment.redactor.clean)
        desk.own.fail(job, error)
        raise
    yield Submitted(desk.own.succeed(job, _named(builder.transcript, job)))


def _named(transcript: Transcript, job: Job) -> Transcript:
    return replace(transcript, ids=transcript.ids.merged(job.ids))
