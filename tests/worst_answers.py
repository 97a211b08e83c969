"""A server between ``stt`` and an emulator that goes wrong at the request of choice.

Requests are passed on until one is reached; it and all behind it get the worst answer
of a kind: wrong, endless, dripping, packed a thousandfold, or none at all. What ``stt``
asked for is counted.

    python -m tests.worst_cases [WORD...]     everything, which takes a while
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

Wrong = Callable[["Conversation"], None]
NEVER = 1 << 30
"""As the number of the request at which it goes wrong."""


@dataclass
class Conversation:
    """One request, read whole, that is to be answered badly."""

    peer: socket.socket
    head: bytes
    over: threading.Event
    port: int

    @property
    def is_upgrade(self) -> bool:
        """Whether it asks for a WebSocket."""
        return b"upgrade: websocket" in self.head.lower()

    def header(self, name: bytes) -> bytes:
        """Return a header's value."""
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.lower() == name.lower():
                return value.strip()
        return b""

    def say(self, data: bytes) -> None:
        """Send bytes."""
        self.peer.sendall(data)

    def answer(self, status: int, body: bytes = b"", *headers: str) -> None:
        """Send a whole answer."""
        lines = [f"HTTP/1.1 {status} Worst", f"Content-Length: {len(body)}", *headers]
        if not any(line.lower().startswith("content-type") for line in headers):
            lines.append("Content-Type: application/json")
        self.say("\r\n".join([*lines, "", ""]).encode() + body)

    def for_ever(self, data: bytes, pause: float = 0.0) -> None:
        """Send the same again and again."""
        while not self.over.wait(pause) if pause else not self.over.is_set():
            self.say(data)

    def open_socket(self) -> None:
        """Accept the upgrade."""
        from websockets.utils import accept_key

        accept = accept_key(self.header(b"Sec-WebSocket-Key").decode())
        protocol = self.header(b"Sec-WebSocket-Protocol").split(b",")[0].decode()
        lines = [
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept}",
        ]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        self.say("\r\n".join([*lines, "", ""]).encode())

    def drain(self) -> None:
        """Read what comes and forget it, beside what is said."""

        def read() -> None:
            with contextlib.suppress(OSError):
                while self.peer.recv(65_536):
                    pass

        threading.Thread(target=read, daemon=True).start()


def always(status: int, body: bytes = b"{}", *headers: str) -> Wrong:
    """Return what gives the same answer to everything."""
    return lambda talk: talk.answer(status, body, *headers)


def _to_itself(status: int) -> Wrong:
    def wrong(talk: Conversation) -> None:
        target = talk.head.split()[1].decode()
        talk.answer(status, b"", f"Location: http://127.0.0.1:{talk.port}{target}")

    return wrong


def _silent(talk: Conversation) -> None:
    talk.over.wait()


def _reset(talk: Conversation) -> None:
    linger = struct.pack("ii", 1, 0)
    talk.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    talk.peer.close()


def _drips_head(talk: Conversation) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nX-Long: ")
    talk.for_ever(b"x", 0.05)


def _endless_body(talk: Conversation) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    talk.for_ever(b"1," * 65_536)


def _endless_refusal(talk: Conversation) -> None:
    talk.say(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.for_ever(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def _one_byte_chunks(talk: Conversation) -> None:
    talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.for_ever(b"1\r\n \r\n", 0.02)


@cache
def _packed() -> bytes:
    """Return a gigabyte of nothing, packed a block at a time."""
    machine = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    blocks = [machine.compress(bytes(1 << 20)) for _ in range(1 << 10)]
    return b"".join([*blocks, machine.flush()])


def _bomb(talk: Conversation) -> None:
    talk.answer(200, _packed(), "Content-Encoding: gzip")


def _frames(data: bytes, *, drains: bool = True) -> Wrong:
    def wrong(talk: Conversation) -> None:
        talk.open_socket()
        if drains:
            talk.drain()
        talk.for_ever(data)

    return wrong


def _text(words: bytes) -> bytes:
    return bytes([0x81, len(words)]) + words


def _deaf(talk: Conversation) -> None:
    talk.open_socket()
    talk.over.wait()


def _silent_socket(talk: Conversation) -> None:
    talk.open_socket()
    talk.drain()
    talk.over.wait()


STATUSES: dict[str, Wrong] = {
    "200 nothing": always(200, b""),
    "200 null": always(200, b"null"),
    "200 list": always(200, b"[]"),
    "200 object": always(200, b"{}"),
    "200 nested": always(200, b"[" * 100_000),
    "200 numbers": always(200, b'{"id": NaN, "status": 1e999, "results": -Infinity}'),
    "200 html": always(200, b"<html>login</html>", "Content-Type: text/html"),
    "204": always(204, b""),
    "302 to itself": _to_itself(302),
    "307 to itself": _to_itself(307),
    "307 elsewhere": always(307, b"", "Location: http://localhost:9/x"),
    "302 nowhere": always(302, b"", "Location: http://[::1/"),
    "302 port": always(302, b"", "Location: ws://a:99999999/"),
    "302 label": always(302, b"", f"Location: http://a..{'b' * 70}/"),
    "400": always(400),
    "401": always(401),
    "404": always(404),
    "408": always(408),
    "409": always(409),
    "413": always(413),
    "429": always(429),
    "429 at once": always(429, b"{}", "Retry-After: 0"),
    "500": always(500),
    "503 at once": always(503, b"{}", "Retry-After: 0"),
    "reset": _reset,
}
"""What is answered at once, so that only loops make it last."""

STREAMS: dict[str, Wrong] = {
    "silent": _silent,
    "drips its head": _drips_head,
    "100 for ever": lambda talk: talk.for_ever(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 for ever": lambda talk: talk.for_ever(b"HTTP/1.1 102 Processing\r\n\r\n"),
    "one-byte chunks": _one_byte_chunks,
    "endless body": _endless_body,
    "endless refusal": _endless_refusal,
    "bomb": _bomb,
    "endless header": lambda talk: talk.for_ever(b"X: " + b"x" * 4096 + b"\r\n"),
    "babble": lambda talk: talk.for_ever(b"SSH-2.0-OpenSSH\r\n"),
}
"""What never ends by itself."""

SOCKETS: dict[str, Wrong] = {
    "silent socket": _silent_socket,
    "deaf socket": _deaf,
    "empty fragments": _frames(b"\x01\x00" + b"\x00\x00" * 1000),
    "empty texts": _frames(_text(b"") * 1000),
    "pings": _frames(b"\x89\x00" * 1000),
    "pings, deaf": _frames(b"\x89\x7d" + b"x" * 125, drains=False),
    "pongs": _frames(b"\x8a\x00" * 1000),
    "pongs, deaf": _frames(b"\x8a\x00" * 1000, drains=False),
    "empty objects": _frames(_text(b"{}") * 1000),
    "nulls": _frames(_text(b"null") * 100),
    "states": _frames(_text(b'{"state": "initializing"}') * 100),
    "listening": _frames(_text(b'{"state":"listening","type":"state"}') * 100),
    "endless message": _frames(b"\x01\x7e\xff\xff" + b"x" * 65_535 + b"\x00\x00"),
    "binary": _frames(b"\x82\x04\x00\x00\x00\x00" * 100),
}
"""What goes wrong once a WebSocket stands."""


@dataclass
class WorstServer:
    """Passes requests on to ``upstream`` and answers badly from one on."""

    upstream: str
    at: int = NEVER
    wrong: Wrong = STATUSES["500"]
    port: int = 0
    requests: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=[peer], daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), peer:
            while True:
                received = _read_request(peer)
                if received is None:
                    return
                head, body = received
                number = len(self.requests)
                self.requests.append(head.partition(b"\r\n")[0].decode())
                talk = Conversation(peer, head, self.over, self.port)
                if number < self.at:
                    self._pass_on(talk, head, body)
                    return
                self.wrong(talk)

    def _pass_on(self, talk: Conversation, head: bytes, body: bytes) -> None:
        parts = urlsplit(self.upstream)
        lines = head.split(b"\r\n")
        if not talk.is_upgrade:  # one answer a connection is enough
            lines = [x for x in lines if not x.lower().startswith(b"connection:")]
            lines.insert(1, b"Connection: close")
        target = socket.create_connection((parts.hostname or "", parts.port or 80))
        with target:
            target.sendall(b"\r\n".join(lines) + body)
            there = threading.Thread(
                target=_pump, args=[talk.peer, target], daemon=True
            )
            there.start()
            _pump(target, talk.peer)
            with contextlib.suppress(OSError):
                talk.peer.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)


def _read_request(peer: socket.socket) -> tuple[bytes, bytes] | None:
    """Return head and body of a request; ``None`` at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        block = peer.recv(65_536)
        if not block:
            return None
        data += block
    head, mark, body = data.partition(b"\r\n\r\n")
    lowered = head.lower()
    if b"100-continue" in lowered:
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if b"transfer-encoding: chunked" in lowered:
        while not body.endswith(b"0\r\n\r\n"):
            body += peer.recv(65_536)
    elif b"content-length:" in lowered:
        size = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < size:
            block = peer.recv(65_536)
            if not block:
                return None
            body += block
    return head + mark, body


@contextlib.contextmanager
def worst(upstream: str, at: int, wrong: Wrong) -> Iterator[WorstServer]:
    """Run such a server until the block ends."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = WorstServer(upstream, at, wrong, listener.getsockname()[1])
        threading.Thread(target=server.serve, args=[listener], daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
