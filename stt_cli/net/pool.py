"""Connections that are kept: one request out, one answer in, faults in our words.

Each has one connection of httpcore's, and goes back on a stack when its answer
was read. Threads that share a pool of httpcore's or httpx's wait for each other:
it looks at all connections at every request. Sixteen threads that sent 800
requests to a service that takes 20 ms needed 2.0 s with it, and 1.35 s so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.net.content_coding import decoded
from stt_cli.net.context import NetworkContext
from stt_cli.net.exchange import ResponseStream, Timeouts
from stt_cli.net.faults import unreachable
from stt_cli.net.messages import (
    address_of,
    headers_of,
    load_httpcore,
    wire_name,
)
from stt_cli.net.tls import make_ssl_context

if TYPE_CHECKING:
    import ssl

    import httpcore

_KEPT_S = 5.0  # how long a connection may lie idle; servers close theirs as well
_MOST_KEPT = 64

_Way = tuple[bytes, bytes, int | None, str | None]
"""Where a connection leads: scheme, host and port, and through which proxy."""


class ConnectionPool:
    """The idle connections, by where they lead; the last one used comes first."""

    def __init__(self, context: NetworkContext) -> None:
        self._context = context
        self._idle: dict[_Way, list[tuple[float, httpcore.ConnectionPool]]] = {}
        self._tls: ssl.SSLContext | None = None
        self._lock = Lock()
        self._is_closed = False

    def close(self) -> None:
        """Close every connection; one in use is closed when its answer was read."""
        with self._lock:
            self._is_closed = True
            idle = [one for kept in self._idle.values() for _, one in kept]
            self._idle.clear()
        for line in idle:
            line.close()

    @contextmanager
    def exchange(
        self, request: HttpRequest, timeouts: Timeouts, proxy: str | None
    ) -> Iterator[ResponseStream]:
        """Send one request and give its answer; redirects are not followed.

        Raises:
            UnreachableError: no connection, or it broke off.
            ConfigurationError: the URL is none, or the proxy's.
        """
        library = load_httpcore()
        address = address_of(request.url)
        way = address.scheme, address.host, address.port, proxy
        line = self._taken(way, proxy)
        limits = {
            "connect": timeouts.connect,
            "read": timeouts.read,
            "write": timeouts.write,
        }
        body = request.body
        outgoing = library.Request(
            request.method,
            address,
            headers=headers_of(request),
            content=body.blocks() if isinstance(body, StreamedBody) else body or b"",
            extensions={"timeout": limits},
        )
        try:
            answer = line.handle_request(outgoing)
        except _faults(library) as fault:
            line.close()
            before = (library.ConnectError, library.ConnectTimeout, library.ProxyError)
            sent = not isinstance(fault, before)
            raise unreachable(fault, request.url, proxy=proxy, sent=sent) from fault
        except BaseException:
            line.close()
            raise
        try:
            head = _head_of(answer, request.url)
            yield ResponseStream(head, _blocks(answer, head, proxy))
        finally:
            answer.close()
            self._kept(way, line)

    def _taken(self, way: _Way, proxy: str | None) -> httpcore.ConnectionPool:
        with self._lock:
            kept = self._idle.get(way)
            if kept:
                return kept.pop()[1]
        return self._made(way, proxy)

    def _kept(self, way: _Way, line: httpcore.ConnectionPool) -> None:
        now = monotonic()
        with self._lock:
            if self._is_closed:
                line.close()
                return
            kept = self._idle.setdefault(way, [])
            kept.append((now, line))
            old = [one for _, one in kept[:-_MOST_KEPT]]
            del kept[:-_MOST_KEPT]
            while now - kept[0][0] > _KEPT_S:
                old.append(kept.pop(0)[1])
        for each in old:
            each.close()

    def _made(self, way: _Way, proxy: str | None) -> httpcore.ConnectionPool:
        library = load_httpcore()
        through = urlsplit(proxy or "")
        # Whoever never meets TLS is spared the 30 ms of loading certificates.
        uses_tls = way[0] == b"https" or through.scheme == "https"
        limits: dict[str, Any] = {
            "ssl_context": self._tls_context() if uses_tls else None,
            "max_connections": 1,
            "keepalive_expiry": _KEPT_S,
        }
        if proxy is None:
            made: httpcore.ConnectionPool = library.ConnectionPool(**limits)
            return made
        try:
            made = _through(library, proxy, limits)
        except (ImportError, RuntimeError, ValueError) as fault:
            raise ConfigurationError(
                f"the proxy {through.hostname} cannot be used: {fault}",
                hint="HTTPS_PROXY takes an http:// or https:// address",
            ) from fault
        return made

    def _tls_context(self) -> ssl.SSLContext:
        with self._lock:
            if self._tls is None:
                self._tls = make_ssl_context(self._context)
            return self._tls


def _head_of(answer: httpcore.Response, url: str) -> HttpResponse:
    reason = answer.extensions.get("reason_phrase", b"")
    return HttpResponse(
        answer.status,
        tuple((_text(name), _text(value)) for name, value in answer.headers),
        url=url,
        reason=reason.decode("ascii", "ignore"),
    )


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _blocks(
    answer: httpcore.Response, head: HttpResponse, proxy: str | None
) -> Iterator[bytes]:
    packed = head.header("Content-Encoding")
    blocks = answer.iter_stream()
    try:
        yield from decoded(blocks, packed) if packed else blocks
    except _faults(load_httpcore()) as fault:
        raise unreachable(fault, head.url, proxy=proxy, sent=True) from fault
    except ValueError as fault:
        raise ProviderError(
            f"the answer of {urlsplit(head.url).hostname} cannot be unpacked: {fault}",
            hint="check --endpoint; a proxy in between may have changed it",
        ) from fault


def _through(library: Any, proxy: str, limits: dict[str, Any]) -> Any:
    """Return what leads through a proxy.

    Raises:
        ImportError, RuntimeError: SOCKS, and the package for it is missing.
        ValueError: the address is none, or of another kind.
    """
    parts = urlsplit(proxy)
    user = None
    if parts.username is not None:
        user = unquote(parts.username).encode(), unquote(parts.password or "").encode()
    url = library.URL(
        scheme=parts.scheme,
        host=wire_name(parts.hostname or ""),
        port=parts.port,
        target="/",
    )
    if parts.scheme in ("http", "https"):
        tls = limits["ssl_context"] if parts.scheme == "https" else None
        return library.HTTPProxy(url, user, proxy_ssl_context=tls, **limits)
    if parts.scheme in ("socks5", "socks5h"):
        return library.SOCKSProxy(url, user, **limits)
    raise ValueError(f"nobody here speaks {parts.scheme}")


def _faults(library: Any) -> tuple[type[Exception], ...]:
    """Return what httpcore raises when a connection or a server fails."""
    return (
        library.TimeoutException,
        library.NetworkError,
        library.ProtocolError,
        library.ProxyError,
    )
