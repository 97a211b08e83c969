"""Connections that are kept: one request out, one answer in, the next one later.

Each thread takes a connection from a stack and puts it back when its answer was
read. Nobody looks through all of them, and nobody waits for anybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from stt_cli.core.address import Address
from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.net.connection import HttpConnection
from stt_cli.net.content_coding import decoded
from stt_cli.net.dial import ConnectFailed, dial
from stt_cli.net.messages import ResponseStream, Timeouts
from stt_cli.net.proxies import Proxy, proxy_for

_KEPT_S = 5.0  # how long a connection may lie idle; servers close theirs as well
_MOST_KEPT = 64
_LONG_BODY = 1 << 20
"""Bytes from which on a body gets a new connection: no stale one cuts it off. What
is shorter is better off on a connection that stands already."""

_Way = tuple[tuple[bool, str, int], Proxy | None]
"""Where a connection leads, and through which proxy."""


class ConnectionPool:
    """The idle connections, by where they lead; the last one used comes first.

    Args:
        variables: the environment, for proxies and certificates.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._idle: dict[_Way, list[tuple[float, HttpConnection]]] = {}
        self._lock = Lock()
        self._is_closed = False

    def close(self) -> None:
        """Close every connection; one in use is closed when its answer was read."""
        with self._lock:
            self._is_closed = True
            idle = [one for kept in self._idle.values() for _, one in kept]
            self._idle.clear()
        for connection in idle:
            connection.close()

    @contextmanager
    def exchange(
        self,
        request: HttpRequest,
        address: Address,
        timeouts: Timeouts,
        on_bytes: Callable[[int], None] | None = None,
    ) -> Iterator[ResponseStream]:
        """Send one request and give its answer; redirects are not followed.

        Raises:
            UnreachableError: no connection, or it broke off.
            ConfigurationError: a proxy's address or the certificates cannot be read.
        """
        way = address.endpoint, proxy_for(address, self._variables)
        connection = None if _is_long(request) else self._taken(way)
        if connection is None:
            line = dial(address, seconds=timeouts.connect, variables=self._variables)
            connection = HttpConnection(line, address)
        try:
            head = connection.send(request, address, timeouts, on_bytes)
            _check_proxy(connection, head)
            yield ResponseStream(head, _unpacked(connection.body(), head, address))
        except BaseException:
            connection.close()
            raise
        self._keep(way, connection)

    def _taken(self, way: _Way) -> HttpConnection | None:
        while True:
            with self._lock:
                kept = self._idle.get(way)
                if not kept:
                    return None
                since, connection = kept.pop()
            if monotonic() - since <= _KEPT_S and not connection.is_stale:
                return connection
            connection.close()

    def _keep(self, way: _Way, connection: HttpConnection) -> None:
        now = monotonic()
        old = []
        with self._lock:
            if self._is_closed or not connection.can_be_kept():
                old.append(connection)
            else:
                kept = self._idle.setdefault(way, [])
                kept.append((now, connection))
                old += [one for _, one in kept[:-_MOST_KEPT]]
                del kept[:-_MOST_KEPT]
                while now - kept[0][0] > _KEPT_S:
                    old.append(kept.pop(0)[1])
        for each in old:
            each.close()


def _is_long(request: HttpRequest) -> bool:
    body = request.body
    if request.expect_continue:
        return True
    if not isinstance(body, StreamedBody):
        return False
    return body.length is None or body.length > _LONG_BODY


def _check_proxy(connection: HttpConnection, head: HttpResponse) -> None:
    proxy = connection.line.proxy
    if proxy is not None and head.status == 407:
        raise ConnectFailed(
            f"the proxy {proxy.shown} requires a user name and password",
            kind="proxy",
            hint=f"add them to {proxy.variable} before the host: user:password@host",
        )


def _unpacked(
    blocks: Iterator[bytes], head: HttpResponse, address: Address
) -> Iterator[bytes]:
    codings = head.header("Content-Encoding")
    if not codings:
        yield from blocks
        return
    try:
        yield from decoded(blocks, codings)
    except ValueError as fault:
        raise ProviderError(
            f"cannot decompress the response from {address.host}: {fault}",
            hint="check --endpoint; a proxy may have changed the response",
        ) from fault
