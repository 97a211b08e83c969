"""Every operation and its IDs are on the disk before anything else happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, QuotaError
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Secret
from stt_cli.ledger import Ledger, LedgerQuery, open_ledger
from stt_cli.settings import Settings
from tests.conftest import Runner
from tests.ledger.conftest import Kept
from tests.state_fixtures import Clock, EnvironmentFactory

SESSION = "9f4ffa5113a846eba289aa98b28e766f"


@pytest.fixture
def environment(
    kept: Kept, make_environment: EnvironmentFactory, clock: Clock
) -> Environment:
    return make_environment(now=clock.now)


@pytest.fixture
def ledger(environment: Environment) -> Iterator[Ledger]:
    with open_ledger(environment) as opened:
        yield opened


@pytest.mark.conformance("CO-01")
def test_each_step_is_on_the_disk_when_the_call_returns(
    ledger: Ledger, kept: Kept
) -> None:
    entry = ledger.begin(
        "recognize", "azure", "a.wav", ids=Identifiers.of(session_id=SESSION)
    )
    assert kept.read("SELECT kind, value FROM identifiers") == [("session_id", SESSION)]
    assert kept.read("SELECT status, ended FROM operations") == [("started", None)]
    entry.learn(Identifiers.of(request_id="r-1", service_tag="tag"))
    kinds = kept.read("SELECT kind FROM identifiers ORDER BY position")
    assert kinds == [("session_id",), ("request_id",), ("service_tag",)]
    entry.finish("success")
    assert kept.read("SELECT status FROM operations") == [("success",)]


def test_a_row_tells_what_was_asked_of_whom_and_how_it_ended(
    ledger: Ledger, clock: Clock, kept: Kept
) -> None:
    entry = ledger.begin(
        "recognize", "azure", "a.wav", facts={"region": "westeurope", "endpoint": None}
    )
    entry.note(language="de-DE", transport="websocket", mode="dictation")
    clock.move(seconds=2.5)
    error = QuotaError(
        "Azure says the quota is used up",
        http_status=429,
        provider_code="QuotaExceeded",
        ids=Identifiers.of(session_id=SESSION, job_id="j-1"),
    )
    entry.finish("failed", error=error)
    row = ledger.recent()[0].to_dict()
    assert row.pop("versions").startswith("stt ")
    assert row == {
        "key": entry.key,
        "command": "recognize",
        "provider": "azure",
        "input": "a.wav",
        "started": "2026-11-20T14:00:00.000Z",
        "ended": "2026-11-20T14:00:02.500Z",
        "status": "failed",
        "endpoint": None,
        "region": "westeurope",
        "language": "de-DE",
        "transport": "websocket",
        "ids": {
            "session_id": SESSION,
            "request_id": None,
            "transcription_id": None,
            "job_id": "j-1",
        },
        "learned": [
            {"kind": "session_id", "id": SESSION, "time": "2026-11-20T14:00:02.500Z"},
            {"kind": "job_id", "id": "j-1", "time": "2026-11-20T14:00:02.500Z"},
        ],
        "error": {
            "code": "quota",
            "message": "Azure says the quota is used up",
            "http_status": 429,
        },
        "facts": {"mode": "dictation", "provider_code": "QuotaExceeded", **kept.own},
    }


def test_no_secret_enters_by_any_field(
    ledger: Ledger, environment: Environment, kept: Kept
) -> None:
    environment.redactor.register(Secret("canary-value"))
    entry = ledger.begin(
        "recognize canary-value",
        "azure",
        "https://host/a.wav?sig=AbCdEf&x=canary-value",
        ids=Identifiers.of(session_id="canary-value"),
        facts={"endpoint": "https://canary-value/"},
    )
    entry.learn(Identifiers.of(request_id="canary-value"))
    entry.note(region="canary-value")
    entry.set_status("canary-value")
    entry.finish(
        "failed", error=QuotaError("key canary-value", provider_code="canary-value")
    )
    ledger.close()
    assert b"recognize" in kept.contents()
    assert b"canary-value" not in kept.contents()
    assert b"AbCdEf" not in kept.contents()


def test_an_id_is_found_in_any_spelling(ledger: Ledger) -> None:
    entry = ledger.begin("recognize", "azure", "a.wav")
    entry.learn(Identifiers.of(session_id=SESSION))
    ledger.begin("recognize", "azure", "b.wav")
    dashed = "9F4FFA51-13A8-46EB-A289-AA98B28E766F"
    for spelling in (SESSION, SESSION.upper(), dashed, entry.key):
        row = ledger.find(spelling)
        assert row is not None
        assert row.key == entry.key
    assert ledger.find("0" * 32) is None
    assert ledger.find("") is None


def test_all_ids_of_one_kind_are_kept_and_found(ledger: Ledger) -> None:
    entry = ledger.begin("recognize", "soniox", "a.wav")
    for request in ("r-1", "r-2", "r-1"):
        entry.learn(Identifiers.of(request_id=request))
    assert [bool(ledger.find(f"r-{n}")) for n in (1, 2, 3)] == [True, True, False]
    (row,) = ledger.recent()
    assert [each.value for each in row.learned] == ["r-1", "r-2"]
    assert row.ids.request_id == "r-2"


def test_an_operation_that_succeeds_at_last_has_no_error_left(ledger: Ledger) -> None:
    entry = ledger.begin("batch submit", "soniox", "a.wav")
    entry.finish("failed", error=QuotaError("no balance", http_status=402))
    entry.finish("success")
    (row,) = ledger.recent()
    assert (row.status, row.error_code, row.error) == ("success", None, None)
    assert row.to_dict()["error"] is None


def test_an_operation_of_the_past_goes_on(
    ledger: Ledger, environment: Environment
) -> None:
    key = ledger.begin("batch submit", "azure", "a.wav").key
    with open_ledger(environment) as later:
        later.recorder(key).set_status("running")
        assert [row.status for row in later.search(LedgerQuery(open_only=True))] == [
            "running"
        ]
        later.recorder(key).finish("succeeded")
    assert list(ledger.search(LedgerQuery(open_only=True))) == []


def test_a_change_of_what_was_never_begun_leaves_no_orphans(
    ledger: Ledger, kept: Kept
) -> None:
    ledger.recorder("nowhere").learn(Identifiers.of(session_id=SESSION))
    ledger.recorder("nowhere").note(region="north")
    assert kept.read("SELECT * FROM identifiers") == []
    assert kept.read("SELECT * FROM facts") == []


def test_a_search_takes_words_provider_command_and_time(
    ledger: Ledger, clock: Clock
) -> None:
    for number, provider in enumerate(("local", "azure", "azure", "watson")):
        clock.move(minutes=1)
        entry = ledger.begin("recognize", provider, f"Meeting_{number}.wav")
        entry.learn(Identifiers.of(session_id=f"ABCD-{number}"))
        entry.note(language="de-DE" if number % 2 else "en-US")

    def found(**query: object) -> list[str | None]:
        return [row.input for row in ledger.search(LedgerQuery(**query))]  # type: ignore[arg-type]

    assert found() == [f"Meeting_{n}.wav" for n in (3, 2, 1, 0)]
    assert found(limit=2) == ["Meeting_3.wav", "Meeting_2.wav"]
    assert found(limit=0) == []
    assert found(provider="azure") == ["Meeting_2.wav", "Meeting_1.wav"]
    assert found(words=("meeting", "DE-de")) == ["Meeting_3.wav", "Meeting_1.wav"]
    assert found(words=("abcd2",)) == ["Meeting_2.wav"]
    assert found(words=("abcd-2",)) == ["Meeting_2.wav"]
    assert found(words=("%",)) == []
    assert found(words=("g_3",)) == ["Meeting_3.wav"]
    assert found(words=("gx3",)) == []
    assert found(command="tts") == []
    since = clock.now() - timedelta(minutes=1)
    assert found(since=since) == ["Meeting_3.wav", "Meeting_2.wav"]
    local = since.astimezone(tz=None)
    assert found(since=local) == ["Meeting_3.wav", "Meeting_2.wav"]


def test_words_that_are_no_text_find_nothing_and_break_nothing(
    kept: Kept, stt: Runner
) -> None:
    word = "\udcff"
    done = stt("history", word, "-p", word, "--json")
    assert (done.status, done.text, done.stderr) == (0, "[]\n", "")


def test_a_long_ledger_is_read_in_order_page_by_page(ledger: Ledger) -> None:
    for number in range(450):
        ledger.begin("recognize", "local", f"{number}")
    names = [row.input for row in ledger.search(LedgerQuery())]
    assert names == [str(number) for number in reversed(range(450))]
    assert len(list(ledger.search(LedgerQuery(limit=201)))) == 201


def test_a_bare_row_tells_how_it_ended_and_nothing_else(ledger: Ledger) -> None:
    entry = ledger.begin("recognize", "azure", "a.wav", facts={"region": "north"})
    entry.finish(
        "failed", error=QuotaError("used up", ids=Identifiers.of(session_id=SESSION))
    )
    (whole,) = ledger.search(LedgerQuery())
    (bare,) = ledger.search(LedgerQuery(bare=True))
    assert whole.facts
    assert whole.learned
    assert bare == replace(whole, ids=Identifiers(), learned=(), facts={})


def test_off_keeps_nothing_and_makes_no_file(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    environment = make_environment({"STT_LEDGER": "off"})
    with open_ledger(environment) as ledger:
        entry = ledger.begin("recognize", "local", "a.wav")
        entry.learn(Identifiers.of(session_id=SESSION))
        entry.finish("success")
        assert (ledger.keeps, ledger.notice) == (False, None)
        assert ledger.recent() == []
        assert ledger.find(SESSION) is None
    assert not (stt_home / "state").exists()


def test_the_config_file_turns_it_off_as_well(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    config = stt_home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('ledger = "off"\n')
    environment = make_environment()
    with open_ledger(environment, Settings.load(environment)) as ledger:
        assert not ledger.keeps


def test_a_choice_that_is_none_is_refused(make_environment: EnvironmentFactory) -> None:
    with pytest.raises(ConfigurationError, match="maybe") as caught:
        open_ledger(make_environment({"STT_LEDGER": "maybe"}))
    assert caught.value.hint == (
        "set STT_LEDGER to on, off or postgresql://user:password@host/database"
    )


def test_only_the_owner_may_read_it(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    (stt_home / "state").mkdir(parents=True, mode=0o755)
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "a.wav")
        modes = {
            p.name: p.stat().st_mode & 0o777 for p in (stt_home / "state").iterdir()
        }
    assert (stt_home / "state").stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(
        ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"), 0o600
    )


def test_warn_is_called_with_the_notice(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    (stt_home / "state").mkdir(parents=True)
    (stt_home / "state" / "ledger.sqlite").write_bytes(b"this is no database\n" * 99)
    heard: list[Notice] = []
    with open_ledger(make_environment(), warn=heard.append) as ledger:
        assert heard == [ledger.notice]
