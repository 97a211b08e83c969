"""One attempt at a submission: anew, or from where an earlier attempt stopped.

What an earlier process had sent is given time to arrive and then looked for, so that
nothing is made and paid for twice. A provider without jobs recognizes here and now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from stt_cli.audio.inputs import shown_input
from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import (
    NotFoundError,
    SttError,
    UncertainError,
)
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
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import Capability
from stt_cli.workflows.channels import recognition_events
from stt_cli.workflows.jobs.context import JobContext, job_id_of
from stt_cli.workflows.jobs.local_jobs import PREFIX
from stt_cli.workflows.transcript_builder import TranscriptBuilder

_ON_ITS_WAY = 2.0
"""Seconds in which what a dead process had sent may still reach its service."""


def attempt(
    context: JobContext,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    operation: Operation,
    *,
    again: bool = False,
) -> Iterator[SubmissionEvent]:
    """Submit a recording: anew, or from where an earlier attempt stopped.

    Yields what happens until ``Submitted``; a local job has the operation's key.

    Args:
        operation: has the step and the IDs of an earlier attempt.
        again: begin anew where the outcome of that one cannot be found out.

    Raises:
        UncertainError: it cannot be, and ``again`` is not set.
    """
    done = _done_here(context, operation)
    if done is not None:
        yield Submitted(done)
    elif not provider.spec.can(Capability.BATCH):
        yield from _recognized_here(context, provider, source, options, operation)
    else:
        options = _with_reference(options, operation)
        try:
            cut_off = _cut_off(context, provider, operation, again=again)
            if cut_off is not None:
                _let_it_arrive(context, operation)
            resumed = replace(options, interrupted=cut_off)
            yield from _submitted(context, provider, source, resumed, operation)
        except UncertainError as error:
            if not again:
                raise
            yield Notice(f"{source.name}: {error.message}; resubmitting")
            yield from _submitted(context, provider, source, options, operation)


def _with_reference(options: JobOptions, operation: Operation) -> JobOptions:
    """Return the options with a reference that the ledger has already."""
    if options.client_reference_id or options.recognition.session_id:
        return options
    return replace(options, client_reference_id=PREFIX + operation.key)


def _cut_off(
    context: JobContext, provider: Provider, operation: Operation, *, again: bool
) -> InterruptedSubmission | None:
    if operation.step is None:
        return None
    if not provider.spec.can(Capability.RECOVERS):
        if again:
            return None
        name = provider.spec.name
        raise UncertainError(
            f"cannot tell whether {provider.spec.title} has it: the response to "
            f"{operation.step!r} was lost",
            hint=f"`stt batch list -p {name}` lists its jobs; to resubmit, run `stt "
            "batch resume --again`",
            ids=operation.ids,
        )

    def is_known(job_id: str) -> bool:
        found = context.ledger.find(job_id)
        return (
            found is not None and found.key != operation.key and bool(job_id_of(found))
        )

    return InterruptedSubmission(
        operation.step, operation.started_at, operation.ids, is_known, operation.sent_at
    )


def _let_it_arrive(context: JobContext, operation: Operation) -> None:
    """Wait until a request that was on its way when its process died is taken.

    A service that was asked too early would not have it yet, and get it twice.
    """
    if operation.http_status is not None or not operation.learned:
        return  # it was answered
    moment = datetime.fromisoformat(operation.learned[-1].learned_at)
    age = (context.environment.now() - moment).total_seconds()
    if 0 <= age < _ON_ITS_WAY:
        context.environment.sleep(_ON_ITS_WAY - age)


def _submitted(
    context: JobContext,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    operation: Operation,
) -> Iterator[SubmissionEvent]:
    """Yield the provider's events; work done at once ends as a local job.

    Raises:
        AudioError: the file is no recording; nothing of it was sent.
    """
    if source.path is not None:
        _ = source.encoding
    for event in provider.submit(source, options):
        if isinstance(event, Transcribed):
            job = context.local_jobs.begin(
                provider.spec.name, source.name, operation.key
            )
            yield Identified(job.ids)
            yield Submitted(context.local_jobs.succeed(job, event.transcript))
        else:
            yield event


def _done_here(context: JobContext, operation: Operation) -> Job | None:
    """Return the local job that was done, where its process could not record that."""
    if operation.step is None:
        return None
    try:
        job = context.local_jobs.get(PREFIX + operation.key).job
    except NotFoundError:
        return None
    return job if job.state is JobState.SUCCEEDED else None


def _recognized_here(
    context: JobContext,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    operation: Operation,
) -> Iterator[SubmissionEvent]:
    """Recognize now, as a local job whose ID is known before the work."""
    wanted = replace(options.recognition, jobs=context.workers)
    job = context.local_jobs.begin(provider.spec.name, source.name, operation.key)
    yield Sending("recognize", job.ids)
    yield Identified(job.ids)
    builder = TranscriptBuilder(
        provider=provider.spec.name,
        input_name=shown_input(source.name, context.environment.redactor.clean),
        language=wanted.language or provider.spec.default_language,
        mode=str(wanted.mode) if wanted.mode else None,
        clock=context.environment.monotonic,
    )
    try:
        for event in recognition_events(provider, source, wanted):
            builder.add(event)
            if isinstance(event, Started | Identified):
                yield Identified(event.ids)
    except SttError as error:
        error.with_ids(job.ids).masked(context.environment.redactor.clean)
        context.local_jobs.fail(job, error)
        raise
    yield Submitted(context.local_jobs.succeed(job, _named(builder.transcript, job)))


def _named(transcript: Transcript, job: Job) -> Transcript:
    return replace(transcript, ids=transcript.ids.merged(job.ids))
