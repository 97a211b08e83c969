"""A ledger of an earlier version goes through each later step once, in order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import open_ledger, sqlite_store
from stt_cli.ledger.schema import MIGRATIONS
from tests.state_fixtures import Worlds

LATER = (
    "ALTER TABLE operations ADD COLUMN later TEXT; UPDATE operations SET later = 'x'",
    "CREATE TABLE steps (name TEXT NOT NULL); INSERT INTO steps SELECT later "
    "FROM operations",
)


def read(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture
def path(world: Worlds, own_world: Path) -> Path:
    with open_ledger(world()) as ledger:
        entry = ledger.begin("recognize", "local", "a.wav")
        entry.learn(Identifiers.of(session_id="abc"))
    return own_world / "state" / "ledger.sqlite"


def test_later_steps_change_the_tables_and_keep_the_rows(
    world: Worlds, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "MIGRATIONS", (*MIGRATIONS, *LATER))
    for _ in range(2):
        with open_ledger(world()) as ledger:
            assert ledger.notice is None
            row = ledger.find("abc")
            assert row is not None
            assert row.input == "a.wav"
            ledger.begin("recognize", "local", "b.wav").note(region="north")
            assert ledger.recent()[0].facts == {"region": "north"}
    assert read(path, "SELECT name FROM steps") == [("x",)]
    assert read(path, "SELECT version FROM ledger_version") == [(len(MIGRATIONS) + 2,)]


def test_a_step_that_fails_changes_nothing(
    world: Worlds, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (*MIGRATIONS, LATER[0], "INSERT INTO nowhere VALUES (1)")
    with monkeypatch.context() as patched:
        patched.setattr(sqlite_store, "MIGRATIONS", steps)
        with open_ledger(world()) as ledger:
            assert ledger.notice is not None
            assert "no such table: nowhere" in ledger.notice.message
    assert read(path, "SELECT version FROM ledger_version") == [(len(MIGRATIONS),)]
    with open_ledger(world()) as ledger:
        assert ledger.notice is None
        assert ledger.find("abc") is not None
