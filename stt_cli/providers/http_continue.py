"""One request with ``Expect: 100-continue``, which httpx does not speak.

The head goes first; the body follows when the server answers ``100``, or after
a pause without a word from it (RFC 9110, section 10.1.1: a client must not wait
for ever). A final answer instead, such as 401, spares the body altogether.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import h11

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.providers.http_exchange import USER_AGENT, ResponseStream, Timeouts
from stt_cli.providers.http_faults import unreachable

if TYPE_CHECKING:
    import ssl

PATIENCE = 1.0
"""Seconds to wait for ``100`` before the body goes anyway, as curl does."""

_BLOCK = 65_536


@contextmanager
def exchange(
    request: HttpRequest,
    timeouts: Timeouts,
    proxy: str | None,
    ssl_context: Callable[[], ssl.SSLContext],
) -> Iterator[ResponseStream]:
    """Send one request over a connection of its own, and give its answer.

    Raises:
        UnreachableError: no connection, or it broke off.
    """
    sent = False
    connection: _Connection | None = None
    try:
        try:
            connection = _connect(request.url, timeouts, proxy, ssl_context)
            sent = True
            head = connection.send(request)
        except (OSError, h11.RemoteProtocolError) as fault:
            raise unreachable(fault, request.url, proxy=proxy, sent=sent) from fault
        blocks = _told(connection.body(), request.url, proxy)
        yield ResponseStream(head, blocks)
    finally:
        if connection is not None:
            connection.close()


def _told(blocks: Iterator[bytes], url: str, proxy: str | None) -> Iterator[bytes]:
    try:
        yield from blocks
    except (OSError, h11.RemoteProtocolError) as fault:
        raise unreachable(fault, url, proxy=proxy, sent=True) from fault


class _Connection:
    """A socket and the HTTP state machine over it."""

    def __init__(
        self, sock: socket.socket, timeouts: Timeouts, target_prefix: str = ""
    ) -> None:
        self._socket = sock
        self._timeouts = timeouts
        self._end = inf if timeouts.total is None else monotonic() + timeouts.total
        self._target_prefix = target_prefix
        self._machine = h11.Connection(our_role=h11.CLIENT)
        self._proxy_headers: list[tuple[str, str]] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send the head, then the body when asked for; return the answer's head."""
        self._write(self._head(request))
        event = self._next(PATIENCE) if request.expect_continue else None
        if isinstance(event, h11.Response):
            return _head_of(event, request.url)
        try:
            for block in _blocks(request.body):
                self._write(h11.Data(data=block))
            self._write(h11.EndOfMessage())
        except (BrokenPipeError, ConnectionResetError):
            # The server may have answered and hung up; its word counts.
            self._machine.send_failed()
        while True:
            event = self._next(self._timeouts.read)
            if isinstance(event, h11.Response):
                return _head_of(event, request.url)
            if event is None:
                raise TimeoutError("no answer")

    def body(self) -> Iterator[bytes]:
        """Yield the answer's body as it arrives."""
        while True:
            event = self._next(self._timeouts.read)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif event is None:
                raise TimeoutError("the answer stopped in the middle")
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _head(self, request: HttpRequest) -> h11.Request:
        parts = urlsplit(request.url)
        target = parts.path or "/"
        if parts.query:
            target += f"?{parts.query}"
        headers = [("Host", parts.netloc.rpartition("@")[2])]
        headers += list(request.headers)
        headers += [(name, value.reveal()) for name, value in request.credentials]
        headers += self._proxy_headers
        names = {name.lower() for name, _ in headers}
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
            target=self._target_prefix + target,
            headers=headers,
        )

    def _write(self, event: Any) -> None:
        data = self._machine.send(event)
        if data:
            self._limit(self._timeouts.write)
            self._socket.sendall(data)

    def _next(self, seconds: float) -> Any:
        """Return the next event, or ``None`` when that many seconds bring none."""
        while True:
            event = self._machine.next_event()
            if event is not h11.NEED_DATA:
                return event
            try:
                self._limit(seconds)
                self._machine.receive_data(self._socket.recv(_BLOCK))
            except TimeoutError:
                return None

    def _limit(self, seconds: float) -> None:
        """Bound the next step by ``seconds`` and by what the request has left."""
        left = min(seconds, self._end - monotonic())
        if left <= 0:
            raise TimeoutError("the request took too long in all")
        self._socket.settimeout(left)


def _connect(
    url: str,
    timeouts: Timeouts,
    proxy: str | None,
    ssl_context: Callable[[], ssl.SSLContext],
) -> _Connection:
    """Open a connection to the host, straight or through a proxy's tunnel."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    if proxy is None:
        sock = socket.create_connection((host, port), timeouts.connect)
        return _Connection(_secured(sock, host, secure, ssl_context), timeouts)
    through = urlsplit(proxy)
    if through.scheme not in ("http", "https"):
        raise ConfigurationError(
            f"the proxy {through.hostname} cannot be used over {through.scheme}",
            hint="HTTPS_PROXY takes an http:// or https:// address",
        )
    tls_to_proxy = through.scheme == "https"
    proxy_address = (
        through.hostname or "",
        through.port or (443 if tls_to_proxy else 80),
    )
    sock = socket.create_connection(proxy_address, timeouts.connect)
    sock = _secured(sock, proxy_address[0], tls_to_proxy, ssl_context)
    if not secure:
        connection = _Connection(sock, timeouts, f"{parts.scheme}://{parts.netloc}")
        connection._proxy_headers = _proxy_headers(proxy)
        return connection
    try:
        _tunnel(sock, f"{host}:{port}", proxy)
    except BaseException:
        sock.close()
        raise
    return _Connection(_secured(sock, host, True, ssl_context), timeouts)


def _tunnel(sock: socket.socket, target: str, proxy: str) -> None:
    machine = h11.Connection(our_role=h11.CLIENT)
    headers = [("Host", target), *_proxy_headers(proxy)]
    head = h11.Request(method="CONNECT", target=target, headers=headers)
    sock.sendall(machine.send(head) or b"")
    sock.sendall(machine.send(h11.EndOfMessage()) or b"")
    while True:
        event = machine.next_event()
        if event is h11.NEED_DATA:
            machine.receive_data(sock.recv(_BLOCK))
        elif isinstance(event, h11.Response):
            if not 200 <= event.status_code < 300:
                reason = event.reason.decode("ascii", "replace")
                raise ProxyError(f"{event.status_code} {reason}")
            return
        elif isinstance(event, h11.ConnectionClosed):
            raise ProxyError("it hung up")


class ProxyError(OSError):
    """The proxy would not open a tunnel."""


def _proxy_headers(proxy: str) -> list[tuple[str, str]]:
    parts = urlsplit(proxy)
    if parts.username is None:
        return []
    from base64 import b64encode

    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return [("Proxy-Authorization", f"Basic {b64encode(pair.encode()).decode()}")]


def _secured(
    sock: socket.socket,
    host: str,
    secure: bool,
    ssl_context: Callable[[], ssl.SSLContext],
) -> socket.socket:
    if not secure:
        return sock
    try:
        return ssl_context().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise


def _blocks(body: bytes | StreamedBody | None) -> Iterator[bytes]:
    if isinstance(body, StreamedBody):
        yield from body.blocks()
    elif body:
        yield body


def _head_of(event: h11.Response, url: str) -> HttpResponse:
    return HttpResponse(
        event.status_code,
        tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in event.headers),
        url=url,
        reason=event.reason.decode("latin-1"),
    )
