"""The feed of a stream: every byte once, again from any place, never held up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import pytest

from stt_cli.core.environment import Environment
from stt_cli.core.errors import AudioError
from stt_cli.core.options import Pace
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.providers.audio_feed import AudioFeed, BareSink
from stt_cli.providers.pacing import Pacer

BLOCK = 3200
PCM = bytes(i % 251 for i in range(20 * BLOCK))


class Wire:
    """A connection that keeps what it gets; ``break_after`` messages it is gone."""

    def __init__(self, break_after: int = 10**9) -> None:
        self.audio = bytearray()
        self.ended = threading.Event()
        self._left = break_after

    def send_binaries(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            self._left -= 1
            if self._left < 0:
                raise ConnectionBroken(None)
            self.audio += message

    def send_text(self, text: str) -> None:
        assert text == "end"
        self.ended.set()


def blocks() -> Iterator[bytes]:
    for at in range(0, len(PCM), BLOCK):
        yield PCM[at : at + BLOCK]


def feed(
    open_blocks: Callable[[], Iterator[bytes]] = blocks,
    *,
    live: bool = False,
    pacer: Pacer | None = None,
) -> AudioFeed:
    return AudioFeed(
        open_blocks,
        live=live,
        pacer=pacer or Pacer(0.0, float("inf")),
        environment=Environment.of_this_process(),
    )


def attach(one: AudioFeed, wire: Wire, position: int = 0) -> int:
    begins = one.position_for(position)
    connection = cast("WebSocketConnection", cast("Any", wire))
    one.attach(BareSink(connection, "end"), begins)
    return begins


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_all_audio_goes_out_once_and_then_the_end() -> None:
    one, wire = feed(), Wire()
    one.start()
    one.wait_for_audio()
    assert attach(one, wire) == 0
    assert wire.ended.wait(60)
    until(lambda: one.has_ended)
    assert bytes(wire.audio) == PCM
    assert one.length == len(PCM)
    one.close()


def test_another_connection_begins_where_the_results_ended() -> None:
    one, first, second = feed(), Wire(break_after=8), Wire()
    one.start()
    one.wait_for_audio()
    attach(one, first)
    until(lambda: len(first.audio) == 8 * BLOCK)
    one.acknowledge(5 * BLOCK)
    one.detach()
    assert attach(one, second, 5 * BLOCK) == 5 * BLOCK
    assert second.ended.wait(60)
    assert bytes(second.audio) == PCM[5 * BLOCK :]
    one.close()


def test_a_recording_is_read_again_for_what_the_buffer_no_longer_has() -> None:
    one, first, second = feed(), Wire(), Wire()
    one.start()
    one.wait_for_audio()
    attach(one, first)
    assert first.ended.wait(60)
    one.acknowledge(15 * BLOCK)
    assert attach(one, second, 2 * BLOCK) == 2 * BLOCK
    assert second.ended.wait(60)
    assert bytes(second.audio) == PCM[2 * BLOCK :]
    one.close()


def test_live_audio_that_is_gone_is_lost_and_said_to_be() -> None:
    one, first, second = feed(live=True), Wire(break_after=10), Wire()
    one.start()
    one.wait_for_audio()
    attach(one, first)
    until(lambda: len(first.audio) == 10 * BLOCK)
    one.acknowledge(6 * BLOCK)
    assert attach(one, second, 0) == 6 * BLOCK
    assert second.ended.wait(60)
    assert bytes(second.audio) == PCM[6 * BLOCK :]
    one.close()


def test_a_result_beyond_what_was_sent_harms_nothing() -> None:
    one, first, second = feed(live=True), Wire(break_after=4), Wire()
    one.start()
    one.wait_for_audio()
    attach(one, first)
    until(lambda: len(first.audio) == 4 * BLOCK)
    one.acknowledge(10**9)
    attach(one, second, 4 * BLOCK)
    assert second.ended.wait(60)
    assert bytes(second.audio) == PCM[4 * BLOCK :]
    one.close()


def test_a_pause_in_the_input_holds_up_nothing_that_was_read() -> None:
    go_on = threading.Event()

    def pausing() -> Iterator[bytes]:
        yield PCM[:BLOCK]
        go_on.wait(60)
        yield PCM[BLOCK : 2 * BLOCK]

    one, wire = feed(pausing, live=True), Wire()
    one.start()
    one.wait_for_audio()
    time.sleep(0.05)  # the reader waits for more already
    attach(one, wire)
    until(lambda: len(wire.audio) == BLOCK)
    assert not wire.ended.is_set()
    go_on.set()
    assert wire.ended.wait(60)
    assert bytes(wire.audio) == PCM[: 2 * BLOCK]
    one.close()


def broken_at_once() -> Iterator[bytes]:
    raise AudioError("unreadable")


def broken_later() -> Iterator[bytes]:
    yield PCM[:BLOCK]
    raise AudioError("unreadable")


def test_an_unreadable_input_is_told_before_any_connection() -> None:
    one = feed(broken_at_once)
    one.start()
    with pytest.raises(AudioError):
        one.wait_for_audio()
    one.close()


def test_a_fault_in_the_middle_ends_the_audio_and_is_kept_for_the_receiver() -> None:
    one, wire = feed(broken_later), Wire()
    one.start()
    one.wait_for_audio()
    attach(one, wire)
    assert wire.ended.wait(60)  # what was read is to get its result
    assert bytes(wire.audio) == PCM[:BLOCK]
    one.close()
    assert isinstance(one.fault, AudioError)


def test_pacing_is_kept() -> None:
    fast = Pacer.of(Pace.FAST, live=False, ahead=1.0, speed=1.0)
    auto = Pacer.of(Pace.AUTO, live=False, ahead=10.0, speed=1.0)
    real = Pacer.of(Pace.REALTIME, live=False, ahead=10.0, speed=4.0)
    live = Pacer.of(Pace.AUTO, live=True, ahead=10.0, speed=1.0)
    assert [p.delay(12.0, 1.0) for p in (fast, auto, real, live)] == [0, 1, 11, 0]
    one, wire = feed(pacer=Pacer(1.5, 1.0)), Wire()
    one.start()
    one.wait_for_audio()
    began = time.monotonic()
    attach(one, wire)
    assert wire.ended.wait(60)
    assert time.monotonic() - began >= 0.4
    one.close()
