"""Commands on a ledger that other programs, or a disk, have damaged.

One damaged record costs that record and is told; the others are shown and worked
with, no command fails for it, and nothing of it reaches a terminal as a command.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import NewSubmission, QueueEntry, open_ledger
from tests.conftest import Outcome, Runner
from tests.emulating import emulated
from tests.postgres_server import PostgresServer
from tests.state_fixtures import EnvironmentFactory

GUID = "9f4ffa5113a846eba289aa98b28e766f"
JOB = "00000000-1111-2222-3333-444444444444"
TABLES = ("operations", "identifiers", "facts", "submissions")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HOSTILE = "\x1b]0;gotcha\x07\x1b[2J"

COMMANDS = (
    ["history"],
    ["history", "--json"],
    ["history", "gotcha"],
    ["status"],
    ["status", "--json"],
    ["status", JOB],
    ["poll", "--all", "--timeout", "0.2"],
    ["batch", "resume"],
    ["batch", "resume", "--forget"],
    ["session-id"],
    ["session-id", "--last", "--json"],
    ["support"],
    ["support", "--json"],
    ["support", GUID],
    ["doctor"],
    ["recognize", "nothing.wav"],
    ["batch", "submit", "nothing.wav", "-p", "soniox"],
)


def fill(make_environment: EnvironmentFactory) -> None:
    """Keep runs, a job and recordings that are still to be submitted."""
    with open_ledger(make_environment()) as ledger:
        for number in range(3):
            done = ledger.begin("recognize", "azure", f"good-{number}.wav")
            done.learn(Identifiers.of(session_id=GUID, request_id=f"r-{number}"))
            done.note(endpoint="http://127.0.0.1:1", audio_seconds="1.5")
            done.finish("success")
        entries = [
            NewSubmission(f"left-{n}.wav", QueueEntry("b", n, "file:///x.wav", "{}"))
            for n in range(3)
        ]
        job, sent, _ = ledger.enqueue("batch submit", "soniox", entries)
        job.record_job(JOB, Identifiers.of(job_id=JOB), "queued")
        sent.record_step("upload", Identifiers.of(reference="r"))
        for each in (job, sent):
            each.note(endpoint="http://127.0.0.1:1")


@pytest.fixture
def path(make_environment: EnvironmentFactory, stt_home: Path) -> Path:
    """A ledger's file."""
    fill(make_environment)
    path = stt_home / "state" / "ledger.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def run(
    stt: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Outcome]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SONIOX_API_KEY", "made-up-key")
    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda local, environment: next(local.checks()),
    )

    def go(*arguments: str, **more: Any) -> Outcome:
        done = stt(*arguments, sleep=lambda _seconds: None, **more)
        told = done.text + done.stderr
        assert done.status != 1, (arguments, told)
        assert "internal error" not in told, (arguments, told)
        assert not CONTROL.search(told), (arguments, told)
        return done

    return go


def damage(path: Path, *statements: str, values: tuple[Any, ...] = ()) -> None:
    """Change a ledger as another program may, without its constraints."""
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        ledger.execute("PRAGMA writable_schema = ON")
        ledger.execute(
            "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') "
            "WHERE type = 'table'"
        )
    with closing(sqlite3.connect(path, isolation_level=None)) as ledger:
        for statement in statements:
            ledger.execute(statement, values)


ODD: tuple[Any, ...] = (
    None, "", "soon", b"\xff\xfe", b"", 7, -1, 2**62, 1.5, float("inf"), "9" * 400,
    HOSTILE, "a\x00b", "\u2028", "2026-11-30", "2026-13-45T00:00:00Z", "[" * 5_000,
    '{"recognition": ' * 3_000, '{"a": [1]}', "null", "../../etc/passwd", "caf\\udce9",
)  # fmt: skip

COLUMNS = (
    ("operations", "command"), ("operations", "provider"), ("operations", "input"),
    ("operations", "started"), ("operations", "ended"), ("operations", "status"),
    ("operations", "http_status"), ("operations", "error_code"),
    ("operations", "error"), ("operations", "versions"), ("operations", "key"),
    ("identifiers", "kind"), ("identifiers", "value"), ("identifiers", "folded"),
    ("identifiers", "learned_at"), ("identifiers", "position"),
    ("facts", "name"), ("facts", "value"),
    ("submissions", "batch"), ("submissions", "position"), ("submissions", "source"),
    ("submissions", "options"), ("submissions", "size"), ("submissions", "modified"),
    ("submissions", "fingerprint"), ("submissions", "owner"),
)  # fmt: skip


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_damaged_record_costs_that_record_alone(
    run: Callable[..., Outcome], path: Path, table: str, column: str
) -> None:
    for odd in Random(column).sample(ODD, 7):
        before = path.read_bytes()
        damage(
            path,
            f"UPDATE OR IGNORE {table} SET {column} = ? "
            f"WHERE rowid IN (SELECT min(rowid) FROM {table} UNION ALL "
            f"SELECT max(rowid) FROM {table})",
            values=(odd,),
        )
        for command in (["status"], ["batch", "resume"]):
            run(*command)
        shown = run("history").text
        assert "good-1.wav" in shown, odd
        assert "good-2.wav" in shown, odd
        for side in path.parent.glob("ledger.sqlite*"):
            side.unlink()
        path.write_bytes(before)


def damage_shared(address: str, table: str, column: str, odd: Any) -> None:
    """Change a ledger on a server as its administrator may, types and all."""
    import psycopg

    kind = {bytes: "bytea", int: "numeric", float: "double precision"}
    wanted = kind.get(type(odd), "text")
    way = "convert_to({}::text, 'UTF8')" if wanted == "bytea" else "{}::text"
    if wanted in ("numeric", "double precision"):
        way = "NULL"
    with psycopg.connect(address, autocommit=True) as connection:
        names = connection.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass", [table]
        ).fetchall()
        for (name,) in names:
            drop = f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE"
            connection.execute(drop.encode())
        for change in (
            f"ALTER TABLE {table} ALTER COLUMN {column} DROP IDENTITY IF EXISTS",
            f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT",
            f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL",
            f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {wanted} "
            f"USING {way.format(column)}",
        ):
            connection.execute(change.encode())
        connection.execute(
            f"UPDATE {table} SET {column} = %s WHERE ctid IN "
            f"(SELECT min(ctid) FROM {table} UNION ALL SELECT max(ctid) FROM {table})"
            .encode(),
            [odd],
        )  # fmt: skip


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_damaged_record_of_a_shared_ledger_costs_that_record_alone(
    run: Callable[..., Outcome],
    make_environment: EnvironmentFactory,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    column: str,
) -> None:
    held = [odd for odd in ODD if not (isinstance(odd, str) and "\0" in odd)]
    texts = [odd for odd in held if odd is None or isinstance(odd, str)]
    for odd in Random(f"{table}.{column}").sample(texts, 3):
        address = postgres.address(schema=postgres.new_schema())
        monkeypatch.setenv("STT_LEDGER", address)
        fill(make_environment)
        damage_shared(address, table, column, odd)
        for command in (["status"], ["batch", "resume"]):
            run(*command)
        shown = run("history").text
        assert "good-1.wav" in shown, odd
        assert "good-2.wav" in shown, odd


def test_a_damaged_record_of_a_shared_ledger_is_told_once(
    run: Callable[..., Outcome],
    make_environment: EnvironmentFactory,
    shared_ledger: str,
) -> None:
    fill(make_environment)
    damage_shared(shared_ledger, "operations", "started", None)
    done = run("history")
    assert done.stderr.count("skipped a damaged record") == 1
    assert "good-1.wav" in done.text


@pytest.mark.parametrize("odd", [7, float("nan"), float("inf"), b"\xff\xfe"], ids=repr)
def test_a_shared_ledger_whose_columns_changed_their_type_stops_nothing(
    run: Callable[..., Outcome],
    make_environment: EnvironmentFactory,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    odd: Any,
) -> None:
    for table, column in Random(repr(odd)).sample(COLUMNS, 4):
        address = postgres.address(schema=postgres.new_schema())
        monkeypatch.setenv("STT_LEDGER", address)
        fill(make_environment)
        damage_shared(address, table, column, odd)
        for command in (["status"], ["history"], ["batch", "resume"], ["support"]):
            run(*command)


def test_a_damaged_record_is_told_once_and_doctor_counts_it(
    run: Callable[..., Outcome], path: Path
) -> None:
    damage(path, "UPDATE operations SET started = NULL WHERE input LIKE 'good-0%'")
    done = run("history")
    assert done.stderr.count("skipped a damaged record") == 1
    assert "started of" in done.stderr
    assert "1 of them damaged" in run("doctor").text


def test_text_that_is_no_utf_8_is_shown_as_escapes(
    run: Callable[..., Outcome], path: Path
) -> None:
    odd = "CAST(x'636166e92e776176' AS TEXT)"  # a name in Latin-1
    damage(path, f"UPDATE operations SET input = {odd} WHERE input = 'good-0.wav'")
    assert r"caf\xe9.wav" in run("history").text
    assert run("batch", "resume").status != 0


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_control_sequences_never_reach_the_terminal(
    run: Callable[..., Outcome],
    stt_terminal: Runner,
    path: Path,
    command: list[str],
) -> None:
    damage(
        path,
        f"UPDATE operations SET provider = '{HOSTILE}', error = '{HOSTILE}', "
        f"error_code = '{HOSTILE}' WHERE input = 'good-0.wav'",
        f"UPDATE identifiers SET kind = '{HOSTILE}' WHERE kind = 'request_id'",
        f"UPDATE facts SET value = '{HOSTILE}' WHERE name = 'audio_seconds'",
        f"UPDATE operations SET input = '{HOSTILE}', status = '{HOSTILE}' "
        "WHERE input LIKE 'left-%'",
    )
    run(*command)
    if command[0] in ("poll", "status") or "resume" in command:
        return  # which would wait, with a real clock, for a service that is away
    shown = stt_terminal(*command)
    told = shown.text + shown.stderr
    for sequence in ("\x07", "\x1b]0", "\x1b[2J"):
        assert sequence not in told


@pytest.mark.parametrize("table", [*TABLES, "ledger_version"])
def test_an_endless_view_in_a_tables_place_stops_nothing(
    run: Callable[..., Outcome], path: Path, table: str
) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        columns = [each[1] for each in ledger.execute(f"PRAGMA table_info({table})")]
    endless = ", ".join(f"n AS {column}" for column in columns)
    damage(
        path,
        f"DROP TABLE {table}",
        f"CREATE VIEW {table} AS WITH RECURSIVE numbers(n) AS "
        f"(SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT {endless} FROM numbers",
    )
    begun = monotonic()
    assert f"{table} is not a table" in run("history").stderr
    assert run("status").status == 0
    assert monotonic() - begun < 20
    assert list(path.parent.glob("ledger.sqlite.damaged-*"))


def test_a_submission_goes_on_beside_damaged_ones(
    run: Callable[..., Outcome], path: Path, tmp_path: Path
) -> None:
    damage(path, "UPDATE submissions SET source = NULL, owner = x'00', size = 'big'")
    with emulated("soniox", key=None) as service:
        done = run(
            *("batch", "submit", "https://h.example/a.wav", "-p", "soniox"),
            *("--endpoint", service.url),
        )
    assert done.status == 0, done.stderr


def _damages(random: Random) -> Iterator[str]:
    for _ in range(random.randrange(1, 6)):
        table, column = random.choice(COLUMNS)
        some = random.choice(["1", "rowid % 2", "rowid = 1", "rowid > 3"])
        yield f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {some}"


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_makes_a_command_fail_by_itself(
    run: Callable[..., Outcome], path: Path, seed: int
) -> None:
    random = Random(seed)
    for statement in _damages(random):
        damage(path, statement, values=(random.choice(ODD),))
    for command in random.sample(COMMANDS, 6):
        run(*command)
