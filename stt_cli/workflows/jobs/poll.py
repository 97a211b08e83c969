"""Waiting for jobs: a poller for each service, results fetched as jobs end.

Each service has a thread of its own that looks at its jobs and rests, so that no
service waits for another's intervals or slow answers; what its jobs brought is
fetched by a few more. All of them report to the one who reads the events.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Generic, TypeVar

from stt_cli.core.errors import (
    STOPS,
    NotFoundError,
    RateLimitedError,
    SttError,
)
from stt_cli.core.job import Job
from stt_cli.core.polling import PollPolicy, fixed_interval
from stt_cli.providers.base import Capability
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.crew import Crew
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.look import look_at
from stt_cli.workflows.jobs.own_jobs import is_own
from stt_cli.workflows.jobs.poll_events import (
    Estimate,
    Fetched,
    JobEnded,
    JobSeen,
    LookFailed,
    Patience,
    PollEvent,
    StillRunning,
)

_PATIENCE = 300.0
"""Seconds in which a service may give no answer, or no result, before that is told."""

_PAUSE_AFTER_FAULT = 5.0
"""Seconds before results are fetched again that a service did not give."""

Result = TypeVar("Result")


def wait_for_jobs(
    desk: JobDesk,
    job_ids: Sequence[str],
    chosen: str | None,
    fetch: Callable[[JobEnded], Result],
    patience: Patience = Patience(),  # noqa: B008 - it is frozen
) -> Generator[PollEvent | Fetched[Result], None, None]:
    """Yield what becomes of the jobs until all were fetched or time ran out.

    Each job ends in exactly one ``Fetched``, or in one ``StillRunning``. After an
    interruption, raised here or thrown in, what is being fetched is brought to
    its end for a short while, and comes before the interruption goes on.

    Args:
        fetch: is called with each job that ended, several at a time, each in a
            thread of its service; a fault that is transient makes it be called
            again.
    """
    wanted = list(dict.fromkeys(job_ids))
    groups: dict[tuple[str, str | None], list[str]] = {}
    for job_id in wanted:
        groups.setdefault(_service_of(desk, job_id, chosen), []).append(job_id)
    with Crew[PollEvent | Fetched[Result]]() as crew:
        for ids in groups.values():
            poller = _Poller(desk, ids, chosen, fetch, patience, crew)
            crew.start(poller.run)
        left = set(wanted)
        try:
            while left:
                event = crew.next()
                yield event
                if isinstance(event, Fetched):
                    left.discard(event.ended.id)
                elif isinstance(event, StillRunning):
                    left.difference_update(event.ids)
        except GeneratorExit:
            raise
        except BaseException:
            yield from crew.last_words()
            raise


def is_final(error: SttError) -> bool:
    """Whether looking again cannot help: no such job, a wrong key, a wrong call."""
    return not (error.transient or isinstance(error, RateLimitedError))


class _Poller(Generic[Result]):
    """Waits for the jobs of one service."""

    def __init__(
        self,
        desk: JobDesk,
        job_ids: Sequence[str],
        chosen: str | None,
        fetch: Callable[[JobEnded], Result],
        patience: Patience,
        crew: Crew[PollEvent | Fetched[Result]],
    ) -> None:
        self._desk = desk
        self._chosen = chosen
        self._fetch = fetch
        self._patience = patience
        self._crew = crew
        self._fetchers = crew.pool(patience.workers)
        self._waiting = dict.fromkeys(job_ids)
        self._states: dict[str, str] = {}
        self._clock = desk.environment.monotonic
        self._last_answer = self._clock()
        self._last_end = self._last_answer
        self._last_result: float | None = None
        self._advice = PollPolicy()
        self._limit: float | None = None
        self._retry_after = 0.0

    def run(self) -> None:
        """Look and rest until all jobs have ended, or time has run out."""
        world, patience = self._desk.environment, self._patience
        started = self._clock()
        limit: float | None
        while True:
            began = self._clock()
            self._look()
            if not self._waiting or self._crew.is_stopped:
                return
            now = self._clock()
            if patience.timeout is not None:
                limit, waited = patience.timeout, now - started
            else:
                # Where jobs end one after the other the service is at work.
                limit, waited = self._limit, now - max(started, self._last_end)
            if limit is not None and waited >= limit:
                self._crew.put(StillRunning(tuple(self._waiting), limit))
                return
            if patience.interval is not None:
                pause = fixed_interval(patience.interval).pause(0.0, 0.0)
            else:
                pause = self._advice.pause(
                    now - started, world.random(), self._retry_after
                )
                # A look that costs much is not repeated sooner than it took.
                pause = max(pause, now - began)
            self._rest(pause if limit is None else min(pause, limit - waited))

    def _rest(self, pause: float) -> None:
        """Wait; a job that a notification tells of is looked at meanwhile."""
        rest = self._patience.rest or self._desk.environment.sleep
        until = self._clock() + pause
        while pause > 0 and self._waiting and not self._crew.is_stopped:
            named = rest(pause)
            if not named:
                return
            self._look([job_id for job_id in named if job_id in self._waiting])
            pause = until - self._clock()

    def _look(self, job_ids: Sequence[str] | None = None) -> None:
        """Look at all jobs, or at some."""
        self._retry_after = 0.0
        failures: dict[str, SttError] = {}
        wanted = list(self._waiting) if job_ids is None else job_ids
        for seen in look_at(self._desk, wanted, self._chosen):
            if self._crew.is_stopped:
                return
            if seen.job is None:
                error = seen.error or NotFoundError(f"{seen.id} is not known")
                if is_final(error) or self._clock() - self._last_answer > _PATIENCE:
                    self._end(JobEnded(seen.id, error=error))
                else:
                    wish = max(self._retry_after, error.retry_after or 0.0)
                    self._retry_after = wish
                    failures.setdefault(error.message, error)
                continue
            self._last_answer = self._clock()
            self._take(seen.id, seen.job)
        for error in failures.values():
            self._crew.put(LookFailed(error))

    def _take(self, job_id: str, job: Job) -> None:
        stand = f"{job.state} {job.provider_state}"
        is_new = job_id not in self._states
        if not job.state.is_final:
            self._advice = self._advice_for(job)
            self._retry_after = max(self._retry_after, job.retry_after or 0.0)
            if self._advice.limit is not None:
                # The job that needs most time decides for all.
                self._limit = max(self._limit or 0.0, self._advice.limit)
            if is_new and self._advice.expected:
                self._crew.put(Estimate(job, *self._advice.expected))
        if self._states.get(job_id) != stand:
            self._states[job_id] = stand
            self._crew.put(JobSeen(job))
        if job.state.is_final:
            self._end(JobEnded(job_id, job))

    def _end(self, ended: JobEnded) -> None:
        del self._waiting[ended.id]
        self._last_end = self._clock()
        self._crew.put(ended)
        self._fetchers.add(lambda: self._crew.put(self._fetched(ended)))

    def _fetched(self, ended: JobEnded) -> Fetched[Result]:
        world = self._desk.environment
        if self._last_result is None:
            self._last_result = self._clock()
        while True:
            try:
                fetched = Fetched(ended, self._fetch(ended))
                self._last_result = self._clock()
                return fetched
            except STOPS:
                raise
            except SttError as error:
                lasting = self._clock() - self._last_result > _PATIENCE
                if is_final(error) or lasting or self._crew.is_stopped:
                    return Fetched(ended, error=error)
                self._crew.put(LookFailed(error, "fetching a result"))
                pause = _PAUSE_AFTER_FAULT * (1 + world.random())
                pause = max(pause, error.retry_after or 0.0)
            world.sleep(pause)

    def _advice_for(self, job: Job) -> PollPolicy:
        spec = provider_spec(job.provider)
        if is_own(job.id) or not spec.can(Capability.BATCH):
            return PollPolicy()
        place = self._desk.place_of(job.id, self._chosen)
        return self._desk.provider(spec, place.endpoint).polling(job)


def _service_of(
    desk: JobDesk, job_id: str, chosen: str | None
) -> tuple[str, str | None]:
    """Return what has a poller of its own: a service at an address, or ourselves."""
    if is_own(job_id):
        return "", None
    try:
        place = desk.place_of(job_id, chosen)
    except STOPS:
        raise
    except SttError:
        return "", None  # the look will tell
    return place.provider, place.endpoint
