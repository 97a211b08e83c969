"""Connections are kept and used again, and what comes packed is unpacked."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.http_message import HttpRequest
from stt_cli.net.client import HttpClient
from stt_cli.net.content_coding import decoded
from tests.fake_time import FakeTime, context
from tests.loopback import Answer, LoopbackServer, serving


@dataclass
class Counting:
    """A server that counts its connections; it may hang up behind each answer."""

    hangs_up: bool = False
    url: str = ""
    connections: int = 0
    heads: list[bytes] = field(default_factory=list)
    together: threading.Barrier | None = None

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=[connection], daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection:
            received = b""
            while data := connection.recv(65_536):
                received += data
                if b"\r\n\r\n" not in received:
                    continue
                self.heads.append(received)
                received = b""
                if self.together is not None:
                    self.together.wait(10)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                if self.hangs_up:
                    return


@contextmanager
def counting(**how: Any) -> Iterator[Counting]:
    told = Counting(**how)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        told.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=told.serve, args=[listener], daemon=True).start()
        yield told


@pytest.fixture
def sender() -> Iterator[HttpClient]:
    made = HttpClient(context(FakeTime()))
    yield made
    made.close()


def get(sender: HttpClient, url: str) -> bytes:
    return sender.send(HttpRequest("GET", url), lambda answer: answer.body)


def test_requests_one_after_the_other_share_a_connection(sender: HttpClient) -> None:
    with counting() as server:
        for _ in range(20):
            assert get(sender, server.url) == b"ok"
        assert server.connections == 1


def test_requests_at_once_have_a_connection_each_and_keep_it(
    sender: HttpClient,
) -> None:
    with counting() as server:
        server.together = threading.Barrier(8)

        def work() -> None:
            for _ in range(5):
                assert get(sender, server.url) == b"ok"

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert (server.connections, len(server.heads)) == (8, 40)


def test_a_connection_that_the_server_closed_is_not_used_again(
    sender: HttpClient,
) -> None:
    with counting(hangs_up=True) as server:
        for _ in range(5):
            assert get(sender, server.url) == b"ok"
            threading.Event().wait(0.02)  # its end arrives
        assert server.connections == 5


def test_a_closed_sender_keeps_no_connection(sender: HttpClient) -> None:
    with counting() as server:
        get(sender, server.url)
        sender.close()
        get(sender, server.url)
        get(sender, server.url)
        assert server.connections == 3


def test_the_head_says_who_asks_and_what_is_understood(sender: HttpClient) -> None:
    with counting() as server:
        get(sender, f"{server.url}/ä b?x=%20|ü&y=1")
        request, *headers = server.heads[0].split(b"\r\n\r\n")[0].split(b"\r\n")
        assert request == b"GET /%C3%A4%20b?x=%20|%C3%BC&y=1 HTTP/1.1"
        names = [header.partition(b":")[0] for header in headers]
        assert names == [
            b"Host",
            b"Accept",
            b"Accept-Encoding",
            b"Connection",
            b"User-Agent",
        ]
        assert headers[0] == b"Host: " + server.url.removeprefix("http://").encode()


def test_a_user_in_the_address_is_told_to_the_host(sender: HttpClient) -> None:
    with counting() as server:
        get(sender, server.url.replace("//", "//me:s%40fe@"))
        expected = b"Authorization: Basic " + b64encode(b"me:s@fe")
        assert expected in server.heads[0]
        assert b"Host: 127.0.0.1:" in server.heads[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "http://a\ud800b/"])
def test_an_address_that_nobody_can_reach_is_a_configuration_error(
    sender: HttpClient, url: str
) -> None:
    with pytest.raises(ConfigurationError):
        get(sender, url)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with serving() as running:
        yield running


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"words", mtime=0)),
        ("x-gzip", gzip.compress(b"words", mtime=0)),
        ("deflate", zlib.compress(b"words")),
        ("Deflate", zlib.compress(b"words")[2:-4]),
        ("gzip, deflate", zlib.compress(gzip.compress(b"words", mtime=0))),
        ("identity", b"words"),
        ("", b"words"),
    ],
    ids=lambda part: part if isinstance(part, str) else "body",
)
def test_a_packed_answer_is_unpacked(
    server: LoopbackServer, sender: HttpClient, coding: str, body: bytes
) -> None:
    server.answers(Answer(body=body, headers=(("Content-Encoding", coding),)))
    assert get(sender, server.url) == b"words"


def test_an_answer_that_is_not_packed_as_it_says_is_told(
    server: LoopbackServer, sender: HttpClient
) -> None:
    server.answers(Answer(body=b"plain", headers=(("Content-Encoding", "gzip"),)))
    with pytest.raises(ProviderError, match="cannot decompress"):
        get(sender, server.url)


@given(st.binary(), st.integers(1, 50), st.sampled_from(["gzip", "deflate", "raw"]))
def test_any_bytes_in_any_pieces_come_out_as_they_were(
    data: bytes, size: int, kind: str
) -> None:
    packed = {
        "gzip": gzip.compress(data),
        "deflate": zlib.compress(data),
        "raw": zlib.compress(data)[2:-4],
    }[kind]
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    coding = "gzip" if kind == "gzip" else "deflate"
    assert b"".join(decoded(pieces, coding)) == data


@given(st.binary(max_size=60), st.sampled_from(["gzip", "deflate"]))
def test_what_is_not_packed_is_never_anything_but_a_value_error(
    data: bytes, coding: str
) -> None:
    try:
        list(decoded([data], coding))
    except ValueError:
        return
