"""The emulated service refuses what the real one refuses, over a real socket."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.net.websocket_handshake import HandshakeRejected
from stt_cli.protocols.usp.framing import parse
from stt_cli.protocols.usp.messages import riff_header
from tests.conftest import Runner
from tests.providers.azure.realtime_kit import Service, serving, tone
from tests.websocket_client import connect

SESSION = "9f4ffa5113a846eba289aa98b28e766f"
TURN = "123e4567e89b12d3a456426655440000"
NOW = "2026-11-20T14:03:05.1234567Z"
PATH = "/speech/recognition/interactive/cognitiveservices/v1?language=en-US"
CONFIG = {
    "context": {
        "system": {"version": "1"},
        "os": {"platform": "Linux", "name": "Debian", "version": "12"},
        "device": {"manufacturer": "a", "model": "b", "version": "c"},
    }
}


@pytest.fixture(scope="module")
def azure() -> Iterator[Service]:
    with serving("Hello.", key="swordfish") as service:
        yield service


@pytest.fixture(scope="module")
def bing() -> Iterator[Service]:
    with serving("Hello.", bing=True) as service:
        yield service


def open_socket(service: Service, path: str = PATH, **headers: str) -> Any:
    given = {"X-ConnectionId": SESSION, "Ocp-Apim-Subscription-Key": "swordfish"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return connect(service.base_url + path, {**given, **named}, timeout=60)


def text(path: str, body: Any, **headers: str) -> str:
    given = {"Path": path, "X-RequestId": TURN, "X-Timestamp": NOW, **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"{lines.replace('_', '-')}\r\n{json.dumps(body)}"


def audio(data: bytes, **headers: str) -> bytes:
    given = {"Path": "audio", "X-RequestId": TURN, "X-Timestamp": NOW, **headers}
    lines = "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in given.items() if v)
    return len(lines).to_bytes(2, "big") + lines.encode() + data


def ending(connection: WebSocketConnection) -> tuple[int | None, str]:
    """Return close code and reason, whatever comes before."""
    try:
        while True:
            connection.receive(60)
    except ConnectionBroken as end:
        connection.close()
        return end.code, end.reason


def answered(connection: WebSocketConnection) -> list[str]:
    """Return the paths of one turn's messages."""
    paths: list[str] = []
    while not paths or paths[-1] != "turn.end":
        paths.append(parse(connection.receive(60)).path)
    return paths


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X_ConnectionId": ""}, 400),
        ({"X_ConnectionId": "9f4ffa51-13a8-46eb-a289-aa98b28e766f"}, 400),
        ({"X_ConnectionId": "session-1"}, 400),
        ({"Ocp_Apim_Subscription_Key": "wrong"}, 401),
        ({"Ocp_Apim_Subscription_Key": ""}, 403),
    ],
)
def test_a_bad_handshake_is_refused(
    azure: Service, headers: dict[str, str], status: int
) -> None:
    with pytest.raises(HandshakeRejected) as caught:
        open_socket(azure, **headers)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("path", "status"),
    [("/speech/recognition/shouting/cognitiveservices/v1", 404), ("/nowhere", 404)],
)
def test_a_path_that_is_not_there_is_refused(
    azure: Service, path: str, status: int
) -> None:
    with pytest.raises(HandshakeRejected) as caught:
        open_socket(azure, path)
    assert caught.value.status == status


def test_bing_wants_a_language(bing: Service) -> None:
    with pytest.raises(HandshakeRejected) as caught:
        open_socket(bing, PATH.partition("?")[0])
    assert caught.value.status == 400


WRONG: list[tuple[list[str | bytes], int, str]] = [
    ([""], 1007, "format. Text message contains no data."),
    (["Path: x"], 1007, "Text message contains no header separator."),
    ([b"\x00"], 1007, "Binary message has invalid header size prefix."),
    ([b"\x10\x00abc"], 1007, "Binary message has invalid header size."),
    ([b"\x00\x02\xff\xff"], 1007, "headers decoding into UTF-8 failed."),
    ([text("", {})], 1002, "Missing/Empty header. Path."),
    ([text("speech.context", {})], 1002, "speech.config must come first"),
    ([text("telemetry", {}, **{"X-RequestId": ""})], 1002, "header. X-RequestId."),
    (
        [text("telemetry", {}, **{"X-RequestId": "123e4567-e89b-12d3-a456-42665544"})],
        1002,
        "Invalid request. X-RequestId header value was not specified in no-dash UUID "
        "format.",
    ),
    ([text("speech.config", CONFIG, **{"X-Timestamp": ""})], 1002, "X-Timestamp"),
    (
        [text("speech.config", CONFIG, **{"X-Timestamp": "yesterday"})],
        1002,
        "not in UTC ISO 8601",
    ),
    ([text("speech.config", {"a": 1})], 1007, "speech.config has no context"),
    (
        [text("speech.config", CONFIG), text("speech.config", CONFIG)],
        1002,
        "speech.config came twice",
    ),
    (
        [text("speech.config", CONFIG), audio(b"no header")],
        1007,
        "must begin with a RIFF header",
    ),
    (
        [text("speech.config", CONFIG), audio(riff_header() + bytes(12_800))],
        1007,
        "more than 8192 bytes of audio",
    ),
    (
        [text("speech.config", CONFIG), audio(b"x", Content_Type="audio/midi")],
        1007,
        "Unsupported audio type audio/midi",
    ),
    (
        [text("speech.config", CONFIG), text("audio", {})],
        1003,
        "audio must come in binary messages",
    ),
]


@pytest.mark.parametrize(("sent", "code", "reason"), WRONG)
def test_a_wrong_message_ends_the_connection_with_the_documented_code(
    azure: Service, sent: list[str | bytes], code: int, reason: str
) -> None:
    connection = open_socket(azure)
    with suppress(ConnectionBroken):
        for message in sent:
            if isinstance(message, str):
                connection.send_text(message)
            else:
                connection.send_binary(message)
    told, words = ending(connection)
    assert told == code
    assert reason in words


def test_bing_wants_the_device_described(bing: Service) -> None:
    connection = open_socket(bing)
    context = {k: v for k, v in CONFIG["context"].items() if k != "device"}
    connection.send_text(text("speech.config", {"context": context}))
    assert ending(connection) == (1007, "speech.config has no device.manufacturer")


def test_a_request_id_is_good_for_one_turn(azure: Service) -> None:
    connection = open_socket(azure)
    connection.send_text(text("speech.config", CONFIG))
    connection.send_binary(audio(riff_header() + tone(0.1)))
    connection.send_binary(audio(b""))
    paths = answered(connection)
    assert paths[0] == "turn.start"
    assert paths[-3:] == ["speech.phrase", "speech.enddetected", "turn.end"]
    connection.send_binary(audio(b""))  # late audio of the turn is passed over
    connection.send_text(text("speech.mood", {}))  # and so is an unknown path
    connection.send_binary(audio(riff_header()))
    words = "Invalid request. Reuse of request identifiers is not allowed."
    assert ending(connection) == (1002, words)


def test_emulate_prints_its_address_first_and_ends_on_sigterm(stt: Runner) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "emulate", "azure", "--transcript", "Hi."],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        assert base_url.startswith("http://127.0.0.1:")
        connect(base_url + PATH, {"X-ConnectionId": SESSION}).close()
    finally:
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=10)
    assert process.returncode == 143
    assert f"session id: {SESSION}" in logged
    assert "Traceback" not in logged
    done = stt("recognize", "x.wav", "-p", "azure", "--endpoint", base_url)
    assert done.status != 0
