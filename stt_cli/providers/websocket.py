"""A blocking WebSocket client: one thread sends while another receives.

The protocol is that of the ``websockets`` package without its I/O; the I/O is a
plain socket, since neither asyncio nor a background thread is worth its
start-up time to a command that lives for one connection. Nothing here knows any
provider.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from stt_cli.core.exchange import note_answer, note_request
from stt_cli.providers.stream_socket import ConnectFailed, StreamSocket, open_stream

if TYPE_CHECKING:
    import ssl

    from websockets.client import ClientProtocol
    from websockets.frames import Frame

NORMAL_CLOSURE = 1000
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LARGEST_MESSAGE = 16 * 2**20
_WEBSOCKET_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HandshakeResponse:
    """One HTTP answer to an upgrade request; header names compare without case."""

    url: str
    status: int
    reason: str
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of that name, or ``None``."""
        return next(iter(self.header_values(name)), None)

    def header_values(self, name: str) -> list[str]:
        """Return every header of that name, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class HandshakeRejected(Exception):  # noqa: N818 - what happened, as in a log
    """The server answered the upgrade with another status than 101."""

    def __init__(self, responses: tuple[HandshakeResponse, ...]) -> None:
        self.responses = responses
        self.response = responses[-1]
        self.status = self.response.status
        self.headers = self.response.headers
        self.body = self.response.body
        super().__init__(f"HTTP {self.status} {self.response.reason}".rstrip())


class ConnectionBroken(Exception):  # noqa: N818 - what happened, as in a log
    """The connection is over. ``code`` is the peer's close code.

    ``code`` is ``None`` where the connection ended without a close message.
    """

    def __init__(self, code: int | None, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        told = "without a close message" if code is None else f"with code {code}"
        super().__init__(f"the connection ended {told}" + (reason and f": {reason}"))


class WebSocketConnection:
    """An open connection; made by ``connect``.

    ``send_text`` and ``send_binary`` may be called from one thread while another
    calls ``receive``. ``responses`` are the handshake's answers, redirects first.
    """

    def __init__(
        self,
        protocol: ClientProtocol,
        stream: StreamSocket,
        responses: tuple[HandshakeResponse, ...],
        early_frames: Sequence[Frame] = (),
    ) -> None:
        self.responses = responses
        self.response = responses[-1]
        self.subprotocol: str | None = protocol.subprotocol
        self._protocol = protocol
        self._stream = stream
        self._state = threading.Lock()
        self._sending = threading.Lock()
        self._frames: list[Frame] = list(early_frames)
        self._parts: list[bytes] = []
        self._parts_are_text = False
        self._broken: ConnectionBroken | None = None
        # Pings, even a goodbye, may have come along with the handshake.
        self._react()

    def send_text(self, text: str) -> None:
        """Send one text message. Raises ``ConnectionBroken``."""
        self._send(lambda: self._protocol.send_text(text.encode()))

    def send_binary(self, data: bytes) -> None:
        """Send one binary message. Raises ``ConnectionBroken``."""
        self._send(lambda: self._protocol.send_binary(data))

    def send_binaries(self, messages: Sequence[bytes]) -> None:
        """Send several binary messages in one write. Raises ``ConnectionBroken``."""

        def put() -> None:
            for message in messages:
                self._protocol.send_binary(message)

        self._send(put)

    def send_ping(self) -> None:
        """Send a ping, so that a proxy between does not think the line idle."""
        self._send(lambda: self._protocol.send_ping(b""))

    def receive(self, timeout: float | None = None) -> str | bytes:
        """Return the next message; pings are answered on the way.

        Raises:
            TimeoutError: none came for ``timeout`` seconds.
            ConnectionBroken: the connection is over.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            message = self._next_message()
            if message is not None:
                return message
            if self._broken is not None:
                raise self._broken
            left = None if deadline is None else deadline - time.monotonic()
            self._read(left)

    def close(
        self, code: int = NORMAL_CLOSURE, reason: str = "", timeout: float = 1.0
    ) -> None:
        """Say goodbye, wait ``timeout`` seconds at most for the answer, and close.

        Never raises for a connection that is over already; may be called twice.
        """
        deadline = time.monotonic() + timeout
        try:
            if self._broken is None:
                self._send(lambda: self._protocol.send_close(code, reason))
            while self._broken is None:
                self._frames.clear()
                self._read(deadline - time.monotonic())
        except (ConnectionBroken, TimeoutError):
            pass  # it is over, or the peer had its time
        finally:
            self.abort()
            self._stream.close()

    def abort(self) -> None:
        """End the connection without a word; wakes up both threads."""
        if self._broken is None:
            self._broken = ConnectionBroken(None, "given up on this side")
        self._stream.shut_down()

    def _send(self, put: Callable[[], None]) -> None:
        from websockets.exceptions import InvalidState

        with self._state:
            if self._broken is not None:
                raise self._broken
            try:
                put()
            except InvalidState:
                raise self._ending() from None
        try:
            self._flush(wait=True)
        except OSError as fault:
            raise ConnectionBroken(None, str(fault)) from fault

    def _flush(self, *, wait: bool) -> None:
        """Write what the protocol has to say, in its order.

        With ``wait`` false another thread that is writing takes it over: it looks
        again after it lets go of the lock. So a reader never waits for a writer
        whom the peer's full buffer holds up.
        """
        while True:
            if not self._sending.acquire(blocking=wait):
                return
            try:
                with self._state:
                    chunks = self._protocol.data_to_send()
                data = b"".join(chunks)
                if data:
                    self._stream.send_all(data)
            finally:
                self._sending.release()
            with self._state:
                if not self._protocol.writes:
                    return

    def _read(self, timeout: float | None) -> None:
        """Read once from the socket and let the protocol see it."""
        if timeout is not None and timeout <= 0:
            raise TimeoutError("no message arrived")
        reason = ""
        try:
            data = self._stream.receive(timeout)
        except TimeoutError:
            raise
        except (OSError, ValueError) as fault:  # ValueError: closed descriptor
            data, reason = b"", str(fault)
        with self._state:
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
            self._frames += self._protocol.events_received()  # type: ignore[arg-type]
        self._react(reason, at_eof=not data)

    def _react(self, reason: str = "", *, at_eof: bool = False) -> None:
        """Send the protocol's answers, and notice where it says that all is over."""
        try:
            self._flush(wait=False)
        except OSError as fault:
            reason = reason or str(fault)
        with self._state:
            closing = self._protocol.close_rcvd is not None
            failed = self._protocol.parser_exc is not None
            if (closing or failed or at_eof) and self._broken is None:
                self._broken = self._ending(reason)

    def _ending(self, reason: str = "") -> ConnectionBroken:
        received = self._protocol.close_rcvd
        if received is not None:
            return ConnectionBroken(received.code, received.reason)
        sent, fault = self._protocol.close_sent, self._protocol.parser_exc
        if sent is not None and fault is not None:
            return ConnectionBroken(None, f"the peer broke the protocol: {fault}")
        return ConnectionBroken(None, reason)

    def _next_message(self) -> str | bytes | None:
        from websockets.frames import Opcode

        while self._frames:
            frame = self._frames.pop(0)
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                if frame.opcode is not Opcode.CONT:
                    self._parts_are_text = frame.opcode is Opcode.TEXT
                self._parts.append(bytes(frame.data))
                if frame.fin:
                    return self._whole_message()
        return None

    def _whole_message(self) -> str | bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        if not self._parts_are_text:
            return data
        try:
            return data.decode()
        except UnicodeDecodeError as fault:
            self.close(1007, "text is not UTF-8", timeout=0)
            raise ConnectionBroken(None, f"text that is not UTF-8: {fault}") from fault


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
            f"{uri.host} did not answer the WebSocket handshake in {timeout:.3g} s",
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
