"""No command hangs, loops, eats the memory or falls over, whatever it is answered.

Every request of every scenario is answered badly in a few ways, which change from one
to the next. ``python -m tests.worst_cases`` tries them all.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable, Sequence
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest

from stt_cli.audio.wav import pcm_header
from tests.emulating import emulated
from tests.worst_answers import (
    NEVER,
    SOCKETS,
    STATUSES,
    STREAMS,
    Conversation,
    Wrong,
    worst,
)
from tests.worst_cases import (
    MOST_MEMORY,
    MOST_REQUESTS,
    SCENARIOS,
    Scenario,
    run_scenario,
)

_AT_A_TIME = 1
_SECONDS = 60.0
_LARGE = ("endless body", "endless refusal", "bomb")


def tried(scenario: Scenario, url: str, folder: Path, at: int, wrong: Wrong) -> None:
    began = time.monotonic()
    with worst(url, at, wrong) as server:
        status, stderr = run_scenario(scenario, server.url, folder)
    assert status != 1, stderr
    assert len(server.requests) <= MOST_REQUESTS
    assert time.monotonic() - began < _SECONDS


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.conformance("CO-20")
def test_a_command_ends_whatever_its_requests_are_answered(
    name: str, tmp_path: Path
) -> None:
    scenario = SCENARIOS[name]
    turn = count(sum(map(ord, name)))
    kinds = [wrong for kind, wrong in STATUSES.items() if kind != "200 nested"]
    with emulated(scenario.provider) as service:
        with worst(service.url, NEVER, STATUSES["500"]) as server:
            status, stderr = run_scenario(scenario, server.url, tmp_path)
        assert status in (0, 2, 3), stderr
        for at in range(len(server.requests)):
            for _ in range(_AT_A_TIME):
                wrong = kinds[next(turn) % len(kinds)]
                tried(scenario, service.url, tmp_path, at, wrong)


def in_turn(kinds: Iterable[str], scenarios: Sequence[Scenario]) -> list[Any]:
    """Pair each kind with one of the scenarios."""
    return [
        pytest.param(scenario, kind, id=f"{scenario.name}-{kind}")
        for kind, scenario in zip(kinds, cycle(scenarios), strict=False)
    ]


_FIRST = [
    scenario
    for scenario in SCENARIOS.values()
    if scenario.command[0] == "doctor" or "rest" in scenario.command
]
_SOCKETS = [scenario for scenario in SCENARIOS.values() if scenario.sockets]
_OF_WATSON = "watson recognize  --transport websocket"
_SONIOX, _WATSON = SCENARIOS["soniox recognize"], SCENARIOS[_OF_WATSON]


@pytest.mark.parametrize(("scenario", "kind"), in_turn(STREAMS, _FIRST))
def test_an_answer_without_end_is_given_up(
    scenario: Scenario, kind: str, tmp_path: Path
) -> None:
    with emulated(scenario.provider) as service:
        if kind in _LARGE:
            tracemalloc.start()
        try:
            tried(scenario, service.url, tmp_path, 0, STREAMS[kind])
            peak = tracemalloc.get_traced_memory()[1] if kind in _LARGE else 0
        finally:
            tracemalloc.stop()
    assert peak < MOST_MEMORY


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        *in_turn(SOCKETS, _SOCKETS),
        # Once these hung.
        *in_turn(["empty fragments", "empty objects", "pongs, deaf"], [_SONIOX]),
        *in_turn(["pings, deaf", "nulls"], [_WATSON]),
    ],
)
def test_a_websocket_that_says_nothing_is_given_up(
    scenario: Scenario, kind: str, tmp_path: Path
) -> None:
    with emulated(scenario.provider) as service:
        at = 1 if scenario.provider in ("bing", "watson") else 0  # after the token
        tried(scenario, service.url, tmp_path, at, SOCKETS[kind])


def dripping_speech(talk: Conversation) -> None:
    """Begin as speech does, and go on with a byte at a time."""
    talk.say(b"HTTP/1.1 200 OK\r\nContent-Type: audio/x-wav\r\n\r\n")
    talk.say(pcm_header(24_000))
    talk.for_ever(b"\0", 0.02)


@pytest.mark.parametrize("provider", ["azure", "watson", "soniox"])
def test_speech_that_drips_for_ever_is_given_up(provider: str, tmp_path: Path) -> None:
    scenario = Scenario(provider, ("tts", "Good day to you.", "-o", "OUT"))
    at = 1 if provider == "watson" else 0  # after the token
    with (
        emulated(provider) as service,
        worst(service.url, at, dripping_speech) as server,
    ):
        status, stderr = run_scenario(scenario, server.url, tmp_path)
    assert status == 8
    assert "the response was too slow" in stderr


def test_a_service_that_finds_all_speech_too_long_is_asked_a_few_times(
    tmp_path: Path,
) -> None:
    scenario = Scenario("bing", ("tts", "word " * 150, "-o", "OUT"))
    with emulated("bing") as service, worst(service.url, 1, STATUSES["413"]) as server:
        status, stderr = run_scenario(scenario, server.url, tmp_path)
    assert status == 2, stderr
    assert 1 < len(server.requests) < 20
