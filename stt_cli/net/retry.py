"""Retries, in one place: which faults, how often, how long to wait between.

A policy is data. ``delays`` is the schedule without clock or chance, and
``run_with_retries`` is the loop every provider's requests go through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, SttError, UnreachableError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Which faults are worth another attempt, and when it is made.

    Args:
        attempts: how often the request is sent at most, the first time counted.
        statuses: the HTTP statuses worth it; a fault of the connection, or a
            good status with a torn body, is judged by its ``transient`` alone.
        first_delay: seconds before the second attempt; each later pause is
            ``factor`` times the one before, up to ``longest_delay``.
        jitter: the share of each pause that chance takes away, from 0 to 1, so
            that many clients do not come back in the same moment.
        within: seconds in which all retries of one request end, counted from
            the first failure.
        repeatable: whether the request may be done twice without harm. One that
            is not is sent again only when the service cannot have taken it:
            there was no connection, or it said itself to come back later.
        unbilled: the statuses by which the service says that what it was paid for
            did not happen.
    """

    attempts: int = 5
    statuses: frozenset[int] = frozenset({408, 425, 429, 500, 502, 503, 504})
    first_delay: float = 0.5
    factor: float = 2.0
    longest_delay: float = 8.0
    jitter: float = 0.5
    within: float = 30.0
    patient: bool = False
    repeatable: bool = True
    unbilled: frozenset[int] = frozenset()

    def wants(self, error: SttError) -> bool:
        """Whether this fault is worth another attempt of this request."""
        if not error.transient:
            return False
        status = error.http_status or 0
        if status >= 300 and status not in self.statuses:
            return False
        if self.repeatable or was_not_taken(error) or status in self.unbilled:
            return True
        # Whoever names a time does not work on the request meanwhile.
        return status == 503 and error.retry_after is not None


REPEATABLE = RetryPolicy()
"""For requests that change nothing, or the same thing again."""

UNREPEATABLE = RetryPolicy(repeatable=False)
"""For requests that create something, and have no key by which to repeat them."""

PAID = RetryPolicy(repeatable=False, unbilled=frozenset({500, 503}))
"""For requests that change nothing, and are paid for each time they are answered.

A fault of the service's own is free, and Microsoft's packages send a POST again
after it; an answer that was lost on its way was made and is paid for.
"""

UPLOAD = RetryPolicy(patient=True)
"""For long bodies whose request may be repeated."""

NEVER = RetryPolicy(attempts=1)
"""For requests whose body cannot be sent again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One go of a request: its number from 1, and the seconds left for retries.

    ``seconds_left`` is ``None`` for the first one, whose own timeouts hold.
    """

    number: int
    seconds_left: float | None = None


def delays(policy: RetryPolicy) -> Iterator[float]:
    """Yield the pause before each further attempt, in seconds, before jitter."""
    pause = policy.first_delay
    for _ in range(policy.attempts - 1):
        yield min(pause, policy.longest_delay)
        pause *= policy.factor


def run_with_retries(
    request: Callable[[Attempt], Result],
    policy: RetryPolicy,
    environment: Environment,
    log: Callable[[str], None] = lambda _line: None,
) -> Result:
    """Run ``request`` until it succeeds, fails for good, or the policy is used up.

    A pause that the service asked for (``retry_after``) is kept where it is
    longer than ours; where it does not fit into the policy's time, the error is
    raised at once with it, and the caller may wait.

    Raises:
        SttError: the last failure, its message telling how often it was tried.
    """
    pauses = delays(policy)
    attempt = Attempt(1)
    first_failure: float | None = None
    while True:
        began = environment.monotonic()
        try:
            return request(attempt)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            now = environment.monotonic()
            if first_failure is None:
                first_failure = now
            elif policy.patient:
                first_failure += now - began
            pause = next(pauses, None) if policy.wants(error) else None
            if pause is not None:
                pause *= 1 - policy.jitter * environment.random()
                pause = max(pause, error.retry_after or 0.0)
            left = first_failure + policy.within - now
            if pause is None or pause >= left:
                raise _counted(error, attempt.number) from error.__cause__
            log(
                f"attempt {attempt.number} of {policy.attempts} failed: "
                f"{error.message}; retrying in {pause:.2f} s"
            )
        environment.sleep(pause)
        attempt = Attempt(attempt.number + 1, left - pause)


def was_not_taken(error: SttError) -> bool:
    """Whether the service cannot have taken what was sent last.

    It said so itself, or nothing reached it whole. Any other failure leaves that
    open: the answer was lost, or came from a gateway that knows nothing. So does
    408: services also answer it when they took too long themselves.
    """
    if isinstance(error, UnreachableError):
        return error.before_request
    return 400 <= (error.http_status or 0) < 500 and error.http_status != 408


def _counted(error: SttError, attempts: int) -> SttError:
    if attempts > 1:
        error.message = f"{error.message} (tried {attempts} times)"
        error.args = (error.message,)
    return error
