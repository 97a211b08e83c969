"""Whatever is wrong with the file or the disk: the run goes on, nothing is deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stt_cli.core.events import Notice
from stt_cli.ledger import LedgerQuery, open_ledger
from tests.state_fixtures import EnvironmentFactory


@pytest.fixture
def path(stt_home: Path) -> Path:
    folder = stt_home / "state"
    folder.mkdir(parents=True)
    return folder / "ledger.sqlite"


def fill(make_environment: EnvironmentFactory, count: int = 1) -> None:
    with open_ledger(make_environment()) as ledger:
        for number in range(count):
            entry = ledger.begin("recognize", "local", f"{number:0999}.wav")
            entry.note(region="north")


@pytest.mark.parametrize(
    "contents", [b"no database at all" * 60, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_a_file_that_is_no_ledger_is_kept_aside(
    make_environment: EnvironmentFactory, path: Path, contents: bytes
) -> None:
    path.write_bytes(contents)
    with open_ledger(make_environment()) as ledger:
        notice = ledger.notice
        assert notice is not None
        assert "damaged" in notice.message
        ledger.begin("recognize", "local", "a.wav")
        assert len(ledger.recent(9)) == 1
    aside = [p for p in path.parent.iterdir() if ".damaged-" in p.name]
    assert [p.read_bytes() for p in aside] == [contents]
    assert notice.hint == f"the old one was saved as {aside[0]}"


def test_an_empty_file_becomes_a_ledger(
    make_environment: EnvironmentFactory, path: Path
) -> None:
    path.touch()
    fill(make_environment)
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is None
        assert len(ledger.recent(9)) == 1


def test_damage_met_in_the_middle_begins_a_new_ledger(
    make_environment: EnvironmentFactory, path: Path
) -> None:
    fill(make_environment, 60)
    folded = sqlite3.connect(path)
    folded.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folded.close()
    contents = bytearray(path.read_bytes())
    page = int.from_bytes(contents[16:18], "big")
    # The schema stays readable; all tables and indices are garbage.
    contents[page * 2 :] = b"\xa5" * len(contents[page * 2 :])
    path.write_bytes(contents)
    heard: list[Notice] = []
    with open_ledger(make_environment(), warn=heard.append) as ledger:
        ledger.begin("recognize", "local", "new.wav")
        assert ["damaged" in notice.message for notice in heard] == [True]
        assert [row.input for row in ledger.search(LedgerQuery())] == ["new.wav"]
    assert [p.read_bytes() for p in path.parent.glob("*.damaged-*[0-9]")] == [contents]


def test_a_later_versions_ledger_is_left_alone(
    make_environment: EnvironmentFactory, path: Path
) -> None:
    fill(make_environment)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE ledger_version SET version = 99")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with open_ledger(make_environment()) as ledger:
        ledger.begin("recognize", "local", "a.wav")
        assert ledger.notice is not None
        assert "newer version" in ledger.notice.message
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_told(
    make_environment: EnvironmentFactory, path: Path
) -> None:
    path.mkdir()
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is not None
        assert "this run is not recorded" in ledger.notice.message
        assert not ledger.keeps


def test_a_file_where_the_folder_should_be_is_told(
    make_environment: EnvironmentFactory, stt_home: Path
) -> None:
    stt_home.mkdir()
    (stt_home / "state").write_text("")
    with open_ledger(make_environment()) as ledger:
        assert ledger.notice is not None
        assert not ledger.keeps


def test_a_statement_without_end_is_given_up(
    make_environment: EnvironmentFactory, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_environment)
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute(
            "CREATE TRIGGER endless AFTER INSERT ON operations BEGIN "
            "UPDATE operations SET status = (WITH RECURSIVE numbers(n) AS "
            "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers) "
            "SELECT max(n) FROM numbers); "
            "END"
        )
    monkeypatch.setattr("stt_cli.ledger.sqlite.file._LONGEST_S", 0.2)
    heard: list[Notice] = []
    with open_ledger(make_environment(), warn=heard.append) as ledger:
        ledger.begin("recognize", "local", "b.wav").note(region="south")
    (notice,) = heard
    assert "takes too long" in notice.message
    with closing(sqlite3.connect(path)) as kept:
        assert kept.execute("SELECT count(*) FROM operations").fetchone() == (1,)
