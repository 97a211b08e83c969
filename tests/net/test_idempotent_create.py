"""What is made once: looked for before it is asked for again, and not too early."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stt_cli.core.errors import (
    CredentialsError,
    ProviderError,
    SttError,
    UncertainError,
    UnreachableError,
)
from stt_cli.core.interrupted import InterruptedSubmission
from stt_cli.net.idempotent_create import create_once, find_when_settled
from stt_cli.providers.base import ProviderContext
from tests.fake_time import FakeTime, fake_environment

BROKE_OFF = UnreachableError("the connection broke off", transient=True)
REFUSED = ProviderError("too fast", http_status=429, transient=True)


class SlowService:
    """Makes things, each seconds after its request, and loses some answers."""

    def __init__(self, takes: float, *failures: SttError) -> None:
        self.time = FakeTime()
        self.takes = takes
        self.failures = list(failures)
        self.made: list[float] = []
        self.asked = 0
        self.looks: list[float] = []

    def send(self) -> str:
        self.asked += 1
        failure = self.failures.pop(0) if self.failures else None
        if failure is not REFUSED:
            self.made.append(self.time.seconds + self.takes)
        if failure is not None:
            raise failure
        return "made"

    def find(self) -> str | None:
        self.looks.append(self.time.seconds)
        there = [moment for moment in self.made if moment <= self.time.seconds]
        return "found" if there else None

    def context(self, endpoint: str | None = None) -> ProviderContext:
        return ProviderContext(
            fake_environment(self.time, random=1.0), endpoint=endpoint
        )


@pytest.mark.parametrize("takes", [0.0, 1.0, 2.9])
def test_what_comes_late_is_found_and_not_made_twice(takes: float) -> None:
    service = SlowService(takes, BROKE_OFF)
    assert create_once("X", service.send, service.find, service.context()) == "found"
    assert service.asked == 1
    assert service.time.seconds <= 3.0


def test_what_was_never_made_is_asked_for_again_once_that_is_settled() -> None:
    service = SlowService(1000.0, BROKE_OFF)
    assert create_once("X", service.send, service.find, service.context()) == "made"
    assert service.asked == 2
    assert service.looks[-1] == pytest.approx(3.0)


def test_a_refusal_leaves_nothing_to_look_for() -> None:
    service = SlowService(0.0, REFUSED, REFUSED)
    assert create_once("X", service.send, service.find, service.context()) == "made"
    assert service.looks == []


def test_a_service_on_this_machine_is_settled_at_once() -> None:
    service = SlowService(1000.0, BROKE_OFF)
    here = service.context("http://127.0.0.1:8080")
    assert create_once("X", service.send, service.find, here) == "made"
    assert service.time.seconds < 1.0


def test_what_nobody_may_look_for_stays_unknown() -> None:
    service = SlowService(0.0, BROKE_OFF)

    def find() -> str:
        raise CredentialsError("no")

    with pytest.raises(UncertainError, match="received the request: no"):
        create_once("X", service.send, find, service.context())


@pytest.mark.parametrize(
    ("age", "looks"),
    [(0.0, [0.0, 3.0]), (1.0, [0.0, 2.0]), (3.0, [0.0]), (None, [0.0])],
)
def test_an_interrupted_step_is_looked_for_again_while_it_is_young(
    age: float | None, looks: list[float]
) -> None:
    service = SlowService(1000.0)
    context = service.context()
    now = context.environment.now()
    sent = None if age is None else now - timedelta(seconds=age)
    cut_off = InterruptedSubmission("create", now - timedelta(days=1), sent=sent)
    assert find_when_settled(service.find, cut_off, context) is None
    assert service.looks == looks


def test_another_machines_clock_does_not_make_it_wait_longer() -> None:
    service = SlowService(1000.0)
    context = service.context()
    now = context.environment.now()
    cut_off = InterruptedSubmission("create", now, sent=now + timedelta(hours=1))
    assert find_when_settled(service.find, cut_off, context) is None
    assert service.time.seconds == 3.0


def test_what_is_there_is_not_waited_for() -> None:
    service = SlowService(0.0)
    service.send()
    now = service.context().environment.now()
    cut_off = InterruptedSubmission("create", now, sent=now)
    assert find_when_settled(service.find, cut_off, service.context()) == "found"
    assert service.time.slept == []
