"""A ledger of an earlier version goes through each later step once, in order."""

from __future__ import annotations

import json
import threading

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger
from stt_cli.ledger.migrations import MIGRATIONS, masked_submission
from tests.ledger.conftest import Kept
from tests.state_fixtures import EnvironmentFactory

LATER = (
    "ALTER TABLE operations ADD COLUMN later TEXT; UPDATE operations SET later = 'x'",
    "CREATE TABLE steps (name TEXT NOT NULL); INSERT INTO steps SELECT later "
    "FROM operations",
)


def with_steps(patched: pytest.MonkeyPatch, *steps: str) -> None:
    """Let either store know of later steps."""
    for store in ("sqlite", "postgres"):
        patched.setattr(
            f"stt_cli.ledger.{store}.store.MIGRATIONS", (*MIGRATIONS, *steps)
        )


@pytest.fixture(autouse=True)
def earlier(make_environment: EnvironmentFactory, kept: Kept) -> None:
    """A ledger of today's version, with a row."""
    with open_ledger(make_environment()) as ledger:
        entry = ledger.begin("recognize", "local", "a.wav")
        entry.learn(Identifiers.of(session_id="abc"))


def test_later_steps_change_the_tables_and_keep_the_rows(
    make_environment: EnvironmentFactory, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_steps(monkeypatch, *LATER)
    for _ in range(2):
        with open_ledger(make_environment()) as ledger:
            assert ledger.notice is None
            row = ledger.find("abc")
            assert row is not None
            assert row.input == "a.wav"
            ledger.begin("recognize", "local", "b.wav").note(region="north")
            assert ledger.recent()[0].facts == {"region": "north", **kept.own}
    assert kept.read("SELECT name FROM steps") == [("x",)]
    assert kept.read("SELECT version FROM ledger_version") == [(len(MIGRATIONS) + 2,)]


def test_a_step_that_fails_changes_nothing(
    make_environment: EnvironmentFactory, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        with_steps(patched, LATER[0], "INSERT INTO nowhere VALUES (1)")
        with open_ledger(make_environment()) as ledger:
            assert ledger.notice is not None
            assert "nowhere" in ledger.notice.message
    assert kept.read("SELECT version FROM ledger_version") == [(len(MIGRATIONS),)]
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is None
        assert ledger.find("abc") is not None


def test_a_later_versions_ledger_is_left_alone(
    make_environment: EnvironmentFactory, kept: Kept
) -> None:
    kept.write("UPDATE ledger_version SET version = 99")
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "b.wav")
        assert ledger.notice is not None
        assert "newer version" in ledger.notice.message
    assert kept.read("SELECT input FROM operations") == [("a.wav",)]


def test_several_that_come_first_all_find_the_tables(
    make_environment: EnvironmentFactory, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_steps(monkeypatch, *LATER)
    notices: list[object] = []
    barrier = threading.Barrier(6)

    def come() -> None:
        barrier.wait()
        with open_ledger(make_environment()) as ledger:
            ledger.begin("recognize", "local", "b.wav")
            notices.append(ledger.notice)

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notices == [None] * 6
    assert kept.read("SELECT count(*) FROM operations") == [(7,)]
    assert kept.read("SELECT name FROM steps") == [("x",)]


SECRET = "S3cret"
URL = f"https://me:{SECRET}@b.s3.example/a.wav?X-Amz-Signature={SECRET}"
CONNECTION = f"file:///x/A%3BSharedAccessSignature%3Dsv%3D1%26sig%3D{SECRET}"
OPTIONS = json.dumps(
    {
        "name": "Monday",
        "webhook_url": f"https://hook.example/?t={SECRET}",
        "recognition": {"params": {"to": [f"https://c/?sig={SECRET}"], "a": ["b"]}},
    }
)


def test_secrets_that_earlier_versions_kept_are_masked(
    make_environment: EnvironmentFactory, kept: Kept
) -> None:
    for sql in (
        f"UPDATE operations SET input = '{URL}', error = 'no way to {URL}'",
        "INSERT INTO facts (operation, name, value) "
        f"SELECT key, 'request', 'GET {URL}' FROM operations",
        "INSERT INTO identifiers "
        "(operation, position, kind, value, folded, learned_at) "
        f"SELECT key, 9, 'odd_id', '{URL}', '{URL}', started FROM operations",
        "INSERT INTO submissions (operation, batch, position, source, options) "
        f"SELECT key, 'b', 0, '{URL}', '{OPTIONS}' FROM operations",
        "UPDATE ledger_version SET version = 2",
    ):
        kept.write(sql)
    assert SECRET.encode() in kept.contents()
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is None
        (row,) = ledger.recent()
    assert row.input == "https://***@b.s3.example/a.wav?X-Amz-Signature=***"
    assert row.facts["request"] == f"GET {row.input}"
    assert row.ids.get("odd_id") == row.input
    entry = row.queue_entry
    assert entry is not None
    assert json.loads(entry.options) == {
        "name": "Monday",
        "recognition": {"params": {"a": ["b"]}},
        "withheld": ["source", "to", "webhook_url"],
    }
    # Neither in a table, nor in what SQLite has freed or logged.
    assert SECRET.encode() not in kept.contents()
    assert kept.read("SELECT version FROM ledger_version") == [(len(MIGRATIONS),)]


@pytest.mark.parametrize(
    ("source", "options", "kept"),
    [
        ("file:///a.wav", "{}", ("file:///a.wav", "{}")),
        ("https://h/a.wav", '{"name":"x"}', ("https://h/a.wav", '{"name":"x"}')),
        (
            CONNECTION,
            "{}",
            ("file:///x/A;SharedAccessSignature=***", '{"withheld":["source"]}'),
        ),
        (None, None, (None, None)),
        (b"\xff", f"no JSON sig={SECRET}", (b"\xff", "no JSON sig=***")),
        ("file:///a.wav", "[" * 9_000, ("file:///a.wav", "[" * 9_000)),
        ("file:///a.wav", "[]", ("file:///a.wav", "[]")),
    ],
)
def test_what_is_withheld_of_a_submission(
    source: object, options: object, kept: tuple[object, object]
) -> None:
    assert masked_submission(source, options) == kept
    assert masked_submission(*kept) == kept
