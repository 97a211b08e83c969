"""How often to ask after a job: a provider's advice, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """Pauses between two looks at a job, in seconds.

    Args:
        steps: ``(until, pause)`` pairs: up to ``until`` seconds of waiting, look
            every ``pause``; in order of ``until``.
        then: the pause after the last step.
        floor: no pause that the user did not ask for is shorter.
        jitter: the share by which chance lengthens a pause, so that many
            clients do not ask in the same moment.
        limit: seconds after which waiting ends where the user set no limit;
            ``None`` waits as long as the job takes.
        expected: the least and most seconds such a job usually takes, where the
            vendor's document says so; shown as an estimate.
    """

    steps: tuple[tuple[float, float], ...] = ((20.0, 2.0), (120.0, 5.0))
    then: float = 10.0
    floor: float = 1.0
    jitter: float = 0.2
    limit: float | None = None
    expected: tuple[float, float] | None = None

    def pause(
        self, waited: float, random: float, retry_after: float | None = None
    ) -> float:
        """Return the next pause after so many seconds of waiting.

        ``random`` lies between 0 and 1. What the service asked for
        (``retry_after``) is never cut short.
        """
        step = next((pause for until, pause in self.steps if waited < until), self.then)
        least = max(step, self.floor, retry_after or 0.0)
        return least * (1 + self.jitter * random)


def fixed_interval(seconds: float) -> PollPolicy:
    """Return the policy of a user who chose the pause: no more, no less."""
    return PollPolicy(steps=(), then=seconds, floor=0.0, jitter=0.0)
