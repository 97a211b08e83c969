"""An open WebSocket, blocking: one thread sends while another receives.

The protocol is that of the ``websockets`` package without its I/O; the I/O is a
plain socket, since neither asyncio nor a background thread is worth its
start-up time to a command that lives for one connection. Nothing here knows any
provider.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING

from stt_cli.core.http_message import HttpResponse
from stt_cli.net.duplex import Duplex, StalledError
from stt_cli.net.http_trace import log_text

if TYPE_CHECKING:
    from websockets.client import ClientProtocol
    from websockets.frames import Frame

NORMAL_CLOSURE = 1000
_STALLED_S = 30.0  # how long the peer may take nothing
_MOST_UNSENT = 1 << 20
"""Bytes of pongs that may wait while the peer takes nothing."""


class ConnectionBroken(Exception):  # noqa: N818 - what happened, as in a log
    """The connection is over. ``code`` is the peer's close code.

    ``code`` is ``None`` where the connection ended without a close message.
    """

    def __init__(self, code: int | None, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        how = "without a close message" if code is None else f"with code {code}"
        super().__init__(f"the connection closed {how}" + (reason and f": {reason}"))


class WebSocketConnection:
    """An open connection; made by ``websocket_handshake.connect``.

    ``send_text`` and ``send_binary`` may be called from one thread while another
    calls ``receive``. ``responses`` are the handshake's answers, redirects first.
    """

    def __init__(
        self,
        protocol: ClientProtocol,
        stream: Duplex,
        responses: tuple[HttpResponse, ...],
        early_frames: Sequence[Frame] = (),
        log: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.responses = responses
        self.response = responses[-1]
        self.subprotocol: str | None = protocol.subprotocol
        self._protocol = protocol
        self._stream = stream
        self._log = log
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
        log_text(self._log, ">", text)
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
                self._send(lambda: self._protocol.send_close(code, reason), timeout)
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
            self._broken = ConnectionBroken(None, "aborted on this side")
        self._stream.shut_down()

    def _send(self, put: Callable[[], None], seconds: float | None = None) -> None:
        from websockets.exceptions import InvalidState

        with self._state:
            if self._broken is not None:
                raise self._broken
            try:
                put()
            except InvalidState:
                raise self._ending() from None
        try:
            self._flush(wait=True, seconds=seconds)
        except (OSError, ValueError) as fault:  # ValueError: closed descriptor
            with self._state:
                self._broken = self._broken or ConnectionBroken(None, str(fault))
            self._stream.shut_down()  # whoever receives is told as well
            raise self._broken from fault

    def _flush(self, *, wait: bool, seconds: float | None = None) -> None:
        """Write what the protocol has to say, in its order.

        With ``wait`` false another thread that is writing takes it over: it looks
        again after it lets go of the lock. So a reader never waits for a writer
        whom the peer's full buffer holds up.
        """
        seconds = _STALLED_S if seconds is None else seconds
        while True:
            if not self._sending.acquire(timeout=seconds if wait else 0):
                if wait:
                    raise StalledError("timed out sending data")
                return
            try:
                with self._state:
                    chunks = self._protocol.data_to_send()
                data = b"".join(chunks)
                if data:
                    self._stream.send(data, seconds)
            finally:
                self._sending.release()
            with self._state:
                if not self._protocol.writes:
                    return

    def _read(self, timeout: float | None) -> None:
        """Read once from the socket and let the protocol see it."""
        if timeout is not None and timeout <= 0:
            raise TimeoutError("no message received")
        reason = ""
        try:
            until = inf if timeout is None else time.monotonic() + timeout
            data = self._stream.receive(until)
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
            if sum(map(len, self._protocol.writes)) > _MOST_UNSENT:
                self._broken = ConnectionBroken(None, "the peer stopped accepting data")
                self._stream.shut_down()
                return
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
            return ConnectionBroken(None, f"protocol error by the peer: {fault}")
        return ConnectionBroken(None, reason)

    def _next_message(self) -> str | bytes | None:
        from websockets.frames import Opcode

        while self._frames:
            frame = self._frames.pop(0)
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                if frame.opcode is not Opcode.CONT:
                    self._parts_are_text = frame.opcode is Opcode.TEXT
                if frame.data:
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
            text = data.decode()
        except UnicodeDecodeError as fault:
            self.close(1007, "text is not valid UTF-8", timeout=0)
            raise ConnectionBroken(None, f"text is not valid UTF-8: {fault}") from fault
        log_text(self._log, "<", text)
        return text
