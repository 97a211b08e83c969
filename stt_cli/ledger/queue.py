"""A recording's place in a list that is to be submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLANNED = "planned"
"""The status of a recording of which nothing was sent yet."""

INTERRUPTED = "interrupted"
"""The status of a submission that failed for now, and can be gone on with."""

STEP = "step"
"""The fact that names the last step, written down before it was sent."""

SENT = "sent"
"""The fact that says when that was, as ISO 8601."""

NO_STEP = "none"
"""What that fact says once it is known that the step was not taken."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What is needed to submit a recording later, from any shell.

    Args:
        batch: names the run that planned it; the same for its whole list.
        position: its number in that list, from 0.
        source: an absolute ``file:`` URI, or the recording's address.
        options: what was asked for, as JSON without secrets.
        size: bytes, and ``modified`` nanoseconds since 1970, when it was planned.
    """

    batch: str
    position: int
    source: str
    options: str
    size: int | None = None
    modified: int | None = None


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """A recording that is to be submitted, as the ledger begins its operation.

    ``input`` is its name as the user gave it; ``facts`` such as ``language`` are
    its own.
    """

    input: str | None
    entry: QueueEntry
    facts: Mapping[str, str | None] = field(default_factory=dict)
