"""Which faults are tried again, when, and for how long."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import (
    CredentialsError,
    InterruptedRun,
    OutOfTimeError,
    ProviderError,
    QuotaError,
    RateLimitedError,
    SttError,
    UnreachableError,
)
from stt_cli.net.retry import (
    NEVER,
    PAID,
    REPEATABLE,
    UNREPEATABLE,
    UPLOAD,
    Attempt,
    RetryPolicy,
    delays,
    run_with_retries,
    was_not_taken,
)
from tests.fake_time import FakeTime, fake_environment

FAULTY = ProviderError("down", http_status=503, transient=True)


class Flaky:
    """Fails with each of these, then succeeds."""

    def __init__(self, *faults: SttError) -> None:
        self.faults = list(faults)
        self.attempts: list[Attempt] = []

    def __call__(self, attempt: Attempt) -> str:
        self.attempts.append(attempt)
        if self.faults:
            raise self.faults.pop(0)
        return "done"


def before_request() -> UnreachableError:
    error = UnreachableError("refused", transient=True)
    error.before_request = True
    return error


def test_pauses_double_up_to_the_longest() -> None:
    assert list(delays(RetryPolicy(attempts=7))) == [0.5, 1, 2, 4, 8, 8]
    assert list(delays(NEVER)) == []


@given(
    st.builds(
        RetryPolicy,
        attempts=st.integers(1, 20),
        first_delay=st.floats(0.01, 5),
        factor=st.floats(1, 4),
        longest_delay=st.floats(0.01, 60),
    )
)
def test_pauses_never_shrink_nor_pass_the_longest(policy: RetryPolicy) -> None:
    pauses = list(delays(policy))
    assert len(pauses) == policy.attempts - 1
    assert all(pause <= policy.longest_delay for pause in pauses)
    assert all(a <= b for a, b in pairwise(pauses))


@pytest.mark.conformance("CO-03")
def test_a_transient_fault_is_tried_again_with_growing_pauses() -> None:
    time = FakeTime()
    flaky = Flaky(*[ProviderError("x", http_status=500, transient=True)] * 3)
    assert run_with_retries(flaky, REPEATABLE, fake_environment(time)) == "done"
    assert time.slept == [0.5, 1, 2]
    assert [attempt.number for attempt in flaky.attempts] == [1, 2, 3, 4]


@pytest.mark.conformance("CO-03")
def test_chance_spreads_the_pauses() -> None:
    time = FakeTime()
    flaky = Flaky(ProviderError("x", http_status=500, transient=True))
    run_with_retries(flaky, REPEATABLE, fake_environment(time, random=0.5))
    assert time.slept == [0.375]


@pytest.mark.conformance("CO-03")
@pytest.mark.parametrize(
    "fault",
    [
        CredentialsError("wrong key", http_status=401),
        QuotaError("used up", http_status=403),
        ProviderError("bad request", http_status=400, transient=True),
    ],
)
def test_a_final_fault_is_raised_at_once(fault: SttError) -> None:
    time = FakeTime()
    with pytest.raises(type(fault)) as raised:
        run_with_retries(Flaky(fault), REPEATABLE, fake_environment(time))
    assert raised.value is fault
    assert time.slept == []
    assert "tried" not in fault.message


@pytest.mark.conformance("CO-03")
def test_retry_after_is_kept_where_it_is_longer() -> None:
    time = FakeTime()
    slow_down = RateLimitedError("slow", http_status=429, retry_after=7, transient=True)
    hasty = RateLimitedError("slow", http_status=429, retry_after=0.1, transient=True)
    run_with_retries(Flaky(slow_down, hasty), REPEATABLE, fake_environment(time))
    assert time.slept == [7, 1]


@pytest.mark.parametrize("asked", [30, 31])
def test_a_retry_after_that_does_not_fit_the_limit_is_handed_to_the_caller_at_once(
    asked: float,
) -> None:
    time = FakeTime()
    fault = RateLimitedError("slow", http_status=429, retry_after=asked, transient=True)
    with pytest.raises(RateLimitedError):
        run_with_retries(Flaky(fault), REPEATABLE, fake_environment(time))
    assert time.slept == []


def test_a_patient_policy_counts_the_pauses_and_not_the_attempts() -> None:
    time = FakeTime()
    time.seconds = 100.0
    fault = RateLimitedError("slow", http_status=429, retry_after=12, transient=True)
    flaky = Flaky(*[fault] * 9)

    def ten_seconds(attempt: Attempt) -> str:
        time.seconds += 10
        return flaky(attempt)

    with pytest.raises(RateLimitedError):
        run_with_retries(ten_seconds, RetryPolicy(patient=True), fake_environment(time))
    assert time.slept == [12, 12]


def test_the_last_failure_tells_how_often_it_was_tried() -> None:
    fault = ProviderError("down", http_status=503, transient=True)
    with pytest.raises(ProviderError, match=r"down \(tried 5 times\)"):
        run_with_retries(Flaky(*[fault] * 9), REPEATABLE, fake_environment())


@given(
    st.floats(0, 0.99),
    st.lists(st.floats(0, 40), min_size=1, max_size=12),
    st.floats(0, 15),
)
def test_all_retries_end_within_the_limit(
    random: float, waits: list[float], each_takes: float
) -> None:
    time = FakeTime()
    faults = [
        ProviderError("x", http_status=503, retry_after=wait, transient=True)
        for wait in waits
    ]
    starts: list[float] = []
    flaky = Flaky(*faults)

    def slow(attempt: Attempt) -> str:
        starts.append(time.seconds)
        left = attempt.seconds_left
        time.seconds += each_takes if left is None else min(each_takes, left)
        return flaky(attempt)

    environment = fake_environment(time, random=random)
    with suppress(ProviderError):
        run_with_retries(slow, RetryPolicy(attempts=20), environment)
    first_failure = starts[0] + each_takes
    assert time.seconds <= first_failure + 30 + 1e-6


@pytest.mark.conformance("CO-03")
def test_what_takes_long_to_send_is_tried_as_often_as_what_does_not() -> None:
    time = FakeTime()
    starts: list[float] = []

    def upload(_attempt: Attempt) -> None:
        starts.append(time.seconds)
        time.seconds += 600
        raise UnreachableError("broke off", transient=True)

    with pytest.raises(UnreachableError, match="tried 5 times"):
        run_with_retries(upload, UPLOAD, fake_environment(time))
    assert len(starts) == 5
    starts.clear()
    with pytest.raises(UnreachableError, match="tried 2 times"):
        run_with_retries(upload, REPEATABLE, fake_environment(time))


@pytest.mark.conformance("CO-03")
@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (before_request(), True),
        (UnreachableError("reset", transient=True), False),
        (ProviderError("x", http_status=500, transient=True), False),
        (ProviderError("x", http_status=503, transient=True), False),
        (ProviderError("x", http_status=503, retry_after=1, transient=True), True),
        (RateLimitedError("x", http_status=429, transient=True), True),
        (ProviderError("torn answer", http_status=201, transient=True), False),
    ],
)
def test_what_is_not_safe_to_repeat_is_repeated_only_when_it_was_not_taken(
    fault: SttError, again: bool
) -> None:
    assert UNREPEATABLE.wants(fault) is again
    assert REPEATABLE.wants(fault)


@pytest.mark.conformance("AZ-12")
@pytest.mark.parametrize(
    ("fault", "again"),
    [
        (before_request(), True),
        (UnreachableError("the answer was lost", transient=True), False),
        (ProviderError("torn answer", http_status=200, transient=True), False),
        (RateLimitedError("x", http_status=429, transient=True), True),
        *(
            (ProviderError("x", http_status=status, transient=True), again)
            for status, again in ((408, False), (500, True), (502, False), (503, True),
                                  (504, False), (501, False))
        ),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_paid_for_is_asked_for_again_only_where_nothing_was_done(
    fault: SttError, again: bool
) -> None:
    assert PAID.wants(fault) is again


@pytest.mark.parametrize(
    ("fault", "not_taken"),
    [
        (before_request(), True),
        (UnreachableError("the answer was lost", transient=True), False),
        (UnreachableError("reset", http_status=400), False),
        (SttError("no status at all"), False),
        *(
            (ProviderError("x", http_status=status), True)
            for status in (400, 401, 403, 404, 407, 409, 413, 415, 422, 425, 429, 499)
        ),
        *(
            (ProviderError("x", http_status=status), False)
            for status in (200, 201, 302, 399, 408, 500, 502, 503, 504, 599)
        ),
        (ProviderError("x", http_status=503, retry_after=1), False),
    ],
    ids=str,
)
def test_what_was_sent_is_taken_for_lost_only_where_nobody_can_have_it(
    fault: SttError, not_taken: bool
) -> None:
    assert was_not_taken(fault) is not_taken


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *((status, True) for status in (408, 425, 429, 500, 502, 503, 504)),
        *((status, False) for status in (300, 301, 400, 409, 426, 499, 501, 505)),
        # A good answer that broke off, and no answer at all.
        *((status, True) for status in (200, 201, 299, None)),
    ],
)
def test_the_statuses_worth_another_attempt(status: int | None, again: bool) -> None:
    assert REPEATABLE.wants(ProviderError("x", http_status=status, transient=True)) is (
        again
    )
    assert not REPEATABLE.wants(ProviderError("x", http_status=status))


def test_what_ends_the_command_is_not_tried_again() -> None:
    for stop in (OutOfTimeError("late", transient=True), InterruptedRun()):
        flaky = Flaky(stop)
        with pytest.raises(type(stop)):
            run_with_retries(flaky, REPEATABLE, fake_environment())
        assert len(flaky.attempts) == 1


def test_each_pause_is_told_in_the_log() -> None:
    log: list[str] = []
    run_with_retries(Flaky(FAULTY), REPEATABLE, fake_environment(), log.append)
    assert log == ["attempt 1 of 5 failed: down; retrying in 0.50 s"]


@pytest.mark.parametrize(("policy", "attempts"), [(UPLOAD, 5), (REPEATABLE, 2)])
def test_the_time_that_an_upload_takes_is_not_that_of_its_retries(
    policy: RetryPolicy, attempts: int
) -> None:
    time = FakeTime()
    tried: list[Attempt] = []

    def upload(attempt: Attempt) -> str:
        tried.append(attempt)
        time.seconds += 100.0
        raise FAULTY.copied()

    with pytest.raises(ProviderError):
        run_with_retries(upload, policy, fake_environment(time))
    assert len(tried) == attempts
