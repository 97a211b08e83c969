"""How often a connection is tried again, and when that ends.

Microsoft's client makes four retries a quarter of a second apart and gives the
attempts back at each phrase, so that a long session may break many times (SDK).
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_CONNECTS = 5  # SDK: four retries
RETRY_SECONDS = 0.25  # SDK: pause between two attempts
RETRIES_END_SECONDS = 30.0  # ours: all retries of one request end within this


@dataclass(frozen=True, slots=True)
class ReconnectBudget:
    """The attempts spent since the last phrase, and when the first of them failed.

    A result that comes is a new budget. Times are seconds of one clock.
    """

    spent: int = 0
    first_failure: float | None = None

    def failed(self, now: float) -> ReconnectBudget:
        """Return the budget after one more failed attempt."""
        first = now if self.first_failure is None else self.first_failure
        return ReconnectBudget(self.spent + 1, first)

    def allows(self, pause: float, now: float) -> bool:
        """Whether there is another attempt left, and time to wait for it."""
        first = now if self.first_failure is None else self.first_failure
        return self.spent < MOST_CONNECTS and now + pause <= first + RETRIES_END_SECONDS


def pause_before(random: float, retry_after: float | None) -> float:
    """Return the seconds before another attempt: what the service asks for, at least.

    Args:
        random: from 0 to 1, so that many clients do not come back at once.
        retry_after: the seconds that the service asked for.
    """
    return max(RETRY_SECONDS * (0.5 + random), retry_after or 0.0)
