"""Whose turn a recording is: this process's, another's, or nobody's any more."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import AudioError, ConfigurationError, JobFailedError, SttError
from stt_cli.core.job import Job, JobState
from stt_cli.ledger import AlreadySubmitted, Busy, Granted, Operation
from stt_cli.providers.base import Capability, Provider
from stt_cli.workflows.jobs.desk import JobDesk, job_id_of
from stt_cli.workflows.jobs.fingerprint import fingerprint
from stt_cli.workflows.jobs.locations import PIPE, name_at
from stt_cli.workflows.jobs.lost_source import LostSource
from stt_cli.workflows.jobs.orders import SubmissionWaits, Task
from stt_cli.workflows.jobs.planning import measured
from stt_cli.workflows.jobs.stored_options import wishes_alone

_PAUSE = 0.25
"""Seconds between two questions whether another shell is done with it."""


def opened(task: Task, provider: Provider) -> AudioSource:
    """Return the recording as it can still be had.

    Where it is gone or another by now, and something was sent of what it was, it
    is a ``LostSource``: the service may have all that it needs.

    Raises:
        AudioError: it cannot be read, and nothing was sent of it.
        ConfigurationError: what it needs was a secret, and is not kept; or it was
            begun in another region, where alone it can be looked for.
    """
    _check_region(task, provider)
    if task.withheld:
        raise ConfigurationError(
            f"{task.order.name}: {', '.join(task.withheld)} held a secret, "
            "which the ledger does not keep",
            hint="run the same `stt batch submit` again: it goes on from here",
        )
    can_be_found = task.was_sent and provider.spec.can(Capability.RECOVERS)
    try:
        source = task.order.open()
        if can_be_found and _is_another(task):
            raise AudioError(
                f"{task.order.name}: it has changed since it was sent",
                hint="submit it again as it is now",
            )
    except AudioError as error:
        if not can_be_found:
            raise
        return LostSource(task.order.name, task.plan.size, error)
    return source


def take_turn(
    desk: JobDesk, task: Task, source: AudioSource, region: str | None
) -> Generator[SubmissionWaits, None, Granted | AlreadySubmitted]:
    """Wait until it is ours to submit, or a job that is known. Use ``yield from``.

    Raises:
        AudioError: it cannot be read.
    """
    profile, wishes = desk.settings.profile, wishes_alone(task.plan.options)
    # Another profile is another account: a job of it cannot be asked after here.
    wanted = (task.spec.name, task.endpoint, region, profile, wishes)
    mark = None
    if not isinstance(source, LostSource):
        mark = fingerprint(source, wanted)
    return (yield from _claimed(desk, task, mark or f"once {task.key}"))


def _check_region(task: Task, provider: Provider) -> None:
    begun = task.earlier.facts.get("region") if task.earlier else None
    region = provider.context.values.get("region")
    if begun is not None and region is not None and begun != region:
        raise ConfigurationError(
            f"{task.order.name}: it was begun in the region {begun}, "
            f"and {region} is set now",
            hint=f"set the region {begun} and go on with: stt batch resume",
        )


def end_unread(desk: JobDesk, task: Task, error: SttError) -> None:
    """Write down that a recording cannot be read, unless another process has it."""
    mark = f"once {task.key}"
    if isinstance(desk.ledger.claim(task.key, mark, force=True), Granted):
        desk.ledger.recorder(task.key).finish("failed", error=error)


def is_away(task: Task) -> bool:
    """Whether an earlier process had the file, and it is not there now.

    A share that is not mounted is no reason to give up what it holds.
    """
    name = name_at(task.plan.source) if task.plan.source.startswith("file:") else None
    return task.earlier is not None and name is not None and not Path(name).exists()


def job_of(row: Operation) -> Job:
    """Return a job as the ledger knows it.

    Raises:
        JobFailedError: another process has tried meanwhile, and it is none.
    """
    if job_id_of(row) is None:
        raise JobFailedError(
            f"{row.input}: another shell gave it up: {row.error or row.status}",
            ids=row.ids,
        )
    states = {str(state): state for state in JobState}
    job_id = job_id_of(row)
    return Job(
        id=job_id or row.key,
        provider=row.provider,
        state=states.get(row.status, JobState.QUEUED),
        input=row.input,
        created=row.started_at,
        ids=row.ids,
    )


def _claimed(
    desk: JobDesk, task: Task, mark: str
) -> Generator[SubmissionWaits, None, Granted | AlreadySubmitted]:
    while True:
        claim = desk.ledger.claim(task.key, mark, force=task.force)
        if not isinstance(claim, Busy):
            return claim
        yield SubmissionWaits()
        desk.environment.sleep(_PAUSE * (1 + desk.environment.random()))


def _is_another(task: Task) -> bool:
    before = task.earlier.queue_entry if task.earlier else None
    if task.plan.source == PIPE or before is None:
        return False
    size, modified, _ = measured(name_at(task.plan.source))
    return (size, modified) != (before.size, before.modified)
