"""When waiting asks again, and when it ends: the rules, each as a table."""

from __future__ import annotations

import pytest

from stt_cli.core.errors import (
    CredentialsError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    SttError,
    UnreachableError,
    UsageError,
)
from stt_cli.core.polling import PollPolicy
from stt_cli.workflows.jobs.poll import (
    SILENCE_LIMIT,
    gives_up,
    is_final,
    next_pause,
    pause_after_fault,
    time_left,
)

EVERY_10 = PollPolicy(steps=(), then=10.0, jitter=0.5)


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (ProviderError("down", http_status=503, transient=True), False),
        (ProviderError("nonsense", http_status=400), True),
        (RateLimitedError("slow down", http_status=429), False),
        (UnreachableError("no route", transient=True), False),
        (NotFoundError("no such job", http_status=404), True),
        (CredentialsError("wrong key", http_status=401), True),
        (UsageError("no such state"), True),
    ],
)
def test_asking_again_helps_where_the_service_may_recover(
    error: SttError, final: bool
) -> None:
    assert is_final(error) is final


@pytest.mark.parametrize(
    ("silence", "timeout", "gone"),
    [
        (0.0, None, False),
        (SILENCE_LIMIT, None, False),
        (SILENCE_LIMIT + 0.1, None, True),
        (SILENCE_LIMIT + 0.1, 3600.0, False),  # the user's own limit decides
        (10 * SILENCE_LIMIT, 60.0, False),
    ],
)
def test_a_silent_service_is_given_up_unless_the_user_set_a_limit(
    silence: float, timeout: float | None, gone: bool
) -> None:
    assert gives_up(silence, timeout) is gone


@pytest.mark.parametrize(
    ("now", "last_end", "timeout", "limit", "left"),
    [
        (130.0, 100.0, None, None, None),
        (130.0, 100.0, 60.0, None, (60.0, 30.0)),
        (170.0, 160.0, 60.0, None, (60.0, -10.0)),  # counted from the start
        (130.0, 100.0, None, 50.0, (50.0, 20.0)),
        (130.0, 120.0, None, 50.0, (50.0, 40.0)),  # a job ended ten seconds ago
        (130.0, 90.0, None, 50.0, (50.0, 20.0)),  # never counted from before the start
        (130.0, 120.0, 60.0, 50.0, (60.0, 30.0)),  # the user's limit alone
    ],
)
def test_the_limit_is_the_users_from_the_start_else_the_providers_from_the_last_end(
    now: float,
    last_end: float,
    timeout: float | None,
    limit: float | None,
    left: tuple[float, float] | None,
) -> None:
    assert time_left(now, 100.0, last_end, timeout, limit) == left


@pytest.mark.parametrize(
    ("given", "pause"),
    [
        ({}, 10.0),
        ({"random": 1.0}, 15.0),
        ({"retry_after": 30.0}, 30.0),
        ({"retry_after": 30.0, "random": 1.0}, 45.0),  # never shorter, chance on top
        ({"retry_after": 3.0}, 10.0),
        ({"cost": 25.0}, 25.0),  # what takes long is not repeated sooner
        ({"cost": 5.0}, 10.0),
        ({"left": 4.0}, 4.0),
        ({"left": 4.0, "retry_after": 30.0}, 4.0),  # the last look is at the limit
        ({"interval": 2.0}, 2.0),
        ({"interval": 2.0, "random": 1.0, "cost": 25.0, "retry_after": 30.0}, 2.0),
        ({"interval": 0.0}, 0.0),
        ({"interval": 9.0, "left": 4.0}, 4.0),
    ],
)
def test_the_pause_follows_the_user_else_the_service_and_chance(
    given: dict[str, float], pause: float
) -> None:
    chance = given.pop("random", 0.0)
    assert next_pause(EVERY_10, 0.0, chance, **given) == pause


@pytest.mark.parametrize(
    ("faults", "random", "retry_after", "pause"),
    [
        (1, 0.0, None, 5.0),
        (1, 1.0, None, 10.0),
        (1, 0.0, 60.0, 60.0),
        (1, 1.0, 6.0, 10.0),
        (2, 0.0, None, 10.0),
        (3, 0.0, None, 20.0),
        (4, 0.0, None, 30.0),
        (4, 1.0, 90.0, 90.0),
        (9_999, 0.0, None, 30.0),
    ],
)
def test_a_silent_service_is_asked_again_after_ever_longer_pauses(
    faults: int, random: float, retry_after: float | None, pause: float
) -> None:
    assert pause_after_fault(faults, random, retry_after) == pause


def test_nothing_that_was_not_said_makes_a_pause_longer() -> None:
    at_once = PollPolicy(steps=(), then=0.0, floor=0.0)
    assert next_pause(at_once, 0.0, 0.0) == 0.0
