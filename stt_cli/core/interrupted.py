"""A submission that was cut off: what is known of it, for going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stt_cli.core.identifiers import Identifiers

CLOCKS_APART = timedelta(minutes=5)
"""How far a service's clock may be behind ours; Kerberos allows as much."""


def _nothing(_job_id: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class InterruptedSubmission:
    """A submission whose process ended before its outcome was written down.

    ``step`` is the last one that was written down before it was sent (see
    ``Sending``): whether the service took it is not known. ``ids`` are all that
    were learned, the references chosen by this side among them. ``since`` is when
    the operation began; nothing of it is older. ``is_known`` tells whether the
    ledger has a job of that ID already, which then belongs to another recording.
    ``sent`` is when the step was written down: for a moment after that the service
    may still be at work on it.
    """

    step: str
    since: datetime
    ids: Identifiers = field(default_factory=Identifiers)
    is_known: Callable[[str], bool] = _nothing
    sent: datetime | None = None

    def may_have_made(self, created: datetime | None) -> bool:
        """Whether something that the service made then can be of this submission."""
        return created is None or created >= self.since - CLOCKS_APART
