"""Submitting recordings: in the ledger first, then on the wire, IDs as they come.

The whole list is queued before the first request, each step is written down
before it is sent, and nothing is sent of a recording before the ledger has said
that it is ours to send. So a process killed at any moment leaves a list that any
shell can finish, and two of them do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Semaphore

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import (
    AudioError,
    ConfigurationError,
    CredentialsError,
    InterruptedRun,
    OutOfTimeError,
    OutputError,
    QuotaError,
    RateLimitedError,
    SttError,
    UncertainError,
    UnexpectedError,
    UnreachableError,
)
from stt_cli.core.events import (
    Identified,
    Notice,
    Sending,
    SubmissionEvent,
    Submitted,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.core.parallel import Slot, run_streams
from stt_cli.ledger import AlreadySubmitted, OperationRecorder
from stt_cli.net.retry import was_not_taken
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.workflows.jobs.attempt import attempt
from stt_cli.workflows.jobs.claim import (
    LostSource,
    claimed,
    fail_unread,
    is_away,
    job_of,
    open_recording,
)
from stt_cli.workflows.jobs.context import JobContext, require_jobs
from stt_cli.workflows.jobs.queue import (
    QueuedSubmission,
    RecordingEvent,
    SubmissionFailed,
    SubmissionRequest,
    SubmissionWaits,
    SubmittedBefore,
    enqueue,
    note_copy,
)
from stt_cli.workflows.option_checks import check_options

_PUT_BACK = (
    "put the file back and run `stt batch resume`, or run `stt batch resume "
    "--forget` to drop it"
)

_Event = SubmissionEvent | SubmissionWaits | SubmittedBefore | SubmissionFailed


def check_submission(spec: ProviderSpec, options: JobOptions) -> None:
    """Raise ``UsageError`` for what the provider cannot do, before any request."""
    require_jobs(spec)
    if options.webhook_url is not None:
        spec.require(Capability.WEBHOOKS, "webhooks (--webhook-url)")
    check_options(spec, options.recognition)
    if options.recognition.channels and spec.can(Capability.BATCH):
        spec.require(Capability.JOB_CHANNELS, "separate channels in jobs")
    if options.recognition.translate_to and spec.can(Capability.BATCH):
        spec.require(Capability.JOB_TRANSLATES, "translation in jobs (--translate-to)")


def preview(
    context: JobContext,
    spec: ProviderSpec,
    request: SubmissionRequest,
    endpoint: str | None = None,
) -> str:
    """Return the request that would be sent for a recording, for ``--dry-run``."""
    provider = context.provider(spec, endpoint)
    if spec.can(Capability.BATCH):
        return provider.preview_submission(request.open(), request.options)
    return provider.preview(request.open(), request.options.recognition)


def submit_all(
    context: JobContext,
    spec: ProviderSpec,
    requests: Sequence[SubmissionRequest],
    workers: int = 1,
    *,
    force: bool = False,
) -> Iterator[RecordingEvent]:
    """Submit every recording, ``workers`` at a time; each step is durable first.

    A recording that fails is reported and does not stop the others; after an
    interruption those that were not begun stay queued.

    Args:
        force: submit also what is a job already.

    Raises:
        OutputError: the ledger could be opened, and has no room for the list.
    """
    is_kept = context.ledger.keeps
    queued = enqueue(context, context.provider(spec), requests, force=force)
    _require_ledger(context, is_kept)
    return submit_queued(context, queued, workers)


def submit_queued(
    context: JobContext,
    queued: Sequence[QueuedSubmission],
    workers: int = 1,
    *,
    again: bool = False,
) -> Iterator[RecordingEvent]:
    """Submit what is queued already; see ``submit_all``.

    Args:
        again: begin anew where the outcome of an earlier attempt is not known.
    """
    is_kept = context.ledger.keeps
    slots = Semaphore(workers)

    def stream(
        index: int, submission: QueuedSubmission
    ) -> Callable[[], Iterator[RecordingEvent]]:
        def run() -> Iterator[RecordingEvent]:
            slot = Slot(slots)
            try:
                for event in _submit_one(
                    context, submission, slot, is_kept=is_kept, again=again
                ):
                    yield RecordingEvent(index, event)
            finally:
                slot.give_back()

        return run

    streams = [stream(index, submission) for index, submission in enumerate(queued)]
    # While some requests are under way, as many are got ready or written down.
    return run_streams(streams, 2 * workers if workers > 1 else 1)


def _submit_one(
    context: JobContext,
    submission: QueuedSubmission,
    slot: Slot,
    *,
    is_kept: bool,
    again: bool,
) -> Iterator[_Event]:
    redactor = context.environment.redactor
    clean = redactor.clean
    hook = submission.request.options.webhook_url or ""
    redactor.register_address(submission.request.name, listed=True)
    redactor.register_address(hook, listed=True, of_hook=True)
    try:
        provider = context.provider(submission.spec, submission.endpoint)
        source = open_recording(submission, provider)
        _refuse_empty(source, submission.request.name)
        region = provider.context.values.get("region")
        claim = yield from claimed(context, submission, source, region)
        if isinstance(claim, AlreadySubmitted):
            note_copy(context, claim.operation, submission)
            yield SubmittedBefore(job_of(claim.operation), claim.operation.started_at)
            return
        operation = claim.operation
        recorder = context.ledger.resume(operation.key)
    except Exception as fault:
        error = UnexpectedError.of(fault).masked(clean)
        away = isinstance(error, AudioError) and is_away(submission)
        if away:
            error.hint = _PUT_BACK
        elif isinstance(error, AudioError | UnexpectedError):
            fail_unread(context, submission, error)
        yield SubmissionFailed(error, away or stays_open(error))
        if isinstance(error, InterruptedRun):
            raise
        return
    known = operation.ids
    was_sent = operation.step is not None
    try:
        _require_ledger(context, is_kept)
        lost = isinstance(source, LostSource)
        for event in attempt(
            context,
            provider,
            source,
            submission.request.options,
            operation,
            again=again,
        ):
            match event:
                case Sending():
                    known = known.merged(event.ids)
                    recorder.record_step(event.step, event.ids)
                    _require_ledger(context, is_kept)
                    slot.take()
                    was_sent = True
                case Identified():
                    known = known.merged(event.ids)
                    recorder.learn(event.ids)
                case Submitted():
                    slot.give_back()
                    # The address of a recording may hold a signature.
                    shown = clean(operation.input or submission.request.name)
                    job = event.job.masked(context.environment.redactor)
                    job = _with_own_id(replace(job, input=shown), known)
                    _keep(recorder, job)
                    if lost:
                        yield Notice(
                            f"{shown} has changed since it was sent; the "
                            "job has the earlier content"
                        )
                    yield Submitted(job)
                    continue
            yield event
    except Exception as fault:
        error = UnexpectedError.of(fault).with_ids(known).masked(clean)
        away = isinstance(error, AudioError) and is_away(submission)
        if away:
            error.hint = _PUT_BACK
        open_still = away or stays_open(error)
        # Whether the service took it before our own fault is not known.
        open_still |= was_sent and isinstance(error, UnexpectedError)
        if open_still:
            recorder.fail_for_now(error, not_taken=_is_settled(provider, error))
        else:
            recorder.finish("failed", error=error)
        yield SubmissionFailed(error, open_still)
        if isinstance(error, InterruptedRun | OutputError):
            raise


def _refuse_empty(source: AudioSource, name: str) -> None:
    """Send no empty file: some services take it, and fail much later.

    Raises:
        AudioError: there is nothing in it.
    """
    if source.path is not None and not source.live and source.size == 0:
        raise AudioError(f"{name} is empty", hint="check how it was recorded or copied")


def _require_ledger(context: JobContext, is_kept: bool) -> None:
    """Send nothing that cannot be written down: going on would send it twice.

    Raises:
        OutputError: the ledger can no longer be written.
    """
    if is_kept and not context.ledger.keeps:
        raise OutputError(
            "cannot write to the ledger; stopped submitting",
            hint="free up disk space or make the ledger writable, then run `stt "
            "batch resume`; or set STT_LEDGER=off",
        )


def _is_settled(provider: Provider, error: SttError) -> bool:
    """Whether nothing of the last step is to be looked for by the next attempt.

    A provider that recovers looks for it all the same: earlier steps may have made
    what the next attempt can use.
    """
    return not provider.spec.can(Capability.RECOVERS) and was_not_taken(error)


def _with_own_id(job: Job, known: Identifiers) -> Job:
    """Return the job with all IDs; its own is among them under some name."""
    ids = known.merged(job.ids)
    if job.id not in dict(ids.items()).values():
        ids = ids.merged(Identifiers.of(job_id=job.id))
    return replace(job, ids=ids)


def _keep(recorder: OperationRecorder, job: Job) -> None:
    seconds = None if job.duration is None else f"{job.duration:.3f}"
    # It stays open until its result is collected, even where it is done already.
    recorder.record_job(job.id, job.ids, str(job.state), audio_seconds=seconds)


_FOR_NOW = (
    ConfigurationError,
    CredentialsError,
    InterruptedRun,
    OutOfTimeError,
    OutputError,
    QuotaError,
    RateLimitedError,
    UncertainError,
    UnreachableError,
)
"""What says nothing against the recording: another time, it may be taken."""


def stays_open(error: SttError) -> bool:
    """Whether the recording may be submitted later, as it is."""
    return error.transient or isinstance(error, _FOR_NOW)
