"""What a power cut may not lose is flushed: seen on SQLite's own connection."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest

from stt_cli.core.errors import ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import (
    Ledger,
    NewSubmission,
    OperationRecorder,
    QueueEntry,
    open_ledger,
)
from stt_cli.ledger.sqlite.file import SqliteFile
from tests.state_fixtures import EnvironmentFactory

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
NORMAL, FULL = 1, 2  # PRAGMA synchronous (SQLite, "Pragma statements")


class _Watch:
    """The ledger's connection, and how each of its commits was flushed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._writes = False
        self.levels: list[int] = []
        connection.set_trace_callback(self._seen)

    def _seen(self, statement: str) -> None:
        if _WRITES.match(statement):
            self._writes = True
        elif statement == "COMMIT" and self._writes:
            self._writes = False
            # A pragma that is asked for within the transaction tells its level.
            self._connection.set_trace_callback(None)
            (level,) = self._connection.execute("PRAGMA synchronous").fetchone()
            self._connection.set_trace_callback(self._seen)
            self.levels.append(level)


@pytest.fixture
def watched(
    make_environment: EnvironmentFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Ledger, _Watch]]:
    watches: list[_Watch] = []
    begin = SqliteFile.__init__

    def watching(self: SqliteFile, *given: object) -> None:
        begin(self, *given)  # type: ignore[arg-type]
        watches.append(_Watch(self.connection))

    monkeypatch.setattr(SqliteFile, "__init__", watching)
    with open_ledger(make_environment()) as ledger:
        (watch,) = watches
        watch.levels.clear()
        yield ledger, watch


def _planned(ledger: Ledger) -> OperationRecorder:
    entry = QueueEntry("b", 0, "file:///a.wav", "{}")
    (recorder,) = ledger.enqueue("batch submit", "azure", [NewSubmission("a", entry)])
    return recorder


IDS = Identifiers.of(request_id="r-1")
Change = Callable[[OperationRecorder], object]


@pytest.mark.parametrize(
    ("change", "level"),
    [
        # Before a request is sent, and when the service has taken it.
        (lambda it: it.record_step("upload", IDS), FULL),
        (lambda it: it.record_step("upload", Identifiers()), FULL),
        (lambda it: it.record_job("j", IDS, "queued"), FULL),
        (lambda it: it.record_job("j", Identifiers(), "queued"), FULL),
        # An ID may be all that finds again what is paid for.
        (lambda it: it.learn(IDS), FULL),
        (lambda it: it.finish("failed", error=ProviderError("no", ids=IDS)), FULL),
        (lambda it: it.set_status("running", flush=True), FULL),
        # At worst the last status is lost: it is asked for again.
        (lambda it: it.set_status("running"), NORMAL),
        (lambda it: it.note(region="north"), NORMAL),
        (lambda it: it.finish("success"), NORMAL),
    ],
)
def test_what_is_flushed_when_it_is_written(
    watched: tuple[Ledger, _Watch], change: Change, level: int
) -> None:
    ledger, watch = watched
    recorder = ledger.begin("batch submit", "azure", "a.wav")
    watch.levels.clear()
    change(recorder)
    assert watch.levels == [level]


def test_a_list_is_flushed_before_anything_of_it_is_sent(
    watched: tuple[Ledger, _Watch],
) -> None:
    ledger, watch = watched
    _planned(ledger)
    assert watch.levels == [FULL]


@pytest.mark.parametrize(("ids", "level"), [(IDS, FULL), (Identifiers(), NORMAL)])
def test_an_operation_that_begins_with_ids_is_flushed(
    watched: tuple[Ledger, _Watch], ids: Identifiers, level: int
) -> None:
    ledger, watch = watched
    ledger.begin("recognize", "azure", "a.wav", ids=ids)
    assert watch.levels == [level]


def test_one_change_that_wants_it_flushes_after_another_that_does_not(
    watched: tuple[Ledger, _Watch],
) -> None:
    ledger, watch = watched
    recorder = ledger.begin("recognize", "azure", "a.wav")
    recorder.learn(IDS)
    recorder.note(region="north")
    recorder.learn(Identifiers.of(request_id="r-2"))
    assert watch.levels == [NORMAL, FULL, NORMAL, FULL]
