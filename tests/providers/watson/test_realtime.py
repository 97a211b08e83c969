"""The WebSocket: many recognitions over one connection, and every way it ends."""

from __future__ import annotations

import json
import queue
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.core.events import Ended
from stt_cli.core.options import RecognizeOptions
from stt_cli.net.websocket import ConnectionBroken
from stt_cli.protocols.watson.realtime import (
    LARGEST_FRAME,
    STOP,
    Audio,
    ClientTurn,
    Listening,
    Refusal,
    Start,
    Stop,
    read_client_message,
    read_message,
)
from stt_cli.providers.audio_feed import AudioFeed
from stt_cli.providers.pacing import Pacer
from stt_cli.providers.watson import realtime
from tests.commands.conftest import silent_wav
from tests.emulating import KEY, emulated
from tests.providers.watson.conftest import Shell
from tests.websocket_client import connect

SAID = ("good day | how are you",)
OVER_SOCKET = ("--transport", "websocket")


@pytest.mark.conformance("WA-14")
def test_the_files_of_a_run_share_one_connection(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, other_wav, *OVER_SOCKET)
        sockets, starts = emulator.all("socket"), emulator.all("start")
        sent = sum(audio["size"] for audio in emulator.all("audio"))
    assert done.status == 0
    assert done.text.count("good day\nhow are you\n") == 2
    assert (len(sockets), len(starts)) == (1, 2)
    assert starts[0]["content_type"].startswith("audio/l16;rate=16000")
    assert starts[0]["values"]["interim_results"] is True
    assert sent == 3 * 32_000  # two seconds and one, to the sample
    shared = f"transaction id: {sockets[0]['X-Global-Transaction-ID']}"
    assert f"{shared} ({wav})\n" in done.stderr
    assert f"{shared} ({other_wav})\n" in done.stderr


@pytest.mark.conformance("WA-14")
def test_partials_come_before_their_result(shell: Shell, wav: Path) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        known = shell.json(emulator, "recognize", wav, *OVER_SOCKET)
        calm = shell.json(emulator, "recognize", wav, *OVER_SOCKET, "--no-interim")
        starts = emulator.all("start")
    assert known["timing"]["first_partial"] is not None
    assert calm["timing"]["first_partial"] is None
    assert "interim_results" not in starts[1]["values"]
    assert known["text"] == calm["text"] == "good day how are you"


@pytest.mark.parametrize(
    ("fault", "status", "word"),
    [
        ("status:401", 0, ""),  # the token is renewed once
        ("status:401:5", 4, "SPEECH_TO_TEXT_APIKEY"),
        ("status:403:5", 4, "SPEECH_TO_TEXT_APIKEY"),
        ("status:503:5", 8, "busy"),
        ("close:1011", 8, "code 1011"),
        ("close:1009", 10, "4 MB"),
        ("drop-after:20000", 8, "lost the connection"),
        ("garbage", 8, "not a JSON object"),
        ("no-turn-end", 8, "lost the connection"),
    ],
)
def test_every_way_it_breaks_is_told_with_ids_and_code(
    shell: Shell, wav: Path, fault: str, status: int, word: str
) -> None:
    with emulated("watson", fault, transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, *OVER_SOCKET)
    assert done.status == status
    assert word in done.stderr
    assert re.search(r"^run id: [0-9a-f]{32}$", done.stderr, re.M)
    if status:
        assert "transaction id: " in done.stderr


def test_a_failed_file_costs_the_next_one_nothing(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson", "close:1011", transcripts=SAID) as emulator:
        done = shell(emulator, "recognize", wav, other_wav, *OVER_SOCKET)
        assert len(emulator.all("socket")) == 2
    assert done.status == 8
    assert "good day\nhow are you\n" in done.text


@pytest.mark.conformance("WA-14")
def test_the_service_takes_both_spellings_early_audio_and_an_empty_stop() -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        connection = _connected(emulator.url)
        connection.send_text(json.dumps({"action": "start", "content_type": "audio/wav",
                                         "foo": 1}))  # fmt: skip
        connection.send_binary(silent_wav(1.0))  # before `listening`
        connection.send_binary(b"")
        heard = [json.loads(connection.receive(10)) for _ in range(4)]
        connection.close()
    assert heard[0] == {"warnings": ["Unknown arguments: foo."]}
    assert heard[1] == heard[3] == {"state": "listening"}
    assert len(heard[2]["results"]) == 2


@pytest.mark.conformance("WA-14")
def test_a_frame_over_4_mb_and_silence_on_the_line_end_a_connection() -> None:
    with emulated("watson", "idle-timeout:0.3", transcripts=SAID) as emulator:
        large = _connected(emulator.url)
        large.send_text(json.dumps({"action": "start", "content-type": "audio/wav"}))
        large.receive(10)
        large.send_binary(bytes(LARGEST_FRAME + 1))
        with pytest.raises(ConnectionBroken) as closed:
            large.receive(10)
        large.close()
        idle = _connected(emulator.url)
        words = json.loads(idle.receive(10))
        with pytest.raises(ConnectionBroken) as timed_out:
            idle.receive(10)
        idle.close()
    assert closed.value.code == 1009
    assert "no data received in the last 30 seconds" in words["error"]
    assert timed_out.value.code == 1011
    assert "previous message" in timed_out.value.reason


def _connected(url: str):  # type: ignore[no-untyped-def]
    address = url.replace("http", "ws", 1) + "/v1/recognize"
    return connect(address, {"Authorization": f"Bearer {KEY}"})


class _Quick:
    """A connection whose answer to the stop is there before the stop is sent."""

    def __init__(self) -> None:
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def send_text(self, text: str) -> None:
        if text == STOP:
            self._said.put(json.dumps({"results": [], "result_index": 0}))
        self._said.put(json.dumps({"state": "listening"}))
        if text == STOP:
            time.sleep(0.3)  # the sending thread learns late that it has sent

    def send_binaries(self, messages: Sequence[bytes]) -> None:
        return

    def receive(self, timeout: float) -> str:
        try:
            return self._said.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError from None


@pytest.mark.conformance("WA-14")
def test_an_answer_that_overtakes_the_stop_ends_the_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(realtime, "_SILENCE_SECONDS", 1.0)
    connection: Any = _Quick()
    feed = AudioFeed(
        lambda: iter([bytes(3_200)]),
        live=False,
        pacer=Pacer(0.0, float("inf")),
        environment=Environment.of_this_process(),
    )
    feed.start()
    try:
        events = list(
            realtime._turn(connection, feed, {}, RecognizeOptions(), time.monotonic)
        )
    finally:
        feed.close()
    assert isinstance(events[-1], Ended)


class TestTheClientsTurn:
    def test_listening_ends_it_only_after_a_stop(self) -> None:
        turn = ClientTurn()
        assert isinstance(turn.receive('{"state": "listening"}'), Listening)
        assert not turn.is_over
        turn.stop_sent()
        turn.receive('{"results": []}')
        assert not turn.is_over
        turn.receive('{"state": "listening"}')
        assert turn.is_over


@given(st.text() | st.binary())
def test_whatever_a_service_sends_is_read_or_refused(data: str | bytes) -> None:
    with suppress(SttError):
        assert read_message(data) is not None


@given(st.text() | st.binary(max_size=64))
def test_whatever_a_client_sends_is_read(data: str | bytes) -> None:
    message = read_client_message(data)
    if isinstance(data, bytes):
        assert isinstance(message, Stop if not data else Audio)
    else:
        assert isinstance(message, Refusal | Start | Stop) or "action" in data
