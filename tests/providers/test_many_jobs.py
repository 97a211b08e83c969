"""Hundreds of jobs are seen by the services' lists, in a dozen requests at most."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import InterruptedRun, NotFoundError, SttError
from stt_cli.core.events import Submitted
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.core.secret import Secret
from stt_cli.providers.base import Provider, ProviderContext
from stt_cli.providers.job_states import states_by_list, states_singly
from stt_cli.providers.registry import provider_spec
from stt_cli.providers.watson.jobs import KeptAnswers
from stt_cli.providers.watson.provider import Watson
from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated
from tests.fake_time import fake_environment

SECRETS = {"soniox": "key", "azure": "key", "watson": "api_key", "scriptix": "token"}
GONE = "4bd33bb6-0001-4000-8000-000000000001"


@contextmanager
def opened(name: str) -> Iterator[tuple[Provider, Emulated]]:
    """Yield a provider and the emulator that it talks to."""
    with emulated(name, key=KEY if name != "watson" else None) as service:
        context = ProviderContext(
            fake_environment(),
            endpoint=service.url,
            secrets={SECRETS[name]: Secret(KEY)} if name != "watson" else {},
        )
        provider = provider_spec(name).open(context)
        try:
            yield provider, service
        finally:
            provider.close()


def submitted(provider: Provider, source: AudioSource) -> str:
    options = JobOptions(RecognizeOptions(language="en-US"))
    last = list(provider.submit(source, options))[-1]
    assert isinstance(last, Submitted)
    return last.job.id


def recordings(name: str, count: int, folder: Path) -> Iterator[AudioSource]:
    """Yield recordings: addresses, or files where the service fetches nothing."""
    environment = fake_environment()
    file = folder / "a.wav"
    file.write_bytes(silent_wav(0.1))
    for number in range(count):
        address = f"https://recordings.example/{number}.wav"
        yield open_source(str(file) if name == "watson" else address, environment)


def seen(provider: Provider, ids: list[str]) -> dict[str, Job | SttError]:
    return dict(provider.job_states(ids))


@pytest.mark.parametrize("name", SECRETS)
def test_150_finished_jobs_are_seen_in_a_dozen_requests(
    name: str, tmp_path: Path
) -> None:
    with opened(name) as (provider, service):
        ids = [submitted(provider, one) for one in recordings(name, 150, tmp_path)]
        wait_until(lambda: is_done(provider.job(ids[-1])))
        before = len(service.log)
        found = seen(provider, ids)
        looked = len(service.log) - before
        assert set(found) == set(ids)
        for job_id in ids:
            job = found[job_id]
            assert isinstance(job, Job)
            assert is_done(job)
            (transcript,) = provider.job_transcripts(job)
            assert transcript.text.lower().startswith("hello world")
        fetched = len(service.log) - before - looked
    results = {"azure": 3, "soniox": 1, "watson": 1, "scriptix": 2}[name]
    assert looked + fetched <= 12 + results * len(ids)


def test_watson_answers_that_find_no_room_are_asked_for_again(tmp_path: Path) -> None:
    with opened("watson") as (provider, _):
        ids = [submitted(provider, one) for one in recordings("watson", 2, tmp_path)]
        wait_until(lambda: all(is_done(provider.job(job_id)) for job_id in ids))
        watson = cast("Watson", provider)
        watson._kept = KeptAnswers(most_bytes=10)
        found = seen(provider, ids[:1])
        (transcript,) = provider.job_transcripts(cast("Job", found[ids[0]]))
        assert transcript.text == "hello world"


class Listed:
    """A service's list, and what was asked singly; counts its pages."""

    def __init__(self, ids: list[str], page_size: int = 10) -> None:
        self.ids, self.page_size = ids, page_size
        self.pages = 0
        self.asked: list[str] = []

    def __call__(self) -> Iterator[tuple[str | None, Callable[[], Job]]]:
        for number, job_id in enumerate(self.ids):
            self.pages += number % self.page_size == 0
            yield job_id, partial(Job, job_id, "p", JobState.SUCCEEDED)

    def ask(self, job_id: str) -> Job:
        self.asked.append(job_id)
        if job_id not in self.ids:
            raise NotFoundError("there is none")
        return Job(job_id, "p", JobState.SUCCEEDED)

    def look(self, wanted: list[str], few: int = 1) -> dict[str, Job | SttError]:
        return dict(
            states_by_list(wanted, self, self.ask, page_size=self.page_size, few=few)
        )


def names(first: int, end: int) -> list[str]:
    return [f"job-{number}" for number in range(first, end)]


def test_a_list_is_read_no_further_than_the_last_job_that_is_wanted() -> None:
    listed = Listed(names(0, 1000))
    assert len(listed.look(names(0, 25))) == 25
    assert (listed.pages, listed.asked) == (3, [])


def test_a_list_full_of_others_is_given_up_after_as_many_pages_as_jobs() -> None:
    listed = Listed(names(0, 1000))
    wanted = names(0, 5) + names(900, 904)
    assert set(listed.look(wanted)) == set(wanted)
    assert listed.pages <= 6
    assert sorted(listed.asked) == names(900, 904)


def test_a_job_that_no_list_has_is_asked_after_by_itself() -> None:
    listed = Listed(names(0, 30))
    found = listed.look([*names(0, 3), GONE])
    assert isinstance(found[GONE], NotFoundError)
    assert listed.asked == [GONE]


def test_few_jobs_cost_no_list() -> None:
    listed = Listed(names(0, 30))
    assert len(listed.look(names(0, 3), few=3)) == 3
    assert (listed.pages, sorted(listed.asked)) == (0, names(0, 3))


def test_a_stop_while_jobs_are_asked_after_ends_the_look() -> None:
    def ask(job_id: str) -> Job:
        raise InterruptedRun

    with pytest.raises(InterruptedRun):
        list(states_singly(names(0, 20), ask))


def is_done(job: Job) -> bool:
    return job.state is JobState.SUCCEEDED


def wait_until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)
