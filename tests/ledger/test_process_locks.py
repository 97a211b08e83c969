"""Who lives and who died, told by real processes that are killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stt_cli.ledger import (
    AlreadySubmitted,
    Busy,
    Granted,
    Ledger,
    LedgerQuery,
    NewSubmission,
    QueueEntry,
    open_ledger,
)
from stt_cli.ledger.sqlite.process_locks import ProcessLocks
from tests.ledger.conftest import Kept
from tests.state_fixtures import EnvironmentFactory

both_stores = pytest.mark.usefixtures("kept")

CLAIMER = """
import sys
from stt_cli.core.environment import Environment
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import Granted, NewSubmission, QueueEntry, open_ledger

ledger = open_ledger(Environment.of_this_process())
marks = sys.argv[2].split(",")
entries = ledger.enqueue("batch submit", "azure", [
    NewSubmission(mark, QueueEntry(sys.argv[1], number, "file:///" + mark, "{}"))
    for number, mark in enumerate(marks)
])
print("ready", flush=True)
sys.stdin.readline()
for mark, entry in zip(marks, entries):
    claim = ledger.claim(entry.key, mark)
    if isinstance(claim, Granted):
        key = claim.operation.key
        ledger.recorder(key).record_step("upload", Identifiers.of(ref=key))
    print(type(claim).__name__, mark, claim.operation.key, flush=True)
if ledger.notice:
    sys.exit(ledger.notice.message)
sys.stdin.readline()
ledger.close()
"""


def claimer(name: str, marks: list[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", CLAIMER, name, ",".join(marks)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert line(process) == ["ready"]
    return process


def line(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout
    return process.stdout.readline().split()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def killed(process: subprocess.Popen[str], kept: Kept | None = None) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if kept and kept.server:
        kept.server.wait_for_the_dead()


def ask(make_environment: EnvironmentFactory, mark: str) -> tuple[str, str, str | None]:
    """Claim the same recording in this process; return kind, key and last step."""
    with open_ledger(make_environment()) as ledger:
        (entry,) = ledger.enqueue(
            "batch submit",
            "azure",
            [NewSubmission(mark, QueueEntry("t", 0, "file:///t", "{}"))],
        )
        claim = ledger.claim(entry.key, mark)
        assert ledger.notice is None
        return type(claim).__name__, claim.operation.key, claim.operation.step


@both_stores
def test_of_many_that_claim_at_once_exactly_one_gets_each(
    make_environment: EnvironmentFactory,
) -> None:
    marks = [f"f{number}" for number in range(20)]
    processes = [claimer(f"p{number}", marks) for number in range(5)]
    for process in processes:
        go_on(process)
    answers = [[line(process) for _ in marks] for process in processes]
    for process in processes:
        _, error = process.communicate("\n", timeout=60)
        assert (process.returncode, error) == (0, "")
    for position, mark in enumerate(marks):
        told = [answer[position] for answer in answers]
        assert {each[1] for each in told} == {mark}
        assert sorted(each[0] for each in told) == ["Busy"] * 4 + ["Granted"]
        # All name the one operation that goes on.
        assert len({each[2] for each in told}) == 1


@both_stores
def test_a_killed_owners_submission_is_taken_over_a_living_ones_is_busy(
    make_environment: EnvironmentFactory, kept: Kept
) -> None:
    process = claimer("p", ["f1"])
    go_on(process)
    kind, _, key = line(process)
    assert kind == "Granted"
    assert ask(make_environment, "f1") == ("Busy", key, "upload")
    killed(process, kept)
    assert ask(make_environment, "f1") == ("Granted", key, "upload")
    with open_ledger(make_environment()) as ledger:
        assert {row.key for row in ledger.search(LedgerQuery())} >= {key}


@both_stores
def test_two_shells_that_resume_the_same_list_share_it(
    make_environment: EnvironmentFactory, kept: Kept
) -> None:
    process = claimer("dead", [f"f{number}" for number in range(30)])
    killed(process, kept)
    with open_ledger(make_environment()) as one, open_ledger(make_environment()) as two:
        got: list[str] = []

        def resume(ledger: Ledger) -> None:
            for row in ledger.unfinished():
                if ledger.is_elsewhere(row):
                    continue
                claim = ledger.claim(row.key, row.input or "")
                assert isinstance(claim, Granted | Busy | AlreadySubmitted)
                if isinstance(claim, Granted):
                    got.append(claim.operation.key)

        threads = [
            threading.Thread(target=resume, args=[ledger]) for ledger in (one, two)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == len(set(got)) == 30


def test_the_files_of_the_dead_are_swept(
    stt_home: Path, make_environment: EnvironmentFactory
) -> None:
    folder = stt_home / "state" / "owners"
    killed(claimer("p", ["f1"]))
    (dead,) = folder.iterdir()
    living = claimer("q", ["f2"])
    (alive,) = folder.iterdir()
    assert alive != dead
    living.communicate("\n\n", timeout=60)
    assert list(folder.iterdir()) == []


def test_owners_that_begin_while_others_sweep_stay_alive(tmp_path: Path) -> None:
    failures: list[str] = []

    def live() -> None:
        for _ in range(50):
            owner = ProcessLocks(tmp_path)
            token = owner.hold()
            if not ProcessLocks(tmp_path).is_held(token) or owner.hold() != token:
                failures.append(token)
            owner.let_go()
            if ProcessLocks(tmp_path).is_held(token):
                failures.append(token)

    threads = [threading.Thread(target=live) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not ProcessLocks(tmp_path).is_held("no-such-owner")
    assert not ProcessLocks(tmp_path).is_held("")
