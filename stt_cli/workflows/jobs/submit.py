"""Submitting recordings: in the ledger first, then on the wire, IDs as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import InterruptedRun, SttError
from stt_cli.core.events import (
    Identified,
    Sending,
    Started,
    SubmissionEvent,
    Submitted,
    Transcribed,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.core.transcript import Transcript
from stt_cli.ledger import Entry
from stt_cli.providers.base import Capability, Provider, ProviderSpec
from stt_cli.workflows.fold import Fold
from stt_cli.workflows.jobs.desk import SUBMIT, JobDesk, require_jobs
from stt_cli.workflows.side_by_side import run_side_by_side
from stt_cli.workflows.wishes import check_wishes


@dataclass(frozen=True, slots=True)
class Order:
    """One recording that is to be submitted, and what is wanted of it.

    Args:
        name: its path or address, by which it can be opened again; ``-`` is stdin.
        open: returns the recording, or raises what is wrong with it.
    """

    name: str
    open: Callable[[], AudioSource]
    options: JobOptions


@dataclass(frozen=True, slots=True)
class SubmissionFailed:
    """One recording could not be submitted; the others go on."""

    error: SttError


@dataclass(frozen=True, slots=True)
class SubmissionNews:
    """What happened to the recording of that number in the list of orders."""

    index: int
    event: SubmissionEvent | SubmissionFailed


def check_submission(spec: ProviderSpec, options: JobOptions) -> None:
    """Raise ``UsageError`` for what the provider cannot do, before any request."""
    require_jobs(spec)
    if options.webhook_url is not None:
        spec.require(Capability.WEBHOOKS, "web hooks (--webhook-url)")
    check_wishes(spec, options.recognition)


def preview(desk: JobDesk, spec: ProviderSpec, order: Order) -> str:
    """Return the request that would be sent for a recording, for ``--dry-run``."""
    provider = desk.provider(spec)
    if spec.can(Capability.BATCH):
        return provider.preview_submission(order.open(), order.options)
    return provider.preview(order.open(), order.options.recognition)


def submit_all(
    desk: JobDesk,
    spec: ProviderSpec,
    orders: Sequence[Order],
    workers: int = 1,
) -> Iterator[SubmissionNews]:
    """Submit every recording, ``workers`` at a time; each step is durable first.

    A recording that fails is reported and does not stop the others; after an
    interruption those that were not begun are left alone.
    """
    provider = desk.provider(spec)

    def stream(index: int, order: Order) -> Callable[[], Iterator[SubmissionNews]]:
        def run() -> Iterator[SubmissionNews]:
            for event in _submit_one(desk, provider, order):
                yield SubmissionNews(index, event)

        return run

    streams = [stream(index, order) for index, order in enumerate(orders)]
    return run_side_by_side(streams, workers)


def _submit_one(
    desk: JobDesk, provider: Provider, order: Order
) -> Iterator[SubmissionEvent | SubmissionFailed]:
    spec = provider.spec
    entry = desk.ledger.begin(
        SUBMIT,
        spec.name,
        order.name,
        facts={
            "endpoint": desk.endpoint_of(spec),
            "language": order.options.recognition.language,
            "region": provider.context.values.get("region"),
        },
    )
    known = Identifiers()
    try:
        for event in _events(desk, provider, order.open(), order.options, entry):
            match event:
                case Sending():
                    known = known.merged(event.ids)
                    entry.learn(event.ids)
                    entry.state(event.step)
                case Identified():
                    known = known.merged(event.ids)
                    entry.learn(event.ids)
                case Submitted():
                    # The address of a recording may hold a signature.
                    shown = desk.environment.redactor.clean(order.name)
                    job = _with_own_id(replace(event.job, input=shown), known)
                    _keep(entry, job)
                    yield Submitted(job)
                    continue
            yield event
    except SttError as error:
        error.with_ids(known).masked(desk.environment.redactor.clean)
        entry.finish(_end_of(error), error=error)
        yield SubmissionFailed(error)
        if isinstance(error, InterruptedRun):
            raise


def _events(
    desk: JobDesk,
    provider: Provider,
    source: AudioSource,
    options: JobOptions,
    entry: Entry,
) -> Iterator[SubmissionEvent]:
    """Yield the provider's events; work done at once ends as a job of our own."""
    if not provider.spec.can(Capability.BATCH):
        yield from _recognized_here(desk, provider, source, options)
        return
    for event in provider.submit(source, options):
        if isinstance(event, Transcribed):
            job = desk.own.begin(provider.spec.name, source.name)
            yield Identified(job.ids)
            yield Submitted(desk.own.succeed(job, event.transcript))
        else:
            yield event


def _recognized_here(
    desk: JobDesk, provider: Provider, source: AudioSource, options: JobOptions
) -> Iterator[SubmissionEvent]:
    """Recognise now, as a job of our own whose ID is known before the work."""
    wishes = options.recognition
    job = desk.own.begin(provider.spec.name, source.name)
    yield Sending("recognize", job.ids)
    yield Identified(job.ids)
    fold = Fold(
        provider=provider.spec.name,
        input_name=source.name,
        language=wishes.language or provider.spec.default_language,
        mode=str(wishes.mode) if wishes.mode else None,
        clock=desk.environment.monotonic,
    )
    try:
        for event in provider.recognize(source, wishes):
            fold.add(event)
            if isinstance(event, Started | Identified):
                yield Identified(event.ids)
    except SttError as error:
        error.with_ids(job.ids).masked(desk.environment.redactor.clean)
        desk.own.fail(job, error)
        raise
    yield Submitted(desk.own.succeed(job, _named(fold.transcript, job)))


def _named(transcript: Transcript, job: Job) -> Transcript:
    return replace(transcript, ids=transcript.ids.merged(job.ids))


def _with_own_id(job: Job, known: Identifiers) -> Job:
    """Return the job with all IDs; its own is among them under some name."""
    ids = known.merged(job.ids)
    if job.id not in dict(ids.items()).values():
        ids = ids.merged(Identifiers.of(job_id=job.id))
    return replace(job, ids=ids)


def _keep(entry: Entry, job: Job) -> None:
    entry.learn(job.ids)
    entry.note(job_id=job.id, audio_seconds=_seconds(job))
    if job.state.is_final:
        entry.finish(str(job.state), error=job.error)
    else:
        entry.note_exchange()
        entry.state(str(job.state))


def _seconds(job: Job) -> str | None:
    """Return the audio's length, which the service may not tell until it is done."""
    return None if job.duration is None else f"{job.duration:.3f}"


def _end_of(error: SttError) -> str:
    return "cancelled" if isinstance(error, InterruptedRun) else "failed"
