"""A ledger that a team shares: one's own runs, the others', and what may go wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import Ledger, NewSubmission, QueueEntry, open_ledger
from tests.conftest import Outcome, Runner
from tests.crashing import Crashes, Shell, recordings_in, shell_for
from tests.emulating import KEY, emulated
from tests.postgres_server import PostgresServer
from tests.state_fixtures import EnvironmentFactory

CANARY = "canary-5d41/@:b"
Config = Callable[[str], Path]


@contextmanager
def of_runner(
    make_environment: EnvironmentFactory,
    monkeypatch: pytest.MonkeyPatch,
    name: str = "runner-17",
) -> Iterator[Ledger]:
    """The shared ledger as another machine opens it, and another user."""
    with (
        monkeypatch.context() as there,
        open_ledger(_as(make_environment, there, name)) as ledger,
    ):
        assert ledger.notice is None
        yield ledger


def _as(
    make_environment: EnvironmentFactory, patched: pytest.MonkeyPatch, name: str
) -> Any:
    patched.setattr("platform.node", lambda: name)
    return make_environment({"LOGNAME": "ci"})


def finding(done: Outcome) -> dict[str, Any]:
    found = {each["name"]: each for each in json.loads(done.text)}
    return dict(found["ledger"])


@pytest.fixture
def quick_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    from stt_cli.core.catalog import Check

    monkeypatch.setattr(
        "stt_cli.workflows.doctor.check_speech",
        lambda _local, _environment: Check("self-test", "ok", "left out"),
    )


def test_the_support_desk_finds_the_id_of_another_machines_run(
    shared_ledger: str,
    stt: Runner,
    make_environment: EnvironmentFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with of_runner(make_environment, monkeypatch) as theirs:
        entry = theirs.begin("recognize", "azure", "call.wav")
        entry.learn(Identifiers.of(session_id="9f4ffa5113a846eba289aa98b28e766f"))
    for words in (("9f4ffa51-13a8",), ("RUNNER-17", "call")):
        (row,) = json.loads(stt("history", *words, "--json").text)
        assert (row["facts"]["host"], row["facts"]["user"]) == ("runner-17", "ci")
    done = stt("support", "9F4FFA51-13A8-46EB-A289-AA98B28E766F")
    assert done.status == 0
    assert "9f4ffa5113a846eba289aa98b28e766f" in done.text
    # The report goes to a vendor, which need not know the machine.
    assert "runner-17" not in done.text
    assert done.stderr == (
        "notice: this operation ran on runner-17 as ci; the report does not say so\n"
    )


@pytest.mark.parametrize(
    ("variables", "page"),
    [
        ({"CI_JOB_URL": "https://git.example/j/1"}, "https://git.example/j/1"),
        (
            {
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_REPOSITORY": "team/calls",
                "GITHUB_RUN_ID": "42",
            },
            "https://github.example/team/calls/actions/runs/42",
        ),
        (
            {"BUILD_URL": "https://ci:pw-4711@ci.example/1/"},
            "https://***@ci.example/1/",
        ),
        ({"GITHUB_SERVER_URL": "https://github.example"}, None),
    ],
)
def test_a_run_of_a_ci_system_tells_the_page_of_its_job(
    shared_ledger: str,
    stt: Runner,
    make_environment: EnvironmentFactory,
    variables: dict[str, str],
    page: str | None,
) -> None:
    with open_ledger(make_environment(variables)) as ledger:
        ledger.begin("recognize", "azure", "call.wav")
    with open_ledger(
        make_environment({"CI_JOB_URL": "https://git.example/j/2"})
    ) as later:
        # Another job of this runner means the same operations by its own.
        assert [row.input for row in later.recent()] == ["call.wav"]
    (row,) = json.loads(stt("history", "--json").text)
    assert row["facts"].get("ci_job") == page


def test_without_an_id_only_ones_own_runs_are_meant(
    shared_ledger: str,
    stt: Runner,
    make_environment: EnvironmentFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with open_ledger(make_environment()) as mine:
        entry = mine.begin("recognize", "azure", "mine.wav")
        entry.learn(Identifiers.of(session_id="a" * 32))
    with of_runner(make_environment, monkeypatch) as theirs:
        for _ in range(150):
            entry = theirs.begin("recognize", "azure", "theirs.wav")
        entry.learn(Identifiers.of(session_id="b" * 32))
        job = theirs.begin("batch submit", "azure", "job.wav")
        job.record_job("J-1", Identifiers.of(job_id="J-1"), "queued")
        theirs.enqueue(
            "batch submit",
            "azure",
            [NewSubmission("left.wav", QueueEntry("b", 0, "file:///left.wav", "{}"))],
        )
    assert stt("session-id", "--last").text == "a" * 32 + "\n"
    assert stt("support").status == 5
    polled = stt("poll", "--all")
    assert "J-1" not in polled.text + polled.stderr
    resumed = stt("batch", "resume")
    assert (resumed.status, resumed.stdout) == (0, b"")
    stt("batch", "resume", "--forget")
    with of_runner(make_environment, monkeypatch) as theirs:
        assert [row.input for row in theirs.unfinished()] == ["left.wav"]


def test_a_job_of_another_machine_is_found_by_its_id(
    shared_ledger: str,
    stt: Runner,
    make_environment: EnvironmentFactory,
    recording: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with emulated("soniox") as service:
        env = {"SONIOX_API_KEY": KEY}
        there = {"STT_HOME": str(recording.parent / "there"), "LOGNAME": "ci"}
        submitted = stt(
            *["batch", "submit", recording, "-p", "soniox", "--endpoint", service.url],
            env={**env, **there},
        )
        assert submitted.status == 0, submitted.stderr
        polled = stt("poll", submitted.text.strip(), env=env)
    # Provider and address come from the ledger that both share.
    assert polled.status == 0, polled.stderr
    assert polled.text.strip().lower().startswith("hello world")


def test_a_run_is_kept_by_the_server_and_nowhere_here(
    shared_ledger: str, stt: Runner, postgres: PostgresServer, stt_home: Path
) -> None:
    done = stt("tts", "hello", "-o", str(stt_home.parent / "hello.wav"))
    assert done.status == 0, done.stderr
    rows = postgres.execute("SELECT command, status FROM operations", shared_ledger)
    assert rows == [("tts", "success")]
    assert not (stt_home / "state" / "ledger.sqlite").exists()


@pytest.mark.usefixtures("quick_doctor")
def test_doctor_examines_the_server_the_tables_and_the_rights(
    shared_ledger: str,
    stt: Runner,
    postgres: PostgresServer,
    make_environment: EnvironmentFactory,
) -> None:
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "a.wav")
    found = finding(stt("doctor", "--json"))
    assert found["state"] == "ok"
    assert "PostgreSQL 1" in found["message"]
    assert found["message"].endswith(", 1 operation")
    assert "postgresql://***@127.0.0.1" in found["message"]
    schema = shared_ledger.rpartition("%3D")[2]
    rights = [f"USAGE ON SCHEMA {schema}", f"SELECT ON ALL TABLES IN SCHEMA {schema}"]
    user = postgres.new_user(CANARY, rights)
    reader = postgres.address(user=user, password=CANARY, schema=schema)
    done = stt("doctor", "--json", env={"STT_LEDGER": reader})
    found = finding(done)
    assert (done.status, found["state"]) == (0, "warning")
    assert "this user may not INSERT operations, UPDATE operations" in found["message"]


@pytest.mark.usefixtures("quick_doctor")
def test_doctor_fails_where_the_server_cannot_be_used(
    stt: Runner, postgres: PostgresServer
) -> None:
    address = postgres.address(password="wrong-password")
    done = stt("doctor", "--json", env={"STT_LEDGER": address})
    found = finding(done)
    assert (done.status, found["state"]) == (2, "failed")
    assert "password authentication failed" in found["message"]
    assert "wrong-password" not in done.text + done.stderr


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:PASSWORD@h:port/db",
        "postgresql://u:PASS%zzWORD@h/db",
        "postgresql://u:PASSWORD@h/db?nosuchoption=1",
        "postgresql://u:PASS@WORD@h/db",
        "postgresql://u:PASS/WORD@h/db",
        "postgresql://u:4711/WORD@h/db",
        "postgresql:/u:PASSWORD@h/db",
        "mysql://u:PASSWORD@h/db",
    ],
)
def test_an_address_with_a_mistake_is_not_repeated(stt: Runner, address: str) -> None:
    done = stt("history", env={"STT_LEDGER": address})
    assert (done.status, done.stdout) == (2, b"")
    assert "hint: " in done.stderr
    assert "postgresql://user:password@host" in done.stderr
    for part in ("PASS", "WORD", "4711"):
        assert part not in done.stderr


def test_without_the_extra_the_command_to_install_it_is_told(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import stt_cli.ledger.postgres.store

    # Importing it anew binds the package's attribute anew, which others still patch.
    monkeypatch.setattr(stt_cli.ledger, "postgres", stt_cli.ledger.postgres)
    for name in [name for name in sys.modules if name.startswith("stt_cli.ledger.pos")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    address = f"postgresql://stt:{CANARY}@127.0.0.1/stt"
    for command in (["history"], ["tts", "hello", "-o", "hello.wav"]):
        done = stt(*command, env={"STT_LEDGER": address})
        assert (done.status, done.stdout) == (2, b"")
        assert "requires the package psycopg" in done.stderr
        assert "hint: run `pip install 'stt-cli[postgres]'`" in done.stderr
        assert CANARY not in done.stderr


def test_only_a_shared_ledger_loads_its_client(
    stt_process: Runner, shared_ledger: str
) -> None:
    def loaded(address: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "stt_cli", "history", "--json"],
            capture_output=True,
            text=True,
            env={**_environment(), "STT_LEDGER": address},
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "[]\n")
        return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert not loaded("on") & {"psycopg", "stt_cli.ledger.postgres.opening"}
    shared = loaded(shared_ledger)
    assert {"psycopg", "stt_cli.ledger.postgres.store"} <= shared
    assert not shared & {"sqlite3", "rich"}


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)


def test_the_config_file_names_it_and_lists_mask_it(
    stt: Runner, postgres: PostgresServer, config_file: Config
) -> None:
    schema = postgres.new_schema()
    user = postgres.new_user(CANARY, [f"ALL ON SCHEMA {schema}"])
    address = postgres.address(user=user, password=CANARY, schema=schema)
    config_file(f'ledger = "{address}"\n')
    assert stt("history", "--json").text == "[]\n"
    shown = stt("config", "get", "ledger").text
    assert shown.startswith("postgresql://***@127.0.0.1:")
    for command in (["config", "list"], ["config", "list", "--json"]):
        done = stt(*command)
        assert "postgresql://***@" in done.text
    assert stt("config", "set", "ledger", "postgresql://stt@db.example/stt").status == 0
    assert "db.example" in stt("config", "get", "ledger").text
    refused = stt("config", "set", "ledger", address)
    assert refused.status == 2
    assert "~/.pgpass" in refused.stderr


@pytest.mark.conformance("CO-02")
def test_processes_killed_at_any_moment_submit_every_recording_once(
    shared_ledger: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    def read(asked: str) -> list[tuple[Any, ...]]:
        return postgres.execute(asked, shared_ledger)

    with (
        emulated("soniox") as service,
        shell_for(service, tmp_path / "home", shared=read) as shell,
    ):
        shell.after = postgres.wait_for_the_dead
        recordings = recordings_in(tmp_path / "calls", 12)
        crashes = Crashes(shell, service, recordings, Random(5), longest=0.2)
        crashes.submit(kills=15)
        crashes.check()
        assert shell.kills >= 5
        assert not shell.ledger.exists()


def test_two_machines_that_submit_the_same_recordings_make_each_job_once(
    shared_ledger: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    def read(asked: str) -> list[tuple[Any, ...]]:
        return postgres.execute(asked, shared_ledger)

    recordings = recordings_in(tmp_path / "calls", 12)
    with (
        emulated("soniox", "slow:0.01") as service,
        shell_for(service, tmp_path / "one", shared=read) as one,
        shell_for(service, tmp_path / "two", shared=read) as two,
    ):
        where = ("-p", "soniox", "--endpoint", service.url, "-j", "3")
        command = ("batch", "submit", *where, str(tmp_path / "calls"))
        codes: list[int] = []

        def submit(shell: Shell) -> None:
            codes.append(shell(*command))

        shells = [threading.Thread(target=submit, args=[each]) for each in (one, two)]
        for thread in shells:
            thread.start()
        for thread in shells:
            thread.join()
        assert codes == [0, 0], one.errors() + two.errors()
        assert one.lines() == two.lines()
        assert len(set(one.lines())) == len(recordings)
        assert len(service.all("create")) == len(recordings)
        assert sorted(one.kept_ids()["transcription_id"]) == sorted(one.lines())
