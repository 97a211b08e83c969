"""A poller for each service: none waits for another; results several at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.errors import InterruptedRun, ProviderError, UnreachableError
from stt_cli.core.job import JobState
from stt_cli.core.polling import PollPolicy
from stt_cli.ledger import Ledger, open_ledger
from stt_cli.settings import Settings
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.poll import (
    AttemptFailed,
    Fetched,
    JobEnded,
    PollOptions,
    ServiceGone,
    StillRunning,
    wait_for_jobs,
)
from tests.conftest import Runner
from tests.emulating import KEY, emulated
from tests.fake_time import FakeTime
from tests.job_service import JOB_1, JOB_2, Service, service

__all__ = ["service"]


@contextmanager
def a_context() -> Iterator[JobContext]:
    environment = Environment.of_this_process()
    with (
        open_ledger(environment) as ledger,
        JobContext(environment, Settings.load(environment), ledger) as context,
    ):
        yield context


def submitted(stt: Runner, provider: str, url: str, count: int) -> list[str]:
    names = [f"https://x.example/{provider}-{number}.wav" for number in range(count)]
    where = ("-p", provider, "--endpoint", url)
    done = stt("batch", "submit", *names, *where, "-q", "-j", "4")
    assert done.status == 0, done.stderr
    return done.lines


def test_a_slow_service_holds_up_no_other(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    monkeypatch.setenv("SCRIPTIX_TOKEN", KEY)
    with ExitStack() as stack:
        quick = stack.enter_context(emulated("soniox"))
        slow = stack.enter_context(emulated("scriptix"))
        good = submitted(stt, "soniox", quick.url, 5)
        late = submitted(stt, "scriptix", slow.url, 2)
        slow.faults.add("slow:3")
        context = stack.enter_context(a_context())
        started = time.monotonic()
        done: dict[str, float] = {}
        for event in wait_for_jobs(
            context, [*late, *good], None, lambda ended: ended.id
        ):
            if isinstance(event, Fetched):
                done[event.ended.id] = time.monotonic() - started
    assert set(done) == {*good, *late}
    assert max(done[job_id] for job_id in good) < 3 <= min(done[j] for j in late)


def test_the_interval_of_one_service_is_not_that_of_another(
    stt: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scripted service wants an hour between looks; the other has its own."""
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    service.polling = PollPolicy(steps=(), then=3600.0, jitter=0)
    service.add(JOB_1, *[JobState.RUNNING] * 2)
    with emulated("soniox", delay=1.5) as quick:
        good = submitted(stt, "soniox", quick.url, 2)
        monkeypatch.setenv("STT_PROVIDER", "courier")
        with a_context() as context:
            events = wait_for_jobs(
                context, [JOB_1, *good], None, lambda ended: ended.id
            )
            seen = []
            for event in events:
                if isinstance(event, Fetched):
                    seen.append(event.ended.id)
                if len(seen) == len(good):
                    break
            events.close()
    assert sorted(seen) == sorted(good)
    assert len(service.looks) == 1


def test_results_are_fetched_several_at_a_time(service: Service) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(20)]
    for job_id in ids:
        service.add(job_id)
    at_once, most, lock = [0], [0], threading.Lock()

    def fetch(ended: JobEnded) -> str:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        time.sleep(0.05)
        with lock:
            at_once[0] -= 1
        return ended.id

    with a_context() as context:
        events = list(
            wait_for_jobs(context, ids, "courier", fetch, PollOptions(workers=4))
        )
    assert {e.result for e in events if isinstance(e, Fetched)} == set(ids)
    assert most[0] == 4


def test_an_interruption_brings_what_is_being_fetched_to_its_end(
    service: Service,
) -> None:
    service.add(JOB_1)
    service.add(JOB_2, JobState.RUNNING)
    begun = threading.Event()

    def fetch(ended: JobEnded) -> str:
        begun.set()
        time.sleep(0.3)
        return f"result of {ended.id}"

    with a_context() as context:
        events = wait_for_jobs(context, [JOB_1, JOB_2], "courier", fetch)
        next(events)
        assert begun.wait(20)
        last = [events.throw(InterruptedRun())]
        with pytest.raises(InterruptedRun):
            last.extend(events)
    results = [event.result for event in last if isinstance(event, Fetched)]
    assert results == [f"result of {JOB_1}"]


def test_a_look_that_fails_for_many_jobs_is_told_once(service: Service) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(30)]
    for job_id in ids:
        down = ProviderError("down", http_status=503, transient=True)
        service.add(job_id, down, JobState.SUCCEEDED)
    with a_context() as context:
        options = PollOptions(wait=lambda _seconds: None)
        events = list(
            wait_for_jobs(context, ids, "courier", lambda ended: ended.id, options)
        )
    assert len([e for e in events if isinstance(e, AttemptFailed)]) == 1
    assert len([e for e in events if isinstance(e, Fetched)]) == 30


def test_results_that_a_service_gives_to_nobody_are_given_up_together(
    service: Service,
) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(20)]
    for job_id in ids:
        service.add(job_id)
    clock = FakeTime()
    environment = replace(
        Environment.of_this_process(), monotonic=clock.monotonic, sleep=clock.sleep
    )

    def fetch(ended: JobEnded) -> str:
        raise ProviderError("down", http_status=503, transient=True)

    with open_ledger(environment) as ledger:
        context = JobContext(environment, Settings.load(environment), ledger)
        events = list(
            wait_for_jobs(context, ids, "courier", fetch, PollOptions(workers=1))
        )
        context.close()
    failed = [event for event in events if isinstance(event, Fetched) and event.error]
    assert len(failed) == 20
    assert 300 < clock.seconds < 365


def test_time_runs_out_for_one_service_and_not_for_another(
    stt: Runner, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONIOX_API_KEY", KEY)
    service.polling = PollPolicy(steps=(), then=0.05, floor=0.0, jitter=0, limit=0.2)
    service.add(JOB_1, JobState.RUNNING)
    with emulated("soniox", delay=1.5) as quick:
        good = submitted(stt, "soniox", quick.url, 1)
        monkeypatch.setenv("STT_PROVIDER", "courier")
        with a_context() as context:
            events = list(wait_for_jobs(context, [JOB_1, *good], None, lambda e: e.id))
    assert [e.ids for e in events if isinstance(e, StillRunning)] == [(JOB_1,)]
    assert [e.result for e in events if isinstance(e, Fetched)] == good


@pytest.mark.conformance("SX-10")
def test_a_notification_costs_a_look_at_its_job_alone(service: Service) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(10)]
    for job_id in ids:
        service.add(job_id, JobState.RUNNING, JobState.SUCCEEDED)
    told = [(job_id,) for job_id in ids]
    with a_context() as context:
        options = PollOptions(wait=lambda _seconds: told.pop(0))
        list(wait_for_jobs(context, ids, "courier", lambda ended: ended.id, options))
    assert service.looks == ids * 2


def test_the_ledger_is_asked_once_for_each_job_however_often_it_is_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(10)]
    for job_id in ids:
        service.add(job_id, *[JobState.RUNNING] * 20, JobState.SUCCEEDED)
    asked: list[str] = []
    real = Ledger.find

    def find(self: Ledger, id_value: str) -> object:
        asked.append(id_value)
        return real(self, id_value)

    monkeypatch.setattr(Ledger, "find", find)
    with a_context() as context:
        options = PollOptions(wait=lambda _seconds: None)
        list(wait_for_jobs(context, ids, "courier", lambda ended: ended.id, options))
    assert len(service.looks) == 210
    assert len(asked) <= len(ids)


def test_a_service_that_is_gone_for_good_is_given_up_and_its_jobs_stay_open(
    service: Service,
) -> None:
    down = UnreachableError("no route to courier.example", transient=True)
    service.add(JOB_1, JobState.RUNNING, down)
    service.add(JOB_2, down)
    clock = FakeTime()
    environment = replace(
        Environment.of_this_process(), monotonic=clock.monotonic, sleep=clock.sleep
    )
    with open_ledger(environment) as ledger:
        context = JobContext(environment, Settings.load(environment), ledger)
        events = list(
            wait_for_jobs(context, [JOB_1, JOB_2], "courier", lambda ended: ended.id)
        )
        context.close()
    (gone,) = [event for event in events if isinstance(event, ServiceGone)]
    assert gone.ids == (JOB_1, JOB_2)
    assert not [event for event in events if isinstance(event, JobEnded)]
    assert 300 < clock.seconds < 340
    assert len(service.looks) < 40


def test_with_a_limit_of_the_users_a_silent_service_is_waited_for_until_then(
    service: Service,
) -> None:
    down = UnreachableError("no route to courier.example", transient=True)
    service.add(JOB_1, *[down] * 100, JobState.SUCCEEDED)
    clock = FakeTime()
    environment = replace(
        Environment.of_this_process(), monotonic=clock.monotonic, sleep=clock.sleep
    )
    options = PollOptions(timeout=3600)
    with open_ledger(environment) as ledger:
        context = JobContext(environment, Settings.load(environment), ledger)
        events = list(
            wait_for_jobs(context, [JOB_1], "courier", lambda e: e.id, options)
        )
        context.close()
    assert [e.result for e in events if isinstance(e, Fetched)] == [JOB_1]
    assert clock.seconds > 600


def test_nothing_is_asked_for_once_the_reader_has_left(service: Service) -> None:
    service.add(JOB_1, JobState.RUNNING)
    asleep, free, awake = threading.Event(), threading.Event(), threading.Event()

    def wait(_seconds: float) -> None:
        asleep.set()
        assert free.wait(60)
        awake.set()

    with a_context() as context:
        options = PollOptions(wait=wait)
        events = wait_for_jobs(context, [JOB_1], "courier", lambda e: e.id, options)
        next(events)
        assert asleep.wait(60)
        events.close()
        free.set()
        assert awake.wait(60)
        time.sleep(0.1)
    assert service.looks == [JOB_1]
