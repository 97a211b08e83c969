"""Both stores find the same, whatever the database takes for equal letters."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger import Ledger, LedgerQuery, open_ledger
from tests.postgres_server import PostgresServer
from tests.state_fixtures import Clock, EnvironmentFactory

# Patterns' own characters, letters with several lower cases, and what is no text.
ALPHABET = "aAbBzZäÄßẞıİiI%_\\'\"?$1-. \x00\udcff\N{KELVIN SIGN}k"
FIRST_WITH_ICU = 15


def fill(ledger: Ledger) -> Ledger:
    chance = random.Random(20261120)

    def text() -> str:
        return "".join(chance.choices(ALPHABET, k=chance.randrange(1, 8)))

    for number in range(60):
        entry = ledger.begin(text(), text(), f"{number} {text()}")
        entry.learn(Identifiers.of(session_id=text(), request_id=text()), note=text())
        if number % 3 == 0:
            entry.finish(text())
    return ledger


@pytest.fixture(scope="module", params=["C", "de"])
def database(request: pytest.FixtureRequest, postgres: PostgresServer) -> str:
    """Return the address of a database with that idea of letters."""
    name = f"letters_{request.param.lower()}"
    locale = "LOCALE 'C'"
    ((version,),) = postgres.execute("SHOW server_version")
    if request.param != "C" and int(version.partition(".")[0]) >= FIRST_WITH_ICU:
        locale += " LOCALE_PROVIDER icu ICU_LOCALE 'de'"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0 {locale}")
    return postgres.address(database=name)


@pytest.fixture
def both(
    database: str,
    make_environment: EnvironmentFactory,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Ledger, Ledger]]:
    """The same rows in a file and on a server."""
    monkeypatch.setattr(
        "stt_cli.ledger.postgres.opening.origin", lambda _environment: {}
    )
    with (
        open_ledger(make_environment(now=clock.now)) as file,
        open_ledger(
            make_environment({"STT_LEDGER": database}, now=clock.now)
        ) as server,
    ):
        yield fill(file), fill(server)
        assert (file.notice, server.notice) == (None, None)


def test_the_same_words_find_the_same_operations(both: tuple[Ledger, Ledger]) -> None:
    found: list[int] = []

    def inputs(ledger: Ledger, query: LedgerQuery) -> list[str | None]:
        return [row.input for row in ledger.search(query)]

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(
        words=st.lists(st.text(ALPHABET, min_size=1, max_size=3), max_size=2),
        open_only=st.booleans(),
        limit=st.none() | st.integers(0, 20),
    )
    def ask(words: list[str], open_only: bool, limit: int | None) -> None:
        query = LedgerQuery(words=tuple(words), open_only=open_only, limit=limit)
        file, server = (inputs(ledger, query) for ledger in both)
        assert file == server
        found.append(len(file))

    ask()
    assert sum(found) > len(found)
    file, server = both
    for row in file.search(LedgerQuery()):
        for each in row.learned:
            twin = server.find(each.value)
            assert twin is not None
            mine = file.find(each.value)
            assert mine is not None
            assert twin.input == mine.input
