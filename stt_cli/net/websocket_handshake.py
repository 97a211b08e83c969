"""Opening a WebSocket: the upgrade request, its answer, redirects on the way.

Credentials go to the host that was named, not to one that it redirects to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from stt_cli.net.http_trace import note_answer, note_request
from stt_cli.net.stream_socket import ConnectFailed, StreamSocket, open_stream
from stt_cli.net.websocket import HandshakeResponse, WebSocketConnection

if TYPE_CHECKING:
    import ssl

    from websockets.client import ClientProtocol
    from websockets.frames import Frame

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LARGEST_MESSAGE = 16 * 2**20
_WEBSOCKET_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class HandshakeRejected(Exception):  # noqa: N818 - what happened, as in a log
    """The server answered the upgrade with another status than 101."""

    def __init__(self, responses: tuple[HandshakeResponse, ...]) -> None:
        self.responses = responses
        self.response = responses[-1]
        self.status = self.response.status
        self.headers = self.response.headers
        self.body = self.response.body
        super().__init__(f"HTTP {self.status} {self.response.reason}".rstrip())


def connect(
    url: str,
    headers: Mapping[str, str],
    *,
    credentials: Mapping[str, str] | None = None,
    timeout: float = 10.0,
    variables: Mapping[str, str] | None = None,
    subprotocols: Sequence[str] = (),
    log: Callable[[str], None] = lambda _line: None,
    tls: ssl.SSLContext | None = None,
) -> WebSocketConnection:
    """Open a WebSocket; redirects are followed.

    Args:
        url: ``ws://`` or ``wss://`` (``http`` and ``https`` are taken as these).
        headers: sent to every host.
        credentials: headers (keys, tokens, cookies) for the first host alone; a
            redirect elsewhere, or from TLS to clear text, goes without them.
        timeout: seconds for everything up to the server's answer.
        variables: the environment, for the proxy; ``None`` uses no proxy.

    Raises:
        ConnectFailed: no connection (name, network, TLS, proxy, time, no HTTP).
        HandshakeRejected: the server answered, but not with 101.
    """
    deadline = time.monotonic() + timeout
    first = current = websocket_url(url)
    responses: list[HandshakeResponse] = []
    while True:
        keep = _may_have_credentials(first, current)
        sent = {**headers, **((credentials or {}) if keep else {})}
        left = max(deadline - time.monotonic(), 0.001)
        log(f"websocket: connecting to {current}")
        shown = tuple(headers.items())
        note_request("GET", current, shown)
        protocol, stream, response, frames = _shake_hands(
            current, sent, left, variables or {}, subprotocols, tls, log
        )
        responses.append(response)
        log(f"websocket: HTTP {response.status} {response.reason}".rstrip())
        note_answer(
            "GET",
            current,
            shown,
            response.status,
            response.reason,
            response.headers,
            response.body,
        )
        if protocol.handshake_exc is None:
            return WebSocketConnection(protocol, stream, tuple(responses), frames)
        stream.close()
        location = response.header("Location")
        is_redirect = response.status in _REDIRECTS and location
        if response.status == 101:
            raise ConnectFailed(
                f"{urlsplit(current).hostname} answered a wrong WebSocket handshake: "
                f"{protocol.handshake_exc}",
                kind="handshake",
            )
        if not is_redirect or len(responses) > _MOST_REDIRECTS:
            raise HandshakeRejected(tuple(responses))
        current = websocket_url(urljoin(_http_url(current), location or ""))


def _shake_hands(
    url: str,
    headers: Mapping[str, str],
    timeout: float,
    variables: Mapping[str, str],
    subprotocols: Sequence[str],
    tls: ssl.SSLContext | None,
    log: Callable[[str], None],
) -> tuple[ClientProtocol, StreamSocket, HandshakeResponse, list[Frame]]:
    import logging

    from websockets.client import ClientProtocol
    from websockets.http11 import Response
    from websockets.typing import Subprotocol
    from websockets.uri import parse_uri

    deadline = time.monotonic() + timeout
    uri = parse_uri(url)
    stream = open_stream(
        uri.host,
        uri.port,
        secure=uri.secure,
        timeout=timeout,
        variables=variables,
        tls=tls,
        log=log,
    )
    try:
        quiet = logging.getLogger("stt.websocket")
        quiet.setLevel(logging.CRITICAL + 1)  # its traces would show secrets
        protocol = ClientProtocol(
            uri,
            subprotocols=[Subprotocol(name) for name in subprotocols] or None,
            max_size=_LARGEST_MESSAGE,
            logger=quiet,
        )
        request = protocol.connect()
        for name, value in headers.items():
            request.headers[name] = value
        protocol.send_request(request)
        stream.send_all(b"".join(protocol.data_to_send()))
        events: list[object] = []
        while not events and protocol.handshake_exc is None:
            data = stream.receive(deadline - time.monotonic())
            if data:
                protocol.receive_data(data)
            else:
                protocol.receive_eof()
            events += protocol.events_received()
        if not events or not isinstance(events[0], Response):
            raise ConnectFailed(
                f"{uri.host} did not answer the WebSocket handshake as HTTP",
                kind="handshake",
                hint="check the address and the port",
            )
        answer = events[0]
    except TimeoutError:
        stream.close()
        raise ConnectFailed(
            f"{uri.host} did not answer the WebSocket handshake "
            f"in {round(timeout, 1):g} s",
            kind="timeout",
        ) from None
    except OSError as fault:
        stream.close()
        raise ConnectFailed(
            f"{uri.host} broke off the WebSocket handshake: {fault}", kind="network"
        ) from fault
    except BaseException:
        stream.close()
        raise
    response = HandshakeResponse(
        url,
        answer.status_code,
        answer.reason_phrase,
        tuple(answer.headers.raw_items()),
        bytes(answer.body),
    )
    return protocol, stream, response, events[1:]  # type: ignore[return-value]


def _may_have_credentials(first: str, current: str) -> bool:
    asked, now = urlsplit(first), urlsplit(current)
    weaker = asked.scheme == "wss" and now.scheme == "ws"
    return asked.hostname == now.hostname and not weaker


def websocket_url(url: str) -> str:
    """Return the URL as ``ws`` or ``wss``. Raises ``ConnectFailed`` for any other."""
    parts = urlsplit(url)
    scheme = _WEBSOCKET_SCHEMES.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise ConnectFailed(f"{url} is no WebSocket address", kind="handshake")
    return urlunsplit((scheme, parts.netloc, parts.path, parts.query, ""))


def _http_url(url: str) -> str:
    """Return the URL as HTTP, whose relative references urljoin resolves."""
    return url.replace("ws", "http", 1)
