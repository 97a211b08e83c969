"""Submitting recordings: in the ledger first, then on the wire, IDs as they come.

The whole list is planned before the first request, each step is written down
before it is sent, and nothing is sent of a recording before the ledger has said
that it is ours to send. So a process killed at any moment leaves a list that any
shell can finish, and two of them do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Semaphore

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import AudioError, InterruptedRun, OutputError, SttError
from stt_cli.core.events import Identified, Notice, Sending, SubmissionEvent, Submitted
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.ledger import AlreadySubmitted, Operation, OperationRecorder
from stt_cli.providers.base import Capability, Provider, ProviderSpec
from stt_cli.workflows.jobs.attempt import attempt
from stt_cli.workflows.jobs.desk import JobDesk, require_jobs
from stt_cli.workflows.jobs.failing import stays_open, was_not_taken
from stt_cli.workflows.jobs.lost_source import LostSource
from stt_cli.workflows.jobs.orders import (
    Order,
    SubmissionFailed,
    SubmissionNews,
    SubmissionWaits,
    SubmittedBefore,
    Task,
)
from stt_cli.workflows.jobs.planning import plan_orders
from stt_cli.workflows.jobs.turns import (
    end_unread,
    is_away,
    job_of,
    opened,
    take_turn,
)
from stt_cli.workflows.option_checks import check_options
from stt_cli.workflows.side_by_side import run_side_by_side
from stt_cli.workflows.slots import Slot

__all__ = [
    "Order",
    "SubmissionFailed",
    "SubmissionNews",
    "check_submission",
    "preview",
    "submit_all",
    "submit_tasks",
]

_PUT_BACK = (
    "bring it back and go on with: stt batch resume; its --forget gives up what is left"
)

_Event = SubmissionEvent | SubmissionWaits | SubmittedBefore | SubmissionFailed


def check_submission(spec: ProviderSpec, options: JobOptions) -> None:
    """Raise ``UsageError`` for what the provider cannot do, before any request."""
    require_jobs(spec)
    if options.webhook_url is not None:
        spec.require(Capability.WEBHOOKS, "web hooks (--webhook-url)")
    check_options(spec, options.recognition)


def preview(
    desk: JobDesk, spec: ProviderSpec, order: Order, endpoint: str | None = None
) -> str:
    """Return the request that would be sent for a recording, for ``--dry-run``."""
    provider = desk.provider(spec, endpoint)
    if spec.can(Capability.BATCH):
        return provider.preview_submission(order.open(), order.options)
    return provider.preview(order.open(), order.options.recognition)


def submit_all(
    desk: JobDesk,
    spec: ProviderSpec,
    orders: Sequence[Order],
    workers: int = 1,
    *,
    force: bool = False,
) -> Iterator[SubmissionNews]:
    """Submit every recording, ``workers`` at a time; each step is durable first.

    A recording that fails is reported and does not stop the others; after an
    interruption those that were not begun stay planned.

    Args:
        force: submit also what is a job already.

    Raises:
        OutputError: the ledger could be opened, and has no room for the list.
    """
    is_kept = desk.ledger.keeps
    tasks = plan_orders(desk, desk.provider(spec), orders, force=force)
    _require_ledger(desk, is_kept)
    return submit_tasks(desk, tasks, workers)


def submit_tasks(
    desk: JobDesk, tasks: Sequence[Task], workers: int = 1, *, again: bool = False
) -> Iterator[SubmissionNews]:
    """Submit what the ledger has planned; see ``submit_all``.

    Args:
        again: begin anew where the outcome of an earlier attempt is not known.
    """
    is_kept = desk.ledger.keeps
    slots = Semaphore(workers)

    def stream(index: int, task: Task) -> Callable[[], Iterator[SubmissionNews]]:
        def run() -> Iterator[SubmissionNews]:
            slot = Slot(slots)
            try:
                for event in _submit_one(
                    desk, task, slot, is_kept=is_kept, again=again
                ):
                    yield SubmissionNews(index, event)
            finally:
                slot.give_back()

        return run

    streams = [stream(index, task) for index, task in enumerate(tasks)]
    # While some requests are under way, as many are got ready or written down.
    return run_side_by_side(streams, 2 * workers if workers > 1 else 1)


def _submit_one(
    desk: JobDesk, task: Task, slot: Slot, *, is_kept: bool, again: bool
) -> Iterator[_Event]:
    clean = desk.environment.redactor.clean
    row: Operation | None = None
    try:
        provider = desk.provider(task.spec, task.endpoint)
        source = opened(task, provider)
        _refuse_empty(source, task.order.name)
        region = provider.context.values.get("region")
        claim = yield from take_turn(desk, task, source, region)
        if isinstance(claim, AlreadySubmitted):
            yield SubmittedBefore(job_of(claim.operation), claim.operation.started_at)
            return
        row = claim.operation
        entry = desk.ledger.resume(row.key)
    except SttError as error:
        error.masked(clean)
        away = isinstance(error, AudioError) and is_away(task)
        if away:
            error.hint = _PUT_BACK
        elif isinstance(error, AudioError):
            end_unread(desk, task, error)
        yield SubmissionFailed(error, away or stays_open(error))
        if isinstance(error, InterruptedRun):
            raise
        return
    known = row.ids
    try:
        _require_ledger(desk, is_kept)
        lost = isinstance(source, LostSource)
        for event in attempt(
            desk, provider, source, task.order.options, row, again=again
        ):
            match event:
                case Sending():
                    known = known.merged(event.ids)
                    entry.record_step(event.step, event.ids)
                    _require_ledger(desk, is_kept)
                    slot.take()
                case Identified():
                    known = known.merged(event.ids)
                    entry.learn(event.ids)
                case Submitted():
                    slot.give_back()
                    # The address of a recording may hold a signature.
                    shown = clean(row.input or task.order.name)
                    job = _with_own_id(replace(event.job, input=shown), known)
                    _keep(entry, job)
                    if lost:
                        yield Notice(f"{shown}: the job is of what it was when sent")
                    yield Submitted(job)
                    continue
            yield event
    except SttError as error:
        error.with_ids(known).masked(clean)
        away = isinstance(error, AudioError) and is_away(task)
        if away:
            error.hint = _PUT_BACK
        open_still = away or stays_open(error)
        if open_still:
            entry.fail_for_now(error, not_taken=_is_settled(provider, error))
        else:
            entry.finish("failed", error=error)
        yield SubmissionFailed(error, open_still)
        if isinstance(error, InterruptedRun | OutputError):
            raise


def _refuse_empty(source: AudioSource, name: str) -> None:
    """Send no file without a byte: some services take it, and fail much later.

    Raises:
        AudioError: there is nothing in it.
    """
    if source.path is not None and not source.live and source.size == 0:
        raise AudioError(
            f"{name}: it is empty", hint="check how it was recorded or copied"
        )


def _require_ledger(desk: JobDesk, is_kept: bool) -> None:
    """Send nothing that cannot be written down: going on would send it twice.

    Raises:
        OutputError: the ledger can no longer be written.
    """
    if is_kept and not desk.ledger.keeps:
        raise OutputError(
            "the ledger can no longer be written, so nothing more is submitted",
            hint="make it writable (is the disk full?) and go on with: "
            "stt batch resume; STT_LEDGER=off does without",
        )


def _is_settled(provider: Provider, error: SttError) -> bool:
    """Whether nothing of the last step is to be looked for when going on.

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


def _keep(entry: OperationRecorder, job: Job) -> None:
    seconds = None if job.duration is None else f"{job.duration:.3f}"
    # It stays open until its result is collected, even where it is done already.
    entry.record_job(job.id, job.ids, str(job.state), audio_seconds=seconds)
