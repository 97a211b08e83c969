"""A list of recordings is planned, claimed, gone on with; nothing is done twice."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stt_cli.core.errors import ProviderError, RateLimitedError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Secret
from stt_cli.ledger import (
    AlreadySubmitted,
    Busy,
    Granted,
    Ledger,
    LedgerQuery,
    NewSubmission,
    OperationRecorder,
    QueueEntry,
    open_ledger,
)
from stt_cli.ledger.migrations import OPERATIONS_AND_IDENTIFIERS
from tests.ledger.conftest import Kept
from tests.state_fixtures import Clock, EnvironmentFactory

OpenLedger = Callable[[], Ledger]


@pytest.fixture
def shell(
    kept: Kept, make_environment: EnvironmentFactory, clock: Clock
) -> Iterator[OpenLedger]:
    """Open the ledger as one more shell does; each is an owner of its own."""
    opened: list[Ledger] = []

    def begin() -> Ledger:
        opened.append(open_ledger(make_environment(now=clock.now)))
        assert opened[-1].notice is None
        return opened[-1]

    yield begin
    assert [ledger.notice for ledger in opened] == [None] * len(opened)
    for ledger in opened:
        ledger.close()


def plan(ledger: Ledger, *names: str, batch: str = "b1") -> list[OperationRecorder]:
    return ledger.enqueue(
        "batch submit",
        "azure",
        [
            NewSubmission(
                name,
                QueueEntry(batch, position, f"file:///rec/{name}", "{}", 10, 20),
                {"language": "de-DE", "region": None},
            )
            for position, name in enumerate(names)
        ],
    )


def row_of(ledger: Ledger, entry: OperationRecorder) -> object:
    return next(row for row in ledger.search(LedgerQuery()) if row.key == entry.key)


def inputs(ledger: Ledger) -> list[str | None]:
    return [row.input for row in ledger.unfinished()]


def test_a_list_is_planned_at_once_and_found_in_its_order(
    shell: OpenLedger, clock: Clock, kept: Kept
) -> None:
    ledger = shell()
    first, *_ = plan(ledger, "z.wav", "a.wav", "m.wav")
    clock.move(seconds=1)
    plan(ledger, "later.wav", batch="b0")
    rows = shell().unfinished("azure")
    assert [row.input for row in rows] == ["z.wav", "a.wav", "m.wav", "later.wav"]
    assert rows[0].key == first.key
    assert rows[0].queue_entry == QueueEntry("b1", 0, "file:///rec/z.wav", "{}", 10, 20)
    assert (rows[0].status, rows[0].is_open) == ("planned", True)
    assert rows[0].facts == {"language": "de-DE", **kept.own}
    assert shell().unfinished("soniox") == []
    assert [row.queue_entry for row in ledger.search(LedgerQuery(limit=1))] == [
        rows[3].queue_entry
    ]


def test_thousands_are_planned_and_found(shell: OpenLedger) -> None:
    ledger = shell()
    names = [f"{number}.wav" for number in range(2_500)]
    entries = plan(ledger, *names)
    assert inputs(shell()) == names
    assert ledger.drop([entry.key for entry in entries[1:]]) == [
        entry.key for entry in entries[1:]
    ]
    assert inputs(ledger) == names[:1]


def test_no_secret_of_a_plan_is_kept(
    shell: OpenLedger, make_environment: EnvironmentFactory
) -> None:
    environment = make_environment()
    environment.redactor.register(Secret("canary-value"))
    with open_ledger(environment) as ledger:
        planned = QueueEntry(
            "b", 0, "https://host/a.wav?sig=AbCdEf", '{"p":"canary-value"}'
        )
        ledger.enqueue("batch submit", "azure", [NewSubmission("a", planned)])
        kept = ledger.unfinished()[0].queue_entry
        assert kept is not None
        assert kept.source == "https://host/a.wav?sig=***"
        assert kept.options == '{"p":"***"}'


def test_names_that_are_no_text_are_kept_as_escapes(shell: OpenLedger) -> None:
    ledger = shell()
    name = os.fsdecode(b"\xff\x00\xc3\xa4.wav")
    (entry,) = plan(ledger, name)
    entry.note(note="\udc80")
    entry.fail_for_now(ProviderError("\udc81 is no text"))
    assert inputs(ledger) == ["\\udcff\\x00ä.wav"]
    assert ledger.find("\udcff") is None
    assert len(list(ledger.search(LedgerQuery(words=("\udcff",))))) == 1


def test_the_first_to_claim_gets_it_and_others_wait(shell: OpenLedger) -> None:
    one, two = shell(), shell()
    (mine,), (theirs,) = plan(one, "a.wav"), plan(two, "copy.wav")
    claimed = one.claim(mine.key, "f1")
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == mine.key
    waiting = two.claim(theirs.key, "f1")
    assert isinstance(waiting, Busy)
    assert waiting.operation.key == mine.key
    mine.record_job("j-1", Identifiers.of(job_id="j-1"), "queued")
    known = two.claim(theirs.key, "f1")
    assert isinstance(known, AlreadySubmitted)
    assert (known.operation.key, known.operation.facts["job_id"]) == (mine.key, "j-1")
    assert [row.key for row in two.search(LedgerQuery())] == [mine.key]
    assert one.unfinished() == []


def test_another_thread_of_the_same_process_waits_as_well(shell: OpenLedger) -> None:
    ledger = shell()
    first, copy = plan(ledger, "a.wav", "copy.wav")
    assert isinstance(ledger.claim(first.key, "f1"), Granted)
    assert isinstance(ledger.claim(copy.key, "f1"), Busy)
    assert isinstance(ledger.claim(first.key, "f1"), Busy)


def test_what_another_shell_planned_is_busy_until_that_shell_dies(
    shell: OpenLedger,
) -> None:
    one, two = shell(), shell()
    (entry,) = plan(one, "a.wav")
    (row,) = two.unfinished()
    assert two.is_elsewhere(row)
    assert not one.is_elsewhere(row)
    assert isinstance(two.claim(entry.key, "f1"), Busy)
    assert isinstance(two.claim(entry.key, "f1", force=True), Busy)
    one.close()
    assert not two.is_elsewhere(row)
    assert isinstance(two.claim(entry.key, "f1"), Granted)


def test_a_dead_shells_submission_is_gone_on_with(shell: OpenLedger) -> None:
    one, two = shell(), shell()
    (old,) = plan(one, "a.wav")
    one.claim(old.key, "f1")
    one.recorder(old.key).record_step(
        "upload", Identifiers.of(reference=f"stt-{old.key}")
    )
    one.close()
    (new,) = plan(two, "a.wav")
    claimed = two.claim(new.key, "f1")
    assert isinstance(claimed, Granted)
    assert (claimed.operation.key, claimed.operation.step) == (old.key, "upload")
    assert claimed.operation.ids.get("reference") == f"stt-{old.key}"
    assert [row.key for row in two.search(LedgerQuery())] == [old.key]
    # Both are on the list of a `resume`: only one thread gets it.
    assert isinstance(two.claim(old.key, "f1"), Busy)


def test_force_submits_what_is_known(shell: OpenLedger) -> None:
    ledger = shell()
    old, new = plan(ledger, "a.wav", "copy.wav")
    ledger.claim(old.key, "f1")
    old.record_job("j-1", Identifiers.of(job_id="j-1"), "queued")
    claimed = ledger.claim(new.key, "f1", force=True)
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == new.key
    known = ledger.claim(old.key, "f1", force=True)
    assert isinstance(known, AlreadySubmitted)
    assert known.operation.key == old.key


@pytest.mark.parametrize("end", ["failed", "cancelled", "deleted", "not found"])
def test_a_job_that_was_given_up_is_submitted_again(
    shell: OpenLedger, end: str
) -> None:
    ledger = shell()
    old, new = plan(ledger, "a.wav", "copy.wav")
    ledger.claim(old.key, "f1")
    old.record_job("j-1", Identifiers.of(job_id="j-1"), "queued")
    old.finish(end)
    claimed = ledger.claim(new.key, "f1")
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == new.key


def test_what_failed_for_now_stays_open_for_anyone(shell: OpenLedger) -> None:
    one, two = shell(), shell()
    first, copy = plan(one, "a.wav", "copy.wav")
    one.claim(first.key, "f1")
    first.record_step("upload", Identifiers.of(reference="r"))
    error = RateLimitedError("slow down", http_status=429, provider_code="TooMany")
    first.fail_for_now(error, not_taken=True)
    row = two.unfinished()[0]
    assert (row.status, row.ended, row.error, row.http_status) == (
        "interrupted",
        None,
        "slow down",
        429,
    )
    assert row.facts["provider_code"] == "TooMany"
    assert row.step is None
    assert not two.is_elsewhere(row)
    # The copy goes on with what was begun: it has the IDs.
    claimed = one.claim(copy.key, "f1")
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == first.key
    first.record_job(
        "j-1", Identifiers.of(job_id="j-1"), "queued", endpoint="https://h"
    )
    (row,) = one.search(LedgerQuery())
    assert (row.status, row.error_code, row.facts["job_id"]) == ("queued", None, "j-1")


def test_a_step_that_may_have_been_taken_is_told(shell: OpenLedger) -> None:
    ledger = shell()
    (entry,) = plan(ledger, "a.wav")
    ledger.claim(entry.key, "f1")
    entry.record_step("create", Identifiers.of(reference="r"))
    entry.fail_for_now(ProviderError("the line broke"))
    (row,) = ledger.unfinished()
    assert row.step == "create"
    assert row.sent_at is not None
    assert row.sent_at >= row.started_at


def test_what_was_sent_is_never_dropped(shell: OpenLedger) -> None:
    ledger = shell()
    job, sent, unsent = plan(ledger, "job.wav", "sent.wav", "unsent.wav")
    sent.record_step("upload", Identifiers.of(reference="r"))
    ledger.claim(job.key, "f1")
    job.record_job("j-1", Identifiers.of(job_id="j-1"), "queued")
    assert ledger.drop([job.key, sent.key, unsent.key, "unknown"]) == [unsent.key]
    known = ledger.claim(sent.key, "f1")
    assert isinstance(known, AlreadySubmitted)
    assert known.operation.key == job.key
    # It ends without a job, and its IDs stay.
    row = ledger.find("r")
    assert row is not None
    assert (row.status, row.is_open) == ("duplicate", False)
    assert ledger.unfinished() == []


def test_two_that_sent_something_are_told_apart(shell: OpenLedger) -> None:
    one, two = shell(), shell()
    first, second = plan(one, "a.wav", "b.wav")
    for entry in (first, second):
        one.claim(entry.key, "f1", force=True)
        entry.record_step("upload", Identifiers.of(reference=entry.key))
    one.close()
    two.unfinished()
    claimed = two.claim(second.key, "f1")
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == second.key
    assert isinstance(two.claim(first.key, "f1"), Busy)


def test_one_that_was_dropped_elsewhere_is_written_down_again(
    shell: OpenLedger,
) -> None:
    one, two = shell(), shell()
    (entry,) = plan(one, "a.wav")
    two.drop([entry.key])
    assert isinstance(one.claim(entry.key, "f1"), Granted)
    entry.learn(Identifiers.of(reference="r"))
    assert two.find("r") is not None


def test_without_a_ledger_everything_is_ones_own(
    make_environment: EnvironmentFactory,
) -> None:
    with open_ledger(make_environment({"STT_LEDGER": "off"})) as ledger:
        first, copy = plan(ledger, "a.wav", "copy.wav")
        for entry in (first, copy):
            claimed = ledger.claim(entry.key, "f1")
            assert isinstance(claimed, Granted)
            assert claimed.operation.key == entry.key
            assert not ledger.is_elsewhere(claimed.operation)
            entry.record_step("upload", Identifiers.of(reference="r"))
            entry.fail_for_now(ProviderError("no"))
        assert ledger.unfinished() == []
        assert ledger.drop([first.key]) == [first.key]


def test_a_ledger_of_version_one_goes_on_with_its_rows(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    folder = stt_home / "state"
    folder.mkdir(parents=True)
    old = sqlite3.connect(folder / "ledger.sqlite")
    old.executescript(
        OPERATIONS_AND_IDENTIFIERS
        + """
        CREATE TABLE ledger_version (version INTEGER NOT NULL);
        INSERT INTO ledger_version VALUES (1);
        INSERT INTO operations VALUES ('k1', 'batch submit', 'azure', 'old.wav',
            '2026-11-19T10:00:00.000Z', NULL, 'queued', NULL, NULL, NULL, 'stt 0');
        INSERT INTO identifiers VALUES ('k1', 0, 'job_id', 'J-1', 'j1', '2026');
        INSERT INTO facts VALUES ('k1', 'job_id', 'J-1');
        """
    )
    old.close()
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is None
        row = ledger.find("j1")
        assert row is not None
        assert (row.input, row.queue_entry, row.owner) == ("old.wav", None, None)
        assert ledger.unfinished() == []
        (entry,) = plan(ledger, "new.wav")
        assert isinstance(ledger.claim(entry.key, "f1"), Granted)
        ledger.recorder("k1").finish("succeeded")
    with open_ledger(make_environment()) as ledger:
        assert [row.status for row in ledger.search(LedgerQuery())] == [
            "planned",
            "succeeded",
        ]
