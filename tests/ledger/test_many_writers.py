"""Killed processes, many processes and threads: what was learned is never lost."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import LedgerQuery, open_ledger
from tests.ledger.conftest import Kept
from tests.state_fixtures import EnvironmentFactory

# Each ID is printed once `learn` returned: from then on it may not be lost.
both_stores = pytest.mark.usefixtures("kept")

WRITER = """
import sys
from stt_cli.core.environment import Environment
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger

environment = Environment.of_this_process()
ledger = open_ledger(environment)
if ledger.notice:
    sys.exit(ledger.notice.message)
for number in range(int(sys.argv[2])):
    value = f"{sys.argv[1]}-{number}"
    entry = ledger.begin("recognize", "local", value)
    entry.learn(Identifiers.of(session_id=value))
    print(value, flush=True)
    entry.finish("success")
    if ledger.notice:
        sys.exit(ledger.notice.message)
"""


def writer(name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.conformance("CO-01")
def test_what_was_learned_survives_kill_9_at_any_moment(
    make_environment: EnvironmentFactory, kept: Kept
) -> None:
    chance = random.Random(20261120)
    told: list[str] = []
    for round_ in range(4 if kept.server else 8):
        process = writer(f"r{round_}", 100_000)
        assert process.stdout
        for _ in range(chance.randrange(1, 60)):
            told.append(process.stdout.readline().strip())
        threading.Event().wait(chance.random() * 0.003)
        process.send_signal(signal.SIGKILL)
        rest, error = process.communicate()
        # The last line may be cut off: the process died while it wrote it.
        told += rest.splitlines()[:-1]
        assert error == ""
        with open_ledger(make_environment()) as ledger:
            assert ledger.notice is None
            assert [value for value in told if not ledger.find(value)] == []
    if not kept.server:
        assert kept.read("PRAGMA integrity_check") == [("ok",)]
    assert len(told) > 80


@both_stores
def test_processes_that_begin_the_ledger_at_once_all_keep_their_rows(
    make_environment: EnvironmentFactory,
) -> None:
    processes = [writer(f"p{number}", 25) for number in range(6)]
    for process in processes:
        _, error = process.communicate(timeout=120)
        assert (process.returncode, error) == (0, "")
    with open_ledger(make_environment()) as ledger:
        rows = list(ledger.search(LedgerQuery()))
    assert len(rows) == 6 * 25
    assert {row.status for row in rows} == {"success"}
    assert {row.ids.session_id for row in rows} == {
        f"p{process}-{number}" for process in range(6) for number in range(25)
    }


@both_stores
def test_threads_share_one_ledger(make_environment: EnvironmentFactory) -> None:
    with open_ledger(make_environment()) as ledger:

        def write(name: int) -> None:
            for number in range(20):
                entry = ledger.begin("recognize", "local", f"{name}")
                entry.learn(Identifiers.of(session_id=f"t{name}-{number}"))
                assert ledger.find(f"t{name}-{number}")
                entry.finish("success")

        threads = [threading.Thread(target=write, args=(n,)) for n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = list(ledger.search(LedgerQuery()))
        assert ledger.notice is None
    assert len({row.ids.session_id for row in rows}) == 100


@both_stores
def test_a_reader_in_the_middle_of_a_search_holds_up_no_writer(
    make_environment: EnvironmentFactory,
) -> None:
    with (
        open_ledger(make_environment()) as ledger,
        open_ledger(make_environment()) as other,
    ):
        for number in range(300):
            ledger.begin("recognize", "local", f"{number}")
        reading = ledger.search(LedgerQuery())
        first = next(reading)
        other.begin("recognize", "local", "new")
        assert first.input == "299"
        assert len(list(reading)) == 299
        assert other.notice is None


def test_a_writer_waits_for_another_ones_transaction(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    with open_ledger(make_environment()) as ledger:
        blocker = sqlite3.connect(
            stt_home / "state" / "ledger.sqlite",
            isolation_level=None,
            check_same_thread=False,
        )
        blocker.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, blocker.execute, ["COMMIT"])
        release.start()
        ledger.begin("recognize", "local", "a.wav")
        release.join()
        blocker.close()
        assert ledger.notice is None
        assert len(ledger.recent(9)) == 1


HOG = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
while True:
    connection.execute("BEGIN IMMEDIATE")
    print(flush=True)
    time.sleep(0.005)
    connection.execute("COMMIT")
"""


def test_one_that_writes_without_a_pause_shuts_nobody_out(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "first")
        path = stt_home / "state" / "ledger.sqlite"
        hog = subprocess.Popen(
            [sys.executable, "-c", HOG, path], stdout=subprocess.PIPE
        )
        assert hog.stdout
        hog.stdout.readline()
        ledger.begin("recognize", "local", "second")
        hog.kill()
        hog.communicate()
        assert ledger.notice is None
        assert len(ledger.recent(9)) == 2


def test_two_that_meet_a_damaged_ledger_move_it_aside_once(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    folder = stt_home / "state"
    folder.mkdir(parents=True)
    (folder / "ledger.sqlite").write_bytes(b"no ledger at all " * 500)
    processes = [writer(f"p{number}", 5) for number in range(4)]
    for process in processes:
        process.communicate(timeout=120)
    # Those that met the damage say so and end; no one's rows were moved aside.
    aside = [path for path in folder.iterdir() if ".damaged-" in path.name]
    assert [path.read_bytes()[:9] for path in aside] == [b"no ledger"]
    assert (folder / "ledger.sqlite").exists()
