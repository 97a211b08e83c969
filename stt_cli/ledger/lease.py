"""Whose turn a recording is: one rule for every store, applied in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from stt_cli.ledger.operation import Operation


@dataclass(frozen=True, slots=True)
class Granted:
    """The recording is this process's to submit, as ``operation``.

    That is the one that asked, or an earlier one of the same bytes and options
    whose process has died: then it is gone on with, and the one that asked is
    taken out of the ledger.
    """

    operation: Operation


@dataclass(frozen=True, slots=True)
class AlreadySubmitted:
    """The same bytes with the same options are a job already: ``operation``."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class Busy:
    """Another living process or thread is submitting the same, as ``operation``."""

    operation: Operation


Claim = Granted | AlreadySubmitted | Busy

GIVEN_UP = frozenset({"failed", "cancelled", "deleted", "not found"})
"""How a job ends whose recording may be submitted again."""

DUPLICATE = "duplicate"
"""How a submission ends when another of the same recording has become the job."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the rule needs to know of a planned submission.

    ``sent`` is whether the service may know anything of it: a step or an ID was
    written down. ``fingerprint`` is there from the first claim on.
    """

    key: str
    status: str
    is_open: bool
    has_job: bool
    sent: bool
    fingerprint: str | None
    owner: str | None

    @property
    def is_kept_job(self) -> bool:
        """Whether it is a job, one that was not given up."""
        return self.has_job and self.status not in GIVEN_UP


class Asking(Enum):
    """What becomes of the submission that asked."""

    STAYS = "stays"
    IS_DROPPED = "dropped"  # nothing of it was ever sent
    ENDS = "ends"  # its IDs are kept


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a claim: which kind, about which submission.

    ``Granted`` sets the fingerprint and the owner of ``key``.
    """

    kind: type[Granted | AlreadySubmitted | Busy]
    key: str
    asking: Asking = Asking.STAYS


def decide(
    asking: Candidate,
    others: Iterable[Candidate],
    owner: str,
    is_held: Callable[[str], bool],
    *,
    force: bool = False,
) -> Decision:
    """Decide on a claim.

    A submission that was claimed and not released is being worked on as long as
    its owner lives, by another thread if the owner is the one that asks.

    Args:
        asking: the submission that someone wants to go on with.
        others: those of the same fingerprint, in the order they were planned.
        owner: the one who asks.
        is_held: tells whether an owner lives.
        force: submit it even though the same is a job already.
    """
    if asking.has_job or not asking.is_open:
        return Decision(AlreadySubmitted, asking.key)
    if asking.owner is not None:
        planned_by_asker = asking.owner == owner and asking.fingerprint is None
        if not planned_by_asker and is_held(asking.owner):
            return Decision(Busy, asking.key)
    if force:
        return Decision(Granted, asking.key)
    others = list(others)
    for other in others:
        if other.is_kept_job:
            fate = Asking.ENDS if asking.sent else Asking.IS_DROPPED
            return Decision(AlreadySubmitted, other.key, fate)
    waiting = [each for each in others if each.is_open and not each.has_job]
    for other in waiting:
        if other.owner is not None and is_held(other.owner):
            return Decision(Busy, other.key)
    if waiting and not asking.sent:
        # What may have reached the service already comes first: it can be found.
        best = next((each for each in waiting if each.sent), waiting[0])
        return Decision(Granted, best.key, Asking.IS_DROPPED)
    return Decision(Granted, asking.key)
