"""Expect: 100-continue: the body waits for the server's word."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.secret import Secret
from stt_cli.net import connection
from stt_cli.net.client import HttpClient
from tests.fake_time import context


def speaking(
    script: Callable[[socket.socket, bytearray], None],
) -> tuple[str, bytearray]:
    """Run one connection's script in a thread; return its URL and what it read."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = bytearray()

    def run() -> None:
        with listener, listener.accept()[0] as peer:
            peer.settimeout(5)
            script(peer, heard)

    threading.Thread(target=run, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", heard


def read_until(peer: socket.socket, heard: bytearray, mark: bytes) -> None:
    while mark not in heard:
        heard += peer.recv(65_536)


def audio(read: list[str]) -> StreamedBody:
    def blocks() -> Iterator[bytes]:
        for number in range(3):
            read.append(f"block {number}")
            yield b"%d" % number * 4

    return StreamedBody(blocks)


def send(url: str, body: StreamedBody) -> HttpResponse:
    request = HttpRequest(
        "POST",
        f"{url}/speech?language=en-US",
        headers=(("Accept", "application/json"),),
        body=body,
        credentials=(("Authorization", Secret("Bearer abc.def")),),
        expect_continue=True,
    )
    with closing(HttpClient(context())) as client:
        return client.send(request, lambda response: response)


@pytest.mark.conformance("BS-05")
def test_the_body_follows_the_hundred_in_small_chunks() -> None:
    read: list[str] = []
    read_before_hundred: list[str] = []

    def script(peer: socket.socket, heard: bytearray) -> None:
        read_until(peer, heard, b"\r\n\r\n")
        peer.settimeout(0.1)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        read_before_hundred.extend(read)
        peer.settimeout(5)
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        read_until(peer, heard, b"0\r\n\r\n")
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    url, heard = speaking(script)
    answer = send(url, audio(read))
    assert (answer.status, answer.body) == (200, b"{}")
    assert read_before_hundred == []
    head, _, body = bytes(heard).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /speech?language=en-US HTTP/1.1"
    assert b"Expect: 100-continue" in lines
    assert b"Transfer-Encoding: chunked" in lines
    assert b"Authorization: Bearer abc.def" in lines
    assert body == b"4\r\n0000\r\n4\r\n1111\r\n4\r\n2222\r\n0\r\n\r\n"


def test_a_refusal_spares_the_body() -> None:
    read: list[str] = []

    def script(peer: socket.socket, heard: bytearray) -> None:
        read_until(peer, heard, b"\r\n\r\n")
        peer.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")

    url, _ = speaking(script)
    answer = send(url, audio(read))
    assert (answer.status, answer.body) == (401, b"no")
    assert read == []


def test_a_server_that_says_nothing_gets_the_body_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.05)

    def script(peer: socket.socket, heard: bytearray) -> None:
        read_until(peer, heard, b"0\r\n\r\n")
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        peer.sendall(b"2\r\n{}\r\n0\r\n\r\n")

    url, _ = speaking(script)
    assert send(url, audio([])).body == b"{}"


def test_an_answer_in_the_middle_of_the_body_counts() -> None:
    def script(peer: socket.socket, heard: bytearray) -> None:
        read_until(peer, heard, b"\r\n\r\n")
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        read_until(peer, heard, b"0000")
        peer.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        while peer.recv(65_536):  # drained, so that no reset overtakes the answer
            pass

    url, _ = speaking(script)
    answer = send(url, audio([]))
    assert (answer.status, answer.body) == (413, b"big")
