"""Speed over the last seconds, and time left once it means something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.ui.pace import SETTLED, WINDOW, Pace, time_left


def run(pace: Pace, begin: float, seconds: float, speed: float, count: float) -> float:
    """Note a steady flow, ten times a second; return the count at its end."""
    for step in range(int(seconds * 10) + 1):
        pace.note(begin + step / 10, count + step / 10 * speed)
    return count + seconds * speed


def test_nothing_is_said_before_it_means_something() -> None:
    pace = Pace()
    assert pace.speed(50.0) is None
    run(pace, 0.0, SETTLED - 0.1, 1e6, 0.0)
    assert pace.speed(SETTLED - 0.1) is None
    run(pace, 0.0, SETTLED, 1e6, 0.0)


def test_what_the_buffers_of_this_machine_take_at_once_is_no_speed() -> None:
    pace = Pace()
    pace.note(0.0, 0.0)
    run(pace, 0.1, 4.0, 1e6, 5e6)  # five megabytes in no time
    assert pace.speed(4.1) == pytest.approx(1e6, rel=0.05)


def test_a_line_that_becomes_slow_is_followed_within_the_window() -> None:
    pace = Pace()
    count = run(pace, 0.0, 60.0, 10e6, 0.0)
    assert pace.speed(60.0) == pytest.approx(10e6, rel=0.05)
    run(pace, 60.0, WINDOW / 2, 1e6, count)
    half = pace.speed(60.0 + WINDOW / 2)
    assert half == pytest.approx(5.5e6, rel=0.1)
    run(pace, 65.0, WINDOW, 1e6, count + 5e6)
    assert pace.speed(75.0) == pytest.approx(1e6, rel=0.1)


def test_what_stands_still_has_no_speed_and_no_time_left() -> None:
    pace = Pace()
    run(pace, 0.0, 20.0, 10e6, 0.0)
    assert pace.speed(20.0 + WINDOW) == 0.0
    assert time_left(1e9, pace.speed(31.0)) is None


def test_another_attempt_is_measured_anew() -> None:
    pace = Pace()
    run(pace, 0.0, 20.0, 10e6, 0.0)
    pace.note(20.1, 0.0)
    assert pace.speed(20.2) is None
    run(pace, 20.1, 5.0, 2e6, 0.0)
    assert pace.speed(25.1) == pytest.approx(2e6, rel=0.1)


def test_time_left_is_told_where_it_can_be_known() -> None:
    assert time_left(100.0, 10.0) == 10.0
    assert time_left(100.0, None) is None
    assert time_left(0.0, 10.0) is None
    assert time_left(1e12, 1.0) is None


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1e12)), max_size=50))
def test_a_speed_is_never_negative_nor_more_than_ever_came(
    steps: list[tuple[float, float]],
) -> None:
    pace, now, count = Pace(), 0.0, 0.0
    for pause, more in steps:
        now, count = now + pause, count + more
        pace.note(now, count)
        speed = pace.speed(now)
        assert speed is None or 0 <= speed <= count
