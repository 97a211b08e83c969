"""The network in front of the emulators: chaos by a seed, and lost answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stt_cli.core.errors import UsageError
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.network_faults import Chaos, Trouble
from stt_cli.emulator.server import running

ANSWER = "All is well. " * 20


class Shop:
    """A server that counts what it did."""

    def __init__(self) -> None:
        self.done = 0
        self.log: list[str] = []

    async def order(self, request: Request) -> Response:
        await request.body()
        self.done += 1
        return PlainTextResponse(ANSWER)

    @contextmanager
    def open(self, *faults: str) -> Iterator[str]:
        config = EmulatorConfig(faults=FaultPlan(faults), log=self.log.append)
        app = Starlette(routes=[Route("/", self.order, methods=["GET", "POST"])])
        with running(app, config) as url:
            yield url


def outcome(library: httpx.Client, url: str) -> str:
    """Return a word for what came of one order."""
    try:
        answer = library.post(url, content=bytes(200_000))
    except httpx.TransportError:
        return "broken"
    after = " later" if "Retry-After" in answer.headers else ""
    assert (answer.status_code == 200) == (answer.text == ANSWER)
    return f"{answer.status_code}{after}"


def test_the_same_seed_brings_the_same_troubles() -> None:
    one, two, other = Chaos(7, 0.5), Chaos(7, 0.5), Chaos(8, 0.5)
    drawn = [one.draw() for _ in range(200)]
    assert [two.draw() for _ in range(200)] == drawn
    assert [other.draw() for _ in range(200)] != drawn
    assert {trouble for trouble, _how in drawn} == {None, *Trouble}
    assert 60 < sum(trouble is not None for trouble, _how in drawn) < 140


def test_no_share_troubles_nobody_and_a_whole_one_everybody() -> None:
    never, always = Chaos(7, 0.0), Chaos(7, 1.0)
    assert all(never.draw()[0] is None for _ in range(100))
    assert all(always.draw()[0] is not None for _ in range(100))


def test_chaos_does_all_that_a_network_and_a_busy_service_do() -> None:
    shop = Shop()
    with shop.open("chaos:3:0.9") as url, httpx.Client(trust_env=False) as library:
        seen = Counter(outcome(library, url) for _ in range(60))
    assert set(seen) == {
        "200", "broken", "429", "429 later", "500", "502", "503 later", "504",
    }  # fmt: skip
    told = Counter(line for line in shop.log if line.startswith("chaos: "))
    assert set(told) == {f"chaos: POST / {trouble}" for trouble in Trouble}
    # Some were done although the client was told nothing, or worse.
    lost = Counter(
        {t: n for t, n in told.items() if "done, but" in t or "stalled" in t}
    )
    untroubled = 60 - told.total()
    assert shop.done == untroubled + lost.total()


def test_an_answer_is_lost_that_often_and_its_request_is_done() -> None:
    shop = Shop()
    with shop.open("lose-answer:2") as url, httpx.Client(trust_env=False) as library:
        assert library.get(url).status_code == 200  # nothing is written by it
        seen = [outcome(library, url) for _ in range(3)]
    assert seen == ["broken", "broken", "200"]
    assert shop.done == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chaos", r"is chaos:SEED\[:RATE\]"),
        ("chaos:1:1.5", "the RATE of chaos must be from 0 to 1"),
        ("chaos:x", "is chaos"),
    ],
)
def test_a_wrong_wish_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        FaultPlan([text])
