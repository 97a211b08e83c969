"""Jobs in a state that stt does not know: shown as it is, and waited for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stt_cli.emulator.faults import NEW_STATE
from tests.conftest import Outcome, Runner
from tests.emulating import Emulated, emulated

URL = "https://recordings.example/monday.wav"
SERVICES = ("azure", "watson", "soniox", "scriptix")


class Job:
    """A job at an emulated service, and a shell that looks at it."""

    def __init__(self, stt: Runner, service: Emulated, name: str, wav: Path) -> None:
        self._stt, self._service, self._name = stt, service, name
        source = URL if name == "azure" else wav
        self.id = self("batch", "submit", source).text.strip()
        self.slept: list[float] = []

    def __call__(self, *arguments: str | Path) -> Outcome:
        where = ("-p", self._name, "--endpoint", self._service.url)
        slept: list[float] = []
        done = self._stt(*arguments, *where, sleep=slept.append, random=lambda: 0.0)
        self.slept = slept
        return done

    def goes_on_as_new(self, times: int) -> None:
        self._service.faults.add(f"new-state:{times}")


@pytest.fixture(params=SERVICES)
def job(request: pytest.FixtureRequest, stt: Runner, wav: Path) -> Iterator[Job]:
    with emulated(request.param, key=None) as service:
        yield Job(stt, service, request.param, wav)


@pytest.mark.conformance("SN-02", "SX-02", "AZ-06")
def test_the_service_s_own_word_is_shown(job: Job) -> None:
    job.goes_on_as_new(3)
    shown = job("status", job.id)
    assert shown.status == 0
    assert f"\t{NEW_STATE}\t" in shown.text
    assert f"reports the unknown state 'Paused' for {job.id}" in shown.stderr
    known = json.loads(job("status", job.id, "--json").text)
    assert (known["state"], known["provider_state"]) == ("unknown", NEW_STATE)
    (listed,) = json.loads(job("batch", "list", "--state", "unknown", "--json").text)
    assert listed["provider_state"] == NEW_STATE


def test_poll_waits_for_such_a_job_to_end(job: Job) -> None:
    job.goes_on_as_new(2)
    polled = job("poll", job.id)
    assert polled.status == 0
    assert polled.text.casefold().startswith("hello world")
    assert len(job.slept) >= 2
    assert polled.stderr.count("; waiting for it to end") == 1


def test_a_time_limit_ends_the_wait(job: Job) -> None:
    job.goes_on_as_new(1000)
    polled = job("poll", job.id, "--timeout", "0")
    assert polled.status == 7
    assert f"stt poll {job.id}" in polled.stderr


def test_its_transcript_is_not_there_yet(job: Job) -> None:
    job.goes_on_as_new(1000)
    fetched = job("batch", "results", job.id)
    assert fetched.status == 7
    assert "has no result yet" in fetched.stderr
