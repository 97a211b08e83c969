"""The attempts that one request has, and what gives them back."""

from __future__ import annotations

import pytest

from stt_cli.protocols.usp.reconnect import (
    MOST_CONNECTS,
    RETRIES_END_SECONDS,
    RETRY_SECONDS,
    ReconnectBudget,
    pause_before,
)


def after(*moments: float) -> ReconnectBudget:
    budget = ReconnectBudget()
    for now in moments:
        budget = budget.failed(now)
    return budget


def test_the_numbers_are_those_of_microsofts_client() -> None:
    assert (MOST_CONNECTS, RETRY_SECONDS) == (5, 0.25)


@pytest.mark.parametrize(
    ("failures", "pause", "now", "allowed"),
    [
        ((100,), 0.25, 100, True),
        ((100, 100, 100, 100), 0.25, 100, True),
        ((100, 100, 100, 100, 100), 0.25, 100, False),  # the fifth was the last
        ((100,), RETRIES_END_SECONDS, 100, True),
        ((100,), RETRIES_END_SECONDS + 0.1, 100, False),  # would wait too long
        ((100, 129), 1, 129, True),
        ((100, 129), 1.5, 129, False),  # counted from the first failure
        ((), RETRIES_END_SECONDS, 100, True),
        ((), RETRIES_END_SECONDS + 0.1, 100, False),
    ],
)
def test_a_budget_ends_after_five_attempts_or_thirty_seconds(
    failures: tuple[float, ...], pause: float, now: float, allowed: bool
) -> None:
    assert after(*failures).allows(pause, now) is allowed


def test_a_failure_is_counted_and_the_first_one_remembered() -> None:
    assert after(100, 107, 109) == ReconnectBudget(spent=3, first_failure=100)


@pytest.mark.parametrize(
    ("random", "retry_after", "pause"),
    [(0.0, None, 0.125), (1.0, None, 0.375), (0.5, 0.1, 0.25), (0.5, 7.0, 7.0)],
)
def test_the_pause_is_spread_and_never_shorter_than_the_service_asks(
    random: float, retry_after: float | None, pause: float
) -> None:
    assert pause_before(random, retry_after) == pause
