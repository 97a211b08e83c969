"""One request over a connection of its own: a long body, or ``100-continue``.

While the body leaves, the server is listened to. A refusal, such as 401 or 413,
ends the sending and is the answer. A good answer in the middle does not: some
services begin theirs before they have heard everything.

With ``Expect: 100-continue`` the head goes first; the body follows when the
server answers ``100``, or after a pause without a word from it (RFC 9110, section
10.1.1: a client must not wait for ever).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import h11

from stt_cli.core.http_message import (
    FileRange,
    HttpRequest,
    HttpResponse,
    Part,
    StreamedBody,
)
from stt_cli.net.bodies import opened, read, too_short
from stt_cli.net.dial import Line, connect
from stt_cli.net.duplex import NotSentError, Wire
from stt_cli.net.exchange import USER_AGENT, ResponseStream, Timeouts
from stt_cli.net.faults import unreachable

if TYPE_CHECKING:
    import ssl

PATIENCE = 1.0
"""Seconds to wait for ``100`` before the body goes anyway, as curl does."""


def _no_one(_count: int) -> None:
    return


@contextmanager
def exchange(
    request: HttpRequest,
    timeouts: Timeouts,
    proxy: str | None,
    ssl_context: Callable[[], ssl.SSLContext],
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[ResponseStream]:
    """Send one request over a connection of its own, and give its answer.

    Args:
        on_bytes: told the bytes of the body that left, at every block, and once
            a second while none leaves.

    Raises:
        UnreachableError: no connection, or it broke off.
    """
    connection: _Connection | None = None
    try:
        try:
            line = connect(request.url, timeouts.connect, proxy, ssl_context)
            connection = _Connection(line, timeouts, on_bytes or _no_one)
            head = connection.send(request)
        except (OSError, h11.RemoteProtocolError) as fault:
            sent = connection is not None and connection.is_whole
            raise unreachable(fault, request.url, proxy=proxy, sent=sent) from fault
        yield ResponseStream(head, _told(connection.body(), request.url, proxy))
    finally:
        if connection is not None:
            connection.close()


def _told(blocks: Iterator[bytes], url: str, proxy: str | None) -> Iterator[bytes]:
    try:
        yield from blocks
    except (OSError, h11.RemoteProtocolError) as fault:
        raise unreachable(fault, url, proxy=proxy, sent=True) from fault


class _Connection:
    """A wire and the HTTP state machine over it, for one request."""

    def __init__(
        self, line: Line, timeouts: Timeouts, on_bytes: Callable[[int], None]
    ) -> None:
        self._line = line
        self._wire = Wire(line.socket, timeouts.total)
        self._timeouts = timeouts
        self._on_bytes = on_bytes
        self._done = 0
        self._machine = h11.Connection(our_role=h11.CLIENT)
        self._answer: h11.Response | None = None
        self.is_whole = False  # the request has left to its last byte

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send the head, then the body when asked for; return the answer's head."""
        self._put(self._machine.send(self._head(request)) or b"")
        if request.expect_continue:
            try:
                event = self._next(PATIENCE)
            except TimeoutError:
                event = None
            if isinstance(event, h11.Response):
                return _head_of(event, request.url)
        try:
            self._send_body(request.body)
        except (BrokenPipeError, ConnectionResetError):
            # The server may have answered and hung up; its word counts.
            self._machine.send_failed()
        while self._answer is None:
            self._take(self._next(self._timeouts.read))
        return _head_of(self._answer, request.url)

    def body(self) -> Iterator[bytes]:
        """Yield the answer's body as it arrives."""
        while True:
            event = self._next(self._timeouts.read)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _send_body(self, body: bytes | StreamedBody | None) -> None:
        self._on_bytes(0)
        for part in _parts(body):
            if isinstance(part, bytes):
                going_on = self._send_bytes(part)
            elif self._wire.can_send_files:
                going_on = self._send_file(part)
            else:
                going_on = all(map(self._send_bytes, read(part)))
            if not going_on:
                return
        self._put(self._machine.send(h11.EndOfMessage()) or b"")
        self.is_whole = True

    def _send_bytes(self, block: bytes) -> bool:
        """Send a block of the body; return whether to go on."""
        pieces = self._machine.send_with_data_passthrough(h11.Data(data=block))
        for piece in pieces or ():
            counted = self._count if piece is block else _no_one
            if not self._send_all(piece, counted):
                return False
        return True

    def _send_file(self, part: FileRange) -> bool:
        # The machine need only know how long it is: it is passed through.
        length: Any = _Length(part.length)
        self._machine.send_with_data_passthrough(h11.Data(data=length))
        with opened(part) as file:
            try:
                return self._wire.send_file(
                    file,
                    part.start,
                    part.length,
                    self._timeouts.write,
                    self._is_refused,
                    self._count,
                )
            except EOFError:
                raise too_short(part) from None
            except NotSentError as stopped:
                done = stopped.at - part.start
        rest = replace(part, start=part.start + done, length=part.length - done)
        return all(self._send_all(block, self._count) for block in read(rest))

    def _put(self, data: bytes) -> None:
        self._send_all(data, _no_one)

    def _send_all(self, data: bytes, counted: Callable[[int], None]) -> bool:
        return self._wire.send(data, self._timeouts.write, self._is_refused, counted)

    def _count(self, count: int) -> None:
        self._done += count
        self._on_bytes(self._done)

    def _is_refused(self) -> bool:
        """Take what arrives while the body leaves; whether that is to end."""
        data = self._wire.receive_now()
        if data is None:
            return False
        self._machine.receive_data(data)
        if self._answer is not None:
            return not data  # its body is read in its turn
        while self._answer is None:
            event = self._machine.next_event()
            if event is h11.NEED_DATA:
                return False
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("the server hung up")
            self._take(event)
        return self._answer.status_code >= 300

    def _take(self, event: Any) -> None:
        if isinstance(event, h11.Response):
            self._answer = event

    def _head(self, request: HttpRequest) -> h11.Request:
        parts = urlsplit(request.url)
        target = parts.path or "/"
        if parts.query:
            target += f"?{parts.query}"
        headers = [("Host", parts.netloc.rpartition("@")[2])]
        headers += list(request.headers)
        headers += [(name, value.reveal()) for name, value in request.credentials]
        headers += self._line.headers
        names = {name.lower() for name, _ in headers}
        if "accept" not in names:
            headers.append(("Accept", "*/*"))
        if "user-agent" not in names:
            headers.append(("User-Agent", USER_AGENT))
        body = request.body
        if isinstance(body, StreamedBody) and body.length is None:
            headers.append(("Transfer-Encoding", "chunked"))
        elif "content-length" not in names:
            size = body.length if isinstance(body, StreamedBody) else len(body or b"")
            headers.append(("Content-Length", str(size)))
        if request.expect_continue and "expect" not in names:
            headers.append(("Expect", "100-continue"))
        headers.append(("Connection", "close"))
        return h11.Request(
            method=request.method,
            target=self._line.prefix + target,
            headers=headers,
        )

    def _next(self, seconds: float) -> Any:
        """Return the next event.

        Raises:
            TimeoutError: so many seconds brought none.
        """
        while True:
            event = self._machine.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._machine.receive_data(self._wire.receive(seconds))


class _Length:
    """What stands for a part of a file in the state machine."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length


def _parts(body: bytes | StreamedBody | None) -> Iterator[Part]:
    if not isinstance(body, StreamedBody):
        if body:
            yield body
    elif body.parts is not None and body.length is not None:
        yield from body.parts
    else:
        yield from body.blocks()


def _head_of(event: h11.Response, url: str) -> HttpResponse:
    return HttpResponse(
        event.status_code,
        tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in event.headers),
        url=url,
        reason=event.reason.decode("latin-1"),
    )
