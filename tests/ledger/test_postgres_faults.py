"""Whatever becomes of the server or the way to it: no ID is lost, no run ends."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psycopg
import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import (
    Granted,
    Ledger,
    LedgerQuery,
    NewSubmission,
    OperationRecorder,
    QueueEntry,
    open_ledger,
)
from stt_cli.ledger.postgres.database import Database
from stt_cli.ledger.postgres.opening import connected
from stt_cli.ledger.sql import Sql
from stt_cli.ledger.store import StoreError
from tests.ledger.cutting_proxy import CuttingProxy, cutting_proxy
from tests.postgres_server import PostgresServer
from tests.state_fixtures import EnvironmentFactory

PASSWORD = "pass-4711/@:word"


@pytest.fixture
def schema(postgres: PostgresServer) -> str:
    return postgres.new_schema()


@pytest.fixture
def address(postgres: PostgresServer, schema: str) -> str:
    return postgres.address(schema=schema)


Opener = Callable[[str], Ledger]


@pytest.fixture
def heard() -> list[Notice]:
    """What users are told."""
    return []


@pytest.fixture
def opened(
    make_environment: EnvironmentFactory, heard: list[Notice]
) -> Iterator[Opener]:
    ledgers: list[Ledger] = []

    def begin(address: str) -> Ledger:
        environment = make_environment(
            {"STT_LEDGER": address}, sleep=threading.Event().wait
        )
        ledgers.append(open_ledger(environment, warn=heard.append))
        return ledgers[-1]

    yield begin
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[CuttingProxy]:
    with cutting_proxy(postgres.port) as between:
        yield between


def run(ledger: Ledger) -> None:
    """Do what a run does with its ledger."""
    entry = ledger.begin("recognize", "local", "a.wav")
    entry.learn(Identifiers.of(session_id="s-1"))
    entry.finish("success")
    assert ledger.find("nothing") is None


def plan(ledger: Ledger, *names: str) -> list[OperationRecorder]:
    planned = [
        NewSubmission(name, QueueEntry("b", position, f"file:///{name}", "{}"))
        for position, name in enumerate(names)
    ]
    return ledger.enqueue("batch submit", "azure", planned)


def test_a_wrong_password_is_told_once_without_it(
    postgres: PostgresServer, opened: Opener, heard: list[Notice]
) -> None:
    ledger = opened(postgres.address(password=PASSWORD))
    run(ledger)
    (notice,) = heard
    assert "password authentication failed" in notice.message
    assert "this run is not recorded" in notice.message
    assert "stt doctor" in (notice.hint or "")
    for spelling in (PASSWORD, quote(PASSWORD, safe="")):
        assert spelling not in notice.message
    assert not ledger.keeps


def test_a_database_that_is_not_there_is_told(
    postgres: PostgresServer, opened: Opener, heard: list[Notice]
) -> None:
    run(opened(postgres.address(database="nowhere")))
    assert [n.message.count('database "nowhere" does not exist') for n in heard] == [1]


def test_a_server_that_is_not_there_is_told(
    postgres: PostgresServer, opened: Opener, heard: list[Notice]
) -> None:
    run(opened(postgres.address(port=1)))
    assert ["Connection refused" in notice.message for notice in heard] == [True]
    assert "\n" not in heard[0].message


def test_a_user_who_may_not_make_tables_is_told(
    postgres: PostgresServer, schema: str, opened: Opener, heard: list[Notice]
) -> None:
    user = postgres.new_user("geheim")
    address = postgres.address(user=user, password="geheim", schema=schema)
    run(opened(address))
    assert len(heard) == 1
    assert "this run is not recorded" in heard[0].message


def test_a_user_who_may_only_read_finds_the_ids(
    postgres: PostgresServer,
    schema: str,
    address: str,
    opened: Opener,
    heard: list[Notice],
) -> None:
    run(opened(address))
    user = postgres.new_user(
        "geheim",
        [f"USAGE ON SCHEMA {schema}", f"SELECT ON ALL TABLES IN SCHEMA {schema}"],
    )
    ledger = opened(postgres.address(user=user, password="geheim", schema=schema))
    assert ledger.find("s-1") is not None
    assert heard == []
    run(ledger)
    run(ledger)
    assert [notice.message for notice in heard] == [
        "the ledger cannot be written: permission denied for table operations"
    ]


def test_a_database_of_another_encoding_is_refused(
    postgres: PostgresServer, opened: Opener, heard: list[Notice]
) -> None:
    postgres.execute(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
    )
    run(opened(postgres.address(database="latin")))
    assert ["encoding is LATIN1, not UTF8" in n.message for n in heard] == [True]


def test_a_server_that_is_too_old_is_refused(
    address: str,
    opened: Opener,
    heard: list[Notice],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stt_cli.ledger.postgres.connection._OLDEST", 990_000)
    run(opened(address))
    assert ["is too old" in notice.message for notice in heard] == [True]


def test_a_cut_connection_is_made_again(
    postgres: PostgresServer, address: str, opened: Opener, heard: list[Notice]
) -> None:
    ledger = opened(address)
    for number in range(3):
        entry = ledger.begin("recognize", "local", f"{number}")
        assert postgres.cut() > 0
        entry.learn(Identifiers.of(session_id=f"s-{number}"))
        postgres.cut()
        assert ledger.find(f"s-{number}") is not None
    assert (heard, len(list(ledger.search(LedgerQuery())))) == ([], 3)


def test_a_server_that_is_started_anew_is_waited_for(
    postgres: PostgresServer, address: str, opened: Opener, heard: list[Notice]
) -> None:
    ledger = opened(address)
    entry = ledger.begin("recognize", "local", "a.wav")
    postgres.stop()
    ids = Identifiers.of(session_id="s-1")
    learning = threading.Thread(target=entry.learn, args=[ids])
    learning.start()
    threading.Event().wait(0.2)
    postgres.start()
    learning.join()
    assert heard == []
    assert opened(address).find("s-1") is not None


def test_a_server_that_stays_away_is_told_once_and_the_run_goes_on(
    postgres: PostgresServer, address: str, opened: Opener, heard: list[Notice]
) -> None:
    ledger = opened(address)
    entry = ledger.begin("recognize", "local", "a.wav")
    postgres.stop()
    try:
        entry.learn(Identifiers.of(session_id="s-1"))
        entry.finish("success")
        run(ledger)
    finally:
        postgres.start()
    (notice,) = heard
    assert notice.message.startswith("the ledger cannot be written: ")
    assert "Connection refused" in notice.message
    assert notice.hint is not None
    assert "keep the IDs printed here" in notice.hint


@pytest.mark.parametrize("lost", [True, False], ids=["answer lost", "never arrived"])
def test_a_change_whose_connection_is_cut_is_made_once(
    postgres: PostgresServer,
    schema: str,
    proxy: CuttingProxy,
    opened: Opener,
    heard: list[Notice],
    lost: bool,
) -> None:
    ledger = opened(postgres.address(schema=schema, port=proxy.port))
    cut = proxy.lose_answer_to if lost else proxy.cut_at
    cut(b"COMMIT")
    entry = ledger.begin("recognize", "local", "a.wav")
    cut(b"COMMIT")
    entry.learn(Identifiers.of(session_id="s-1", request_id="r-1"), region="north")
    cut(b"COMMIT")
    plan(ledger, "one.wav", "two.wav")
    assert proxy.cuts == 3
    planned, _, begun = ledger.search(LedgerQuery())
    assert planned.queue_entry is not None
    assert [each.value for each in begun.learned] == ["s-1", "r-1"]
    assert begun.facts["region"] == "north"
    assert len(ledger.unfinished()) == 2
    assert heard == []


@pytest.mark.parametrize("lost", [True, False], ids=["answer lost", "never arrived"])
def test_a_claim_whose_connection_is_cut_is_made_once(
    postgres: PostgresServer,
    schema: str,
    address: str,
    proxy: CuttingProxy,
    opened: Opener,
    heard: list[Notice],
    lost: bool,
) -> None:
    dead = opened(address)
    (old,) = plan(dead, "a.wav")
    dead.claim(old.key, "f1")
    dead.close()
    ledger = opened(postgres.address(schema=schema, port=proxy.port))
    new, other = plan(ledger, "a.wav", "b.wav")
    cut = proxy.lose_answer_to if lost else proxy.cut_at
    cut(b"COMMIT")
    # Done twice, the second time would find it taken: by this very process.
    claimed = ledger.claim(new.key, "f1")
    assert isinstance(claimed, Granted)
    assert claimed.operation.key == old.key
    cut(b"COMMIT")
    assert ledger.drop([other.key]) == [other.key]
    assert proxy.cuts == 2
    assert [row.key for row in ledger.search(LedgerQuery())] == [old.key]
    assert heard == []


def test_what_is_held_is_held_again_after_a_cut(
    postgres: PostgresServer, address: str, opened: Opener, heard: list[Notice]
) -> None:
    one, two = opened(address), opened(address)
    first, second = plan(one, "a.wav", "b.wav")
    assert isinstance(one.claim(first.key, "f1"), Granted)
    (_, row) = two.unfinished()
    assert two.is_elsewhere(row)
    postgres.cut()
    assert not two.is_elsewhere(row)
    assert isinstance(one.claim(second.key, "f2"), Granted)
    assert two.is_elsewhere(row)
    assert heard == []


def test_two_claims_in_each_others_way_are_both_made(
    address: str, opened: Opener, heard: list[Notice]
) -> None:
    ledgers = [opened(address) for _ in range(4)]
    keys = [[entry.key for entry in plan(one, *"abcdefgh")] for one in ledgers]
    barrier = threading.Barrier(len(ledgers))
    got: list[str] = []

    def work(number: int) -> None:
        barrier.wait()
        for mark, key in zip("abcdefgh", keys[number], strict=True):
            claimed = ledgers[number].claim(key, mark)
            ledgers[number].recorder(key).learn(Identifiers.of(request_id=key))
            if isinstance(claimed, Granted):
                got.append(mark)

    threads = [threading.Thread(target=work, args=[n]) for n in range(len(ledgers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list("abcdefgh")
    assert heard == []


def test_of_changes_that_are_committed_together_a_bad_one_fails_alone(
    address: str,
) -> None:
    database = Database(address, time.sleep)
    database.write(lambda sql: sql.execute("CREATE TABLE numbers (n INT PRIMARY KEY)"))
    outcomes: dict[int, object] = {}

    def write(number: int) -> None:
        def work(sql: Sql) -> int:
            sql.execute("INSERT INTO numbers VALUES (?)", [number])
            if number % 5 == 1:
                sql.execute("INSERT INTO numbers VALUES (?)", [number])
            if number % 5 == 2:
                raise TypeError("a fault of the program")
            return number

        try:
            outcomes[number] = database.write(work)
        except Exception as fault:
            outcomes[number] = type(fault)

    threads = [threading.Thread(target=write, args=[n]) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {1: StoreError, 2: TypeError}
    assert outcomes == {n: wanted.get(n % 5, n) for n in range(40)}
    kept = database.run(lambda sql: sql.execute("SELECT n FROM numbers").fetchall())
    assert {n for (n,) in kept} == {n for n in range(40) if n % 5 not in wanted}
    database.close()


class Stopped(Exception):  # noqa: N818 - it stands for Ctrl-C
    pass


@pytest.mark.parametrize("kind", [Stopped, KeyboardInterrupt])
def test_an_interruption_in_the_middle_leaves_the_ledger_usable(
    address: str, opened: Opener, kind: type[BaseException]
) -> None:
    ledger = opened(address)
    entry = ledger.begin("recognize", "local", "a.wav")

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise kind

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with psycopg.connect(address) as other:
            other.execute("LOCK TABLE operations IN EXCLUSIVE MODE")
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(kind):
                entry.set_status("running")
    finally:
        signal.signal(signal.SIGALRM, before)
    entry.finish("interrupted")
    assert ledger.notice is None
    assert [row.status for row in ledger.search(LedgerQuery())] == ["interrupted"]


def test_a_fault_met_while_another_is_dealt_with_is_the_ledgers_own(
    postgres: PostgresServer,
    schema: str,
    address: str,
    opened: Opener,
    heard: list[Notice],
) -> None:
    entry = opened(address).begin("recognize", "local", "a.wav")
    postgres.execute(f"DROP TABLE {schema}.facts")
    try:
        raise Stopped
    except Stopped:
        entry.note(region="north")
    assert [notice.message for notice in heard] == [
        'the ledger cannot be written: relation "facts" does not exist'
    ]


def test_someone_who_blocks_the_tables_for_long_ends_no_run(
    address: str,
    opened: Opener,
    heard: list[Notice],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(address)
    monkeypatch.setattr(
        "stt_cli.ledger.postgres.connection._BEFORE_ALL",
        ("SET statement_timeout = '200ms'",),
    )
    ledger = opened(address)
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE operations IN EXCLUSIVE MODE")
        run(ledger)
    assert [notice.message for notice in heard] == [
        "the ledger cannot be written: canceling statement due to statement timeout"
    ]


@pytest.mark.conformance("CO-01")
def test_an_id_outlives_a_crash_of_a_server_that_would_not_wait_for_its_disk(
    postgres: PostgresServer, schema: str, opened: Opener
) -> None:
    user = postgres.new_user("geheim", [f"ALL ON SCHEMA {schema}"])
    postgres.execute(f"ALTER ROLE {user} SET synchronous_commit = off")
    address = postgres.address(user=user, password="geheim", schema=schema)
    with psycopg.connect(address) as other:
        found = other.execute("SHOW synchronous_commit").fetchall()
        assert found == [("off",)]
    ledger = opened(address)
    entry = ledger.begin("recognize", "local", "a.wav")
    entry.learn(Identifiers.of(session_id="s-1"))
    postgres.stop(signal.SIGQUIT)
    postgres.start()
    assert opened(address).find("s-1") is not None


def test_ids_longer_than_an_index_takes_are_kept_and_found(
    address: str, opened: Opener, heard: list[Notice]
) -> None:
    import random

    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    long = "".join(random.Random(7).choices(letters, k=9_000))
    ledger = opened(address)
    entry = ledger.begin("recognize", "local", "a.wav")
    entry.learn(Identifiers.of(session_id=long))
    row = ledger.find(long)
    assert row is not None
    assert heard == []


def test_a_password_of_the_users_own_file_is_masked(
    postgres: PostgresServer,
    make_environment: EnvironmentFactory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = postgres.new_user("geheim-0815")
    schema = postgres.new_schema()
    postgres.execute(f"GRANT ALL ON SCHEMA {schema} TO {user}")
    secrets = tmp_path / "pgpass"
    secrets.write_text(f"127.0.0.1:{postgres.port}:*:{user}:geheim-0815\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    environment: Environment = make_environment()
    place = f"127.0.0.1:{postgres.port}/postgres?options=-csearch_path%3D{schema}"
    connected(f"postgresql://{user}@{place}", environment).close()
    assert environment.redactor.clean("it is geheim-0815") == "it is ***"
