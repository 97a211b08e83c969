"""Waiting for jobs: one look at all of them, a pause, and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stt_cli.core.errors import (
    NotFoundError,
    OutOfTimeError,
    RateLimitedError,
    SttError,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.polling import PollPolicy, fixed_interval
from stt_cli.providers.base import Capability
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.look import look_at
from stt_cli.workflows.jobs.own_jobs import is_own

_PATIENCE = 300.0
"""Seconds in which looks may fail one after the other before waiting ends."""


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job stands differently than at the look before, or is seen first."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has ended, or will never be known: then ``error`` says why."""

    id: str
    job: Job | None = None
    error: SttError | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long such a job usually takes by the vendor's document, in seconds."""

    job: Job
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class LookFailed:
    """A look failed for now; waiting goes on."""

    error: SttError


PollEvent = JobSeen | JobEnded | Estimate | LookFailed

Rest = Callable[[float], None]
"""Waits so many seconds, or shorter when a notification came."""


def wait_for_jobs(
    desk: JobDesk,
    job_ids: Sequence[str],
    chosen: str | None,
    *,
    interval: float | None = None,
    timeout: float | None = None,
    rest: Rest | None = None,
) -> Iterator[PollEvent]:
    """Yield what becomes of the jobs until all have ended.

    Args:
        interval: seconds between looks; ``None`` follows the provider's advice,
            what the service asked for, and chance.
        timeout: seconds to wait at most; ``None`` leaves it to the provider.
        rest: how to wait; by default the environment's ``sleep``.

    Raises:
        OutOfTimeError: time ran out; the message names the jobs, the hint the
            command that goes on.
    """
    world = desk.environment
    rest = rest or world.sleep
    waiting = list(dict.fromkeys(job_ids))
    states: dict[str, str | None] = {}
    started = world.monotonic()
    last_answer = started
    limit = timeout
    while True:
        retry_after: float | None = None
        policy: PollPolicy | None = None
        for seen in look_at(desk, waiting, chosen):
            if seen.job is None:
                error = seen.error or NotFoundError(f"{seen.id} is not known")
                lasting = world.monotonic() - last_answer > _PATIENCE
                if is_final(error) or lasting:
                    waiting.remove(seen.id)
                    yield JobEnded(seen.id, error=error)
                else:
                    retry_after = max(retry_after or 0.0, error.retry_after or 0.0)
                    yield LookFailed(error)
                continue
            last_answer = world.monotonic()
            job = seen.job
            advice = _advice(desk, job, chosen)
            if seen.id not in states and advice.expected and not job.state.is_final:
                yield Estimate(job, *advice.expected)
            if states.get(seen.id) != _stand(job):
                states[seen.id] = _stand(job)
                yield JobSeen(job)
            if job.state.is_final:
                waiting.remove(seen.id)
                yield JobEnded(seen.id, job)
                continue
            policy = advice
            if timeout is None and advice.limit is not None:
                limit = max(limit or 0.0, advice.limit)
            retry_after = max(retry_after or 0.0, job.retry_after or 0.0)
        if not waiting:
            return
        waited = world.monotonic() - started
        if limit is not None and waited >= limit:
            raise out_of_time(waiting, limit)
        policy = policy or PollPolicy()
        if interval is not None:
            policy, retry_after = fixed_interval(interval), None
        pause = policy.pause(waited, world.random(), retry_after)
        rest(pause if limit is None else min(pause, limit - waited))


def is_final(error: SttError) -> bool:
    """Whether looking again cannot help: no such job, a wrong key, a wrong call."""
    return not (error.transient or isinstance(error, RateLimitedError))


def out_of_time(waiting: Sequence[str], limit: float) -> OutOfTimeError:
    """Return the error that names the jobs still running and how to go on."""
    named = ", ".join(waiting[:3]) + (" and others" if len(waiting) > 3 else "")
    verb = "is" if len(waiting) == 1 else "are"
    error = OutOfTimeError(
        f"after {limit:g} s {named} {verb} still running",
        hint=f"go on with: {command_that_goes_on(waiting)}",
    )
    if len(waiting) == 1:
        error.with_ids(Identifiers.of(job_id=waiting[0]))
    return error


def command_that_goes_on(job_ids: Sequence[str]) -> str:
    """Return the command that waits for these jobs from any shell."""
    if len(job_ids) > 5:
        return "stt poll --all"
    return f"stt poll {' '.join(job_ids)}"


def _stand(job: Job) -> str:
    return f"{job.state} {job.provider_state}"


def _advice(desk: JobDesk, job: Job, chosen: str | None) -> PollPolicy:
    spec = provider_spec(job.provider)
    if is_own(job.id) or not spec.can(Capability.BATCH):
        return PollPolicy()
    place = desk.place_of(job.id, chosen)
    return desk.provider(spec, place.endpoint).polling(job)
