"""Pauses between two looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.polling import PollPolicy, fixed_interval

SECONDS = st.floats(0, 10_000)


def test_the_steps_hold_by_the_time_waited() -> None:
    policy = PollPolicy(steps=((60, 3), (300, 5)), then=10, floor=3, jitter=0)
    assert [policy.pause(t, 0.0) for t in (0, 59.9, 60, 299, 300, 1e6)] == [
        3, 3, 5, 5, 10, 10,
    ]  # fmt: skip


@given(SECONDS, st.floats(0, 1), st.none() | SECONDS)
def test_no_pause_is_shorter_than_the_floor_or_what_the_service_asked(
    waited: float, random: float, retry_after: float | None
) -> None:
    policy = PollPolicy(floor=3.0)
    pause = policy.pause(waited, random, retry_after)
    assert pause >= max(3.0, retry_after or 0.0)
    assert pause <= max(10.0, 3.0, retry_after or 0.0) * 1.2 + 1e-9


@given(SECONDS, SECONDS, st.floats(0, 1))
def test_a_chosen_pause_is_kept_exactly(
    seconds: float, waited: float, random: float
) -> None:
    assert fixed_interval(seconds).pause(waited, random) == seconds


@pytest.mark.parametrize(
    ("waited", "pause"),
    [(0, 2), (19.9, 2), (20, 5), (119.9, 5), (120, 10), (3600, 10)],
)
def test_the_usual_pauses_grow_with_the_wait(waited: float, pause: float) -> None:
    assert PollPolicy().pause(waited, 0.0) == pause
    assert PollPolicy().pause(waited, 1.0) == pytest.approx(pause * 1.2)
    assert PollPolicy(steps=(), then=0.1).pause(waited, 0.0) == 1.0
