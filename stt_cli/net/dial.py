"""A connection to a host: TCP, a proxy's tunnel, TLS."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import h11

from stt_cli.core.errors import ConfigurationError
from stt_cli.net.proxies import is_spoken_here

if TYPE_CHECKING:
    import ssl

_BLOCK = 65_536


class ProxyError(OSError):
    """The proxy would not open a tunnel."""


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection. A proxy for ``http`` wants whole URLs and its own headers.

    ``prefix`` stands before the path then, ``headers`` go with the request.
    """

    socket: socket.socket
    prefix: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def connect(
    url: str,
    seconds: float,
    proxy: str | None,
    ssl_context: Callable[[], ssl.SSLContext],
) -> Line:
    """Open a connection to a URL's host, straight or through a proxy.

    Each step may take so many seconds.

    Raises:
        OSError: there is none.
        ConfigurationError: the proxy is of a kind that nobody speaks here.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    if proxy is None:
        sock = socket.create_connection((host, port), seconds)
        return Line(_secured(sock, host, secure, ssl_context))
    through = urlsplit(proxy)
    if not is_spoken_here(proxy):
        raise ConfigurationError(
            f"the proxy {through.hostname} cannot be used over {through.scheme}",
            hint="HTTPS_PROXY takes an http:// or https:// address",
        )
    tls_to_proxy = through.scheme == "https"
    proxy_host = through.hostname or ""
    proxy_port = through.port or (443 if tls_to_proxy else 80)
    sock = socket.create_connection((proxy_host, proxy_port), seconds)
    sock = _secured(sock, proxy_host, tls_to_proxy, ssl_context)
    if not secure:
        prefix = f"{parts.scheme}://{parts.netloc}"
        return Line(sock, prefix, tuple(_proxy_headers(proxy)))
    try:
        _tunnel(sock, f"{host}:{port}", proxy)
    except BaseException:
        sock.close()
        raise
    return Line(_secured(sock, host, True, ssl_context))


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
