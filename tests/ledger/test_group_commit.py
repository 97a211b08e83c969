"""Threads that write at once share a flush; each learns of its own change only."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stt_cli.core.errors import InterruptedRun
from stt_cli.ledger import open_ledger
from stt_cli.ledger.group_commit import Change, GroupCommit
from stt_cli.ledger.sql import Sql
from stt_cli.ledger.sqlite.file import SqliteFile
from stt_cli.ledger.store import StoreError
from tests.state_fixtures import EnvironmentFactory


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do all in threads of their own; return what each returned or raised."""
    outcomes: list[object] = [None] * len(works)

    def run(number: int) -> None:
        try:
            outcomes[number] = works[number]()
        except Exception as fault:
            outcomes[number] = fault

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


class Commits:
    """Notes the groups; the first waits until all changes are handed in."""

    def __init__(self, threads: int, fail_first: bool = False) -> None:
        self.groups: list[int] = []
        self.group = GroupCommit(self.commit)
        self.fail_first = fail_first
        self.handed_in = threading.Semaphore(0)
        self.threads = threads

    def write(self, number: int) -> int:
        self.handed_in.release()
        return self.group.write(lambda _: number, flush=True)

    def commit(self, group: Sequence[Change]) -> None:
        if not self.groups:
            for _ in range(self.threads):
                self.handed_in.acquire()
            threading.Event().wait(0.05)  # so that the last are in the queue too
        self.groups.append(len(group))
        if self.fail_first and len(self.groups) == 1:
            raise InterruptedRun
        with sqlite3.connect(":memory:") as connection:
            for change in group:
                change.end(change.work(connection))
        connection.close()


def test_all_that_wait_are_committed_together() -> None:
    commits = Commits(16)
    outcomes = at_once([lambda n=n: commits.write(n) for n in range(16)])  # type: ignore[misc]
    assert outcomes == list(range(16))
    assert commits.groups == [1, 15]


def test_who_is_interrupted_while_committing_takes_nobody_along() -> None:
    commits = Commits(16, fail_first=True)
    outcomes = at_once([lambda n=n: commits.write(n) for n in range(16)])  # type: ignore[misc]
    assert sum(isinstance(each, InterruptedRun) for each in outcomes) == 1
    assert sum(isinstance(each, int) for each in outcomes) == 15
    assert commits.groups == [1, 15]
    assert commits.write(99) == 99


@pytest.fixture
def file(tmp_path: Path) -> SqliteFile:
    opened = SqliteFile(tmp_path / "file.sqlite")
    opened.write(
        lambda db: db.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY, by TEXT)"),
        flush=True,
    )
    return opened


def test_a_bad_change_fails_alone_and_undoes_only_itself(file: SqliteFile) -> None:
    chance = random.Random(20261120)
    expected: dict[int, str] = {}
    works: list[Callable[[], object]] = []
    kinds = [chance.choice(["good", "good", "half", "bug"]) for _ in range(160)]

    def job(numbers: range) -> list[object]:
        return [one(number) for number in numbers]

    def one(number: int) -> object:
        def work(db: Sql) -> int:
            db.execute("INSERT INTO numbers VALUES (?, 'x')", [number])
            if kinds[number] == "half":
                db.execute("INSERT INTO numbers VALUES (?, 'again')", [number])
            if kinds[number] == "bug":
                raise TypeError("a fault of the program")
            return number

        try:
            return file.write(work, flush=True)
        except Exception as fault:
            return type(fault)

    for number, kind in enumerate(kinds):
        if kind == "good":
            expected[number] = "x"
    works = [lambda n=n: job(range(n * 10, n * 10 + 10)) for n in range(16)]  # type: ignore[misc]
    outcomes = [one for each in at_once(works) for one in each]  # type: ignore[attr-defined]
    wanted = {"half": StoreError, "bug": TypeError}
    assert outcomes == [wanted.get(kind, n) for n, kind in enumerate(kinds)]
    kept = file.read(lambda sql: sql.execute("SELECT n, by FROM numbers").fetchall())
    assert dict(kept) == expected
    file.close()


def test_when_the_file_cannot_be_written_each_is_told(file: SqliteFile) -> None:
    file.connection.execute("PRAGMA query_only = ON")
    works = [
        lambda n=n: file.write(
            lambda db: db.execute("INSERT INTO numbers VALUES (?, 'x')", [n]),
            flush=True,
        )
        for n in range(8)
    ]
    outcomes = at_once(works)
    assert [type(each) for each in outcomes] == [StoreError] * 8
    file.connection.execute("PRAGMA query_only = OFF")
    assert not any(isinstance(each, Exception) for each in at_once(works))
    file.close()


THREADS = """
import resource, sys, threading
from stt_cli.core.environment import Environment
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger

heard = []
ledger = open_ledger(Environment.of_this_process(), warn=heard.append)
if len(sys.argv) > 2:
    limit = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
told = threading.Lock()

def write(name):
    for number in range(100_000):
        value = f"{sys.argv[1]}-{name}-{number}"
        entry = ledger.begin("recognize", "local", value)
        entry.learn(Identifiers.of(session_id=value))
        if heard:
            return
        with told:
            print(value, flush=True)

threads = [threading.Thread(target=write, args=[name]) for name in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*[notice.message for notice in heard], sep="\\n", file=sys.stderr)
"""


@pytest.mark.conformance("CO-01")
@pytest.mark.usefixtures("kept")
def test_what_threads_were_told_is_kept_survives_kill_9(
    make_environment: EnvironmentFactory,
) -> None:
    chance = random.Random(20261120)
    told: list[str] = []
    for round_ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", THREADS, f"r{round_}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        for _ in range(chance.randrange(1, 200)):
            told.append(process.stdout.readline().strip())
        threading.Event().wait(chance.random() * 0.003)
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        told += rest.splitlines()[:-1]
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is None
        assert [value for value in told if not ledger.find(value)] == []
    assert len(told) > 100


@pytest.mark.parametrize("room", [60_000, 150_000])
def test_threads_that_fill_the_disk_are_told_once(
    make_environment: EnvironmentFactory, room: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", THREADS, "full", str(room)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "the ledger cannot be written" in done.stderr
    with open_ledger(make_environment()) as ledger:
        lost = [value for value in done.stdout.split() if not ledger.find(value)]
        assert ledger.notice is None
    assert lost == []
