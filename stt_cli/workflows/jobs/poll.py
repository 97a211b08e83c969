"""Waiting for jobs: a poller for each service, results fetched as jobs end.

Each service has a thread of its own that asks for the status of its jobs and waits,
so that no service waits for another's intervals or slow answers; results are fetched
by a few more. The rules (how long to wait, when to give up) are functions of their
own: they decide what is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Generic, TypeVar

from stt_cli.core.errors import (
    INTERRUPTIONS,
    NotFoundError,
    RateLimitedError,
    SttError,
)
from stt_cli.core.job import Job
from stt_cli.core.parallel import Streams
from stt_cli.core.polling import PollPolicy, fixed_interval
from stt_cli.providers.registry import provider_spec
from stt_cli.providers.spec import Capability
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.local_jobs import is_local
from stt_cli.workflows.jobs.status import statuses

SILENCE_LIMIT = 300.0
"""Seconds in which a service may give no answer, or no result, before we give up."""

_PAUSE_AFTER_FAULT = 5.0
_LONGEST_PAUSE = 30.0
"""Seconds before a service that gave no answer is asked again: once, and at most."""

Result = TypeVar("Result")

WaitFor = Callable[[float], Sequence[str] | None]
"""Waits so many seconds, or shorter when notifications came: of which jobs."""


@dataclass(frozen=True, slots=True)
class PollOptions:
    """How to wait.

    Args:
        interval: seconds between two requests; ``None`` follows the provider's
            advice, what the service asked for, and chance.
        timeout: seconds to wait at most; ``None`` leaves it to the provider, and
            gives up a service that no longer answers.
        wait: how to wait; by default the environment's ``sleep``.
        workers: how many results of a service are fetched at a time.
    """

    interval: float | None = None
    timeout: float | None = None
    wait: WaitFor | None = None
    workers: int = 8


@dataclass(frozen=True, slots=True)
class StateChanged:
    """A job is in another state than before, or is seen for the first time."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has ended, or will never be known: then ``error`` says why."""

    id: str
    job: Job | None = None
    error: SttError | None = None


@dataclass(frozen=True, slots=True)
class Fetched(Generic[Result]):
    """What came of an ended job, or why that could not be fetched."""

    ended: JobEnded
    result: Result | None = None
    error: SttError | None = None


@dataclass(frozen=True, slots=True)
class StillRunning:
    """Time ran out for these jobs, after so many seconds."""

    ids: tuple[str, ...]
    limit: float


@dataclass(frozen=True, slots=True)
class ServiceGone:
    """A service gave no answer for so many seconds: these jobs were given up.

    They may well run on. ``error`` is what asking for them met last.
    """

    ids: tuple[str, ...]
    silence: float
    error: SttError


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long such a job usually takes by the vendor's document, in seconds."""

    job: Job
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """Asking for a status, or fetching a result, failed for now; waiting goes on."""

    error: SttError
    doing: str = "status check"


PollEvent = (
    StateChanged | JobEnded | Estimate | AttemptFailed | StillRunning | ServiceGone
)


def is_final(error: SttError) -> bool:
    """Whether asking again cannot help: no such job, a wrong key, a wrong call."""
    return not (error.transient or isinstance(error, RateLimitedError))


def gives_up(silence: float, timeout: float | None) -> bool:
    """Whether a service that has not answered for so many seconds is given up.

    With a time limit of the user's own, that limit decides alone: an outage of ten
    minutes is no reason to end a wait of an hour.
    """
    return timeout is None and silence > SILENCE_LIMIT


def time_left(
    now: float,
    started: float,
    last_end: float,
    timeout: float | None,
    limit: float | None,
) -> tuple[float, float] | None:
    """Return the limit that holds and the seconds left of it; ``None`` without one.

    Args:
        now, started, last_end: moments of one clock; the latter when a job of the
            service ended last.
        timeout: the user's own limit, counted from the start.
        limit: the provider's. It counts from the last job that ended: where jobs end
            one after the other, the service is at work.
    """
    if timeout is not None:
        return timeout, timeout - (now - started)
    if limit is not None:
        return limit, limit - (now - max(started, last_end))
    return None


def next_pause(
    policy: PollPolicy,
    waited: float,
    random: float,
    *,
    interval: float | None = None,
    retry_after: float = 0.0,
    cost: float = 0.0,
    left: float | None = None,
) -> float:
    """Return how many seconds to wait before asking again.

    Args:
        waited: seconds since the start; ``random`` lies between 0 and 1.
        interval: the user's own pause, which holds as it is.
        retry_after: what the service asked for; it is never cut short.
        cost: how long asking took: what costs much is not repeated sooner than that.
        left: what is left of the time limit.
    """
    if interval is not None:
        pause = fixed_interval(interval).pause(0.0, 0.0)
    else:
        pause = max(policy.pause(waited, random, retry_after), cost)
    return pause if left is None else min(pause, left)


def pause_after_fault(faults: int, random: float, retry_after: float | None) -> float:
    """Return the seconds before a service is asked again after so many faults."""
    doubled = 2.0 ** min(faults - 1, 10)
    pause = min(_PAUSE_AFTER_FAULT * doubled, _LONGEST_PAUSE)
    return max(pause * (1 + random), retry_after or 0.0)


def wait_for_jobs(
    context: JobContext,
    job_ids: Sequence[str],
    chosen: str | None,
    fetch: Callable[[JobEnded], Result],
    options: PollOptions = PollOptions(),
) -> Generator[PollEvent | Fetched[Result], None, None]:
    """Yield what becomes of the jobs until all were fetched or time ran out.

    Each job ends in exactly one ``Fetched``, ``StillRunning`` or ``ServiceGone``.
    After an interruption, raised here or thrown in, what is being fetched may come to
    its end for a short while, and comes before the interruption goes on.

    Args:
        fetch: is called with each job that ended, several at a time, each in a
            thread of its service; after a fault that is transient it is called
            again.
    """
    groups: dict[tuple[str, str | None], list[str]] = {}
    for job_id in dict.fromkeys(job_ids):
        groups.setdefault(_service_of(context, job_id, chosen), []).append(job_id)
    streams = Streams[PollEvent | Fetched[Result]]()
    for ids in groups.values():
        poller = _Poller(context, ids, chosen, fetch, options, streams)
        streams.background(poller.run)
    yield from streams.merged()


class _Poller(Generic[Result]):
    """Waits for the jobs of one service."""

    def __init__(
        self,
        context: JobContext,
        job_ids: Sequence[str],
        chosen: str | None,
        fetch: Callable[[JobEnded], Result],
        options: PollOptions,
        streams: Streams[PollEvent | Fetched[Result]],
    ) -> None:
        self._context = context
        self._chosen = chosen
        self._fetch = fetch
        self._options = options
        self._streams = streams
        self._fetchers = streams.lane(options.workers)
        self._waiting = dict.fromkeys(job_ids)
        self._states: dict[str, str] = {}
        self._clock = context.environment.monotonic
        self._started = self._clock()
        self._last_answer = self._started
        self._last_end = self._started
        self._last_result: float | None = None
        self._policy = PollPolicy()
        self._limit: float | None = None
        self._retry_after = 0.0
        self._faults = 0  # how often in a row no job was told anything of

    def run(self) -> Iterator[PollEvent | Fetched[Result]]:
        """Ask and wait until all jobs have ended, or time has run out."""
        options = self._options
        while self._waiting and not self._streams.is_stopped:
            began = self._clock()
            yield from self._ask()
            if not self._waiting:
                return
            now = self._clock()
            left = time_left(
                now, self._started, self._last_end, options.timeout, self._limit
            )
            if left is not None and left[1] <= 0:
                yield StillRunning(tuple(self._waiting), left[0])
                return
            pause = next_pause(
                self._policy,
                now - self._started,
                self._context.environment.random(),
                interval=options.interval,
                retry_after=self._retry_after,
                cost=now - began,
                left=left[1] if left else None,
            )
            yield from self._wait(pause)

    def _wait(self, pause: float) -> Iterator[PollEvent]:
        """Wait; a job that a notification names is asked for meanwhile."""
        wait = self._options.wait or self._context.environment.sleep
        until = self._clock() + pause
        while pause > 0 and self._waiting:
            named = wait(pause)
            if not named or self._streams.is_stopped:
                return
            yield from self._ask([each for each in named if each in self._waiting])
            pause = until - self._clock()

    def _ask(self, job_ids: Sequence[str] | None = None) -> Iterator[PollEvent]:
        """Ask for the status of all jobs, or of some."""
        self._retry_after, heard = 0.0, False
        failures: dict[str, SttError] = {}
        wanted = list(self._waiting) if job_ids is None else job_ids
        for status in statuses(self._context, wanted, self._chosen):
            if status.job is not None:
                self._last_answer, heard = self._clock(), True
                yield from self._take(status.id, status.job)
                continue
            error = status.error or NotFoundError(f"unknown ID {status.id}")
            if is_final(error):
                yield from self._end(JobEnded(status.id, error=error))
                continue
            self._retry_after = max(self._retry_after, error.retry_after or 0.0)
            failures.setdefault(error.message, error)
        self._faults = self._faults + 1 if failures and not heard else 0
        if self._faults:
            pause = pause_after_fault(self._faults, 0.0, None)
            self._retry_after = max(self._retry_after, pause)
        silence = self._clock() - self._last_answer
        if failures and gives_up(silence, self._options.timeout):
            left = tuple(self._waiting)
            self._waiting.clear()
            yield ServiceGone(left, silence, next(iter(failures.values())))
            return
        for error in failures.values():
            yield AttemptFailed(error)

    def _take(self, job_id: str, job: Job) -> Iterator[PollEvent]:
        state = f"{job.state} {job.provider_state}"
        is_new = job_id not in self._states
        if not job.state.is_final:
            self._policy = self._policy_for(job)
            self._retry_after = max(self._retry_after, job.retry_after or 0.0)
            if self._policy.limit is not None:
                # The job that needs most time decides for all.
                self._limit = max(self._limit or 0.0, self._policy.limit)
            if is_new and self._policy.expected:
                yield Estimate(job, *self._policy.expected)
        if self._states.get(job_id) != state:
            self._states[job_id] = state
            yield StateChanged(job)
        if job.state.is_final:
            yield from self._end(JobEnded(job_id, job))

    def _end(self, ended: JobEnded) -> Iterator[PollEvent]:
        del self._waiting[ended.id]
        self._last_end = self._clock()
        yield ended
        self._fetchers.add(partial(self._fetched, ended))

    def _fetched(self, ended: JobEnded) -> Iterator[PollEvent | Fetched[Result]]:
        """Fetch a result until it is here, or the service gives none to anybody."""
        environment = self._context.environment
        if self._last_result is None:
            self._last_result = self._clock()
        for faults in count(1):
            try:
                result = self._fetch(ended)
            except INTERRUPTIONS:
                raise
            except SttError as error:
                fault = error
            else:
                self._last_result = self._clock()
                yield Fetched(ended, result)
                return
            silence = self._clock() - self._last_result
            if is_final(fault) or silence > SILENCE_LIMIT:
                yield Fetched(ended, error=fault)
                return
            yield AttemptFailed(fault, "fetching a result")
            environment.sleep(
                pause_after_fault(faults, environment.random(), fault.retry_after)
            )

    def _policy_for(self, job: Job) -> PollPolicy:
        spec = provider_spec(job.provider)
        if is_local(job.id) or not spec.can(Capability.BATCH):
            return PollPolicy()
        address = self._context.address_of(job.id, self._chosen)
        return self._context.provider(spec, address.endpoint).polling(job)


def _service_of(
    context: JobContext, job_id: str, chosen: str | None
) -> tuple[str, str | None]:
    """Return what has a poller of its own: a service at an address, or ourselves."""
    if is_local(job_id):
        return "", None
    try:
        address = context.address_of(job_id, chosen)
    except INTERRUPTIONS:
        raise
    except SttError:
        return "", None  # asking will tell
    return address.provider, address.endpoint
