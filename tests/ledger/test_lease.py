"""Who may submit a recording: the rule alone, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stt_cli.ledger import AlreadySubmitted, Busy, Granted
from stt_cli.ledger.lease import GIVEN_UP, Asking, Candidate, Decision, decide

ME, OTHER, DEAD = "me", "other", "dead"
ASKING = Candidate("asking", "planned", True, False, False, None, ME)

UNSENT = Candidate("unsent", "planned", True, False, False, "f", None)
SENT = replace(UNSENT, key="sent", status="upload", sent=True)
JOB = Candidate("job", "queued", True, True, True, "f", None)
DONE = replace(JOB, key="done", status="success", is_open=False)


def is_held(owner: str) -> bool:
    return owner in {ME, OTHER}


def decided(
    asking: Candidate, others: Sequence[Candidate] = (), *, force: bool = False
) -> Decision:
    return decide(asking, others, ME, is_held, force=force)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        # Nobody else has the same recording.
        ([], Decision(Granted, "asking")),
        # What may have reached the service comes first, wherever it stands.
        ([UNSENT], Decision(Granted, "unsent", Asking.IS_DROPPED)),
        ([UNSENT, SENT], Decision(Granted, "sent", Asking.IS_DROPPED)),
        ([SENT, UNSENT], Decision(Granted, "sent", Asking.IS_DROPPED)),
        (
            [UNSENT, SENT, replace(SENT, key="sent later")],
            Decision(Granted, "sent", Asking.IS_DROPPED),
        ),
        # A job that was not given up is never paid for twice.
        ([JOB], Decision(AlreadySubmitted, "job", Asking.IS_DROPPED)),
        ([DONE], Decision(AlreadySubmitted, "done", Asking.IS_DROPPED)),
        ([UNSENT, SENT, JOB], Decision(AlreadySubmitted, "job", Asking.IS_DROPPED)),
        # Another process or thread is at it.
        ([replace(UNSENT, owner=OTHER)], Decision(Busy, "unsent")),
        ([SENT, replace(UNSENT, owner=OTHER)], Decision(Busy, "unsent")),
        ([replace(UNSENT, owner=ME)], Decision(Busy, "unsent")),
        # Its process has died.
        (
            [replace(SENT, owner=DEAD)],
            Decision(Granted, "sent", Asking.IS_DROPPED),
        ),
        # What has ended without a job is nothing to go on with.
        (
            [replace(SENT, status="failed", is_open=False)],
            Decision(Granted, "asking"),
        ),
    ],
)
def test_who_else_has_the_same_recording(
    others: list[Candidate], expected: Decision
) -> None:
    assert decided(ASKING, others) == expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        # It goes on with its own, for that may be at the service.
        ([UNSENT], Decision(Granted, "asking")),
        ([SENT], Decision(Granted, "asking")),
        # Its IDs are kept when another one became the job.
        ([JOB], Decision(AlreadySubmitted, "job", Asking.ENDS)),
        ([replace(SENT, owner=OTHER)], Decision(Busy, "sent")),
    ],
)
def test_one_that_was_sent_itself(others: list[Candidate], expected: Decision) -> None:
    assert decided(replace(ASKING, sent=True), others) == expected


@pytest.mark.parametrize("status", sorted(GIVEN_UP))
def test_a_job_that_was_given_up_is_paid_for_again(status: str) -> None:
    job = replace(JOB, status=status, is_open=False)
    assert decided(ASKING, [job]) == Decision(Granted, "asking")


@pytest.mark.parametrize(
    ("asking", "expected"),
    [
        # Planned by this process, claimed by none of its threads.
        (ASKING, Granted),
        # Claimed: a thread of this process works at it.
        (replace(ASKING, fingerprint="f"), Busy),
        (replace(ASKING, owner=OTHER), Busy),
        (replace(ASKING, owner=OTHER, fingerprint="f"), Busy),
        (replace(ASKING, owner=DEAD), Granted),
        (replace(ASKING, owner=DEAD, fingerprint="f"), Granted),
        (replace(ASKING, owner=None, fingerprint="f"), Granted),
        (replace(ASKING, has_job=True), AlreadySubmitted),
        (replace(ASKING, is_open=False), AlreadySubmitted),
        (replace(ASKING, has_job=True, owner=OTHER), AlreadySubmitted),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_the_state_of_the_one_that_asks(
    asking: Candidate,
    expected: type[Granted | Busy | AlreadySubmitted],
    *,
    force: bool,
) -> None:
    assert decided(asking, force=force) == Decision(expected, "asking")


@pytest.mark.parametrize("other", [JOB, DONE, SENT, replace(UNSENT, owner=OTHER)])
def test_force_asks_for_no_other(other: Candidate) -> None:
    assert decided(ASKING, [other], force=True) == Decision(Granted, "asking")


@pytest.mark.parametrize("status", ["failed", "cancelled", "deleted", "not found"])
def test_what_ended_in_vain_is_no_job_that_is_kept(status: str) -> None:
    assert not replace(JOB, status=status).is_kept_job
    assert replace(JOB, status=f"{status}~").is_kept_job
