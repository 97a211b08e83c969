"""Bytes over a socket, both ways at once, in clear or inside TLS.

A server may refuse in the middle of an upload and stop reading, or hang up right
behind its word: who only writes then waits in vain, or hears of a reset instead. So
whoever sends may listen meanwhile, and one thread may send while another receives.

OpenSSL's connection object must not be read and written at the same time, so TLS
runs in memory (``ssl.MemoryBIO``) under a lock, and only ciphertext meets the
socket. That also makes TLS within TLS possible, which a proxy reached by https wants.
"""

from __future__ import annotations

import errno
import os
import select
import socket
from collections.abc import Callable
from math import inf
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import ssl

_READ, _WRITE = 1, 2
_MOST_AT_ONCE = 1 << 22  # bytes that the system is asked to send by itself
_MOST_AT_ONCE_IN_TLS = 1 << 16
_STEP = 1.0  # seconds without a sign for whoever wants to stop it
RECEIVED_AT_ONCE = 65_536

_NOT_FROM_HERE = frozenset(
    {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EOVERFLOW, errno.EIO}
)
"""What the system says of a file that it cannot send by itself, or cannot read."""


class StalledError(TimeoutError):
    """The other side took no byte for the time it was given."""


class NotSentError(Exception):
    """The system sends this file no further than ``at``; it must be read."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def _no_one(_count: int) -> None:
    return


class Duplex:
    """A connected socket. ``deadline`` is when nothing is waited for any more."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = sock
        self._layers: list[_TlsLayer] = []
        self._lock = Lock()
        self._early: bytes | None = None
        self._ended = False
        self.deadline = inf

    @property
    def can_send_files(self) -> bool:
        """Whether the system can send a file by itself: not through TLS."""
        return hasattr(os, "sendfile") and not self._layers

    @property
    def is_stale(self) -> bool:
        """Whether something came that nobody asked for, mostly the end."""
        return bool(self._poll(_READ, 0.0))

    def start_tls(self, context: ssl.SSLContext, host: str, until: float) -> None:
        """Go on inside TLS, or inside another one.

        Raises:
            ssl.SSLError, ssl.CertificateError: it does not come about.
            TimeoutError: not by ``until``, a time of ``monotonic``.
            ConnectionError: the other side hung up.
        """
        import ssl

        layer = _TlsLayer(context, host)
        while True:
            try:
                layer.machine.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._send_layered(layer.outgoing.read(), until)
                data = self.receive(until)
                if not data:
                    raise ConnectionResetError(
                        "the connection was closed during the TLS handshake"
                    ) from None
                layer.incoming.write(data)
            except ssl.SSLError:
                self._send_layered(layer.outgoing.read(), until)  # the alert
                raise
        self._send_layered(layer.outgoing.read(), until)
        self._layers.append(layer)
        self._early = layer.unwrap(b"")  # what came along with the last of it

    def send(
        self,
        data: bytes | memoryview,
        seconds: float,
        heard: Callable[[], bool] | None = None,
        on_sent: Callable[[int], None] = _no_one,
    ) -> bool:
        """Send all of it; return whether to go on.

        Args:
            seconds: how long the other side may take nothing.
            heard: called when something arrives; true ends the sending.
            on_sent: called with the bytes that left, and with 0 now and then.

        Raises:
            StalledError: the other side takes nothing.
            OSError: the connection broke.
        """
        if not self._layers:
            return self._send_plain(data, seconds, heard, on_sent)
        view = memoryview(data)
        for start in range(0, len(view), _MOST_AT_ONCE_IN_TLS):
            piece = view[start : start + _MOST_AT_ONCE_IN_TLS]
            # What leaves is longer than what is in it, so it is told when it has left.
            if not self._send_plain(
                self._wrapped(piece), seconds, heard, lambda _count: on_sent(0)
            ):
                return False
            on_sent(len(piece))
        return True

    def send_file(
        self,
        file: BinaryIO,
        start: int,
        length: int,
        seconds: float,
        heard: Callable[[], bool],
        on_sent: Callable[[int], None],
    ) -> bool:
        """Let the system send a part of a file, as ``send`` does.

        Raises:
            EOFError: the file ends before.
            NotSentError: it is no file that can be sent so.
        """
        at, end = start, start + length

        def go() -> int:
            nonlocal at
            here, there = self._socket.fileno(), file.fileno()
            try:
                count = os.sendfile(here, there, at, min(end - at, _MOST_AT_ONCE))
            except BlockingIOError:
                return 0
            except OSError as fault:
                if fault.errno in _NOT_FROM_HERE:
                    raise NotSentError(at) from fault
                raise
            if not count:
                raise EOFError
            at += count
            return count

        return self._go_on(go, length, seconds, heard, on_sent)

    def receive(self, until: float) -> bytes:
        """Return what arrives; nothing at the end.

        Raises:
            TimeoutError: nothing did by ``until``, a time of ``monotonic``.
            OSError: the connection broke.
        """
        until = min(until, self.deadline)
        while True:
            found = self.receive_now()
            if found is not None:
                return found
            left = until - monotonic()
            if left <= 0:
                raise TimeoutError("timed out waiting for data")
            self._poll(_READ, left)

    def receive_now(self) -> bytes | None:
        """Return what has arrived, or ``None`` if that is nothing."""
        if self._early is not None:
            early, self._early = self._early, None
            return early
        if self._ended:
            return b""
        try:
            data = self._socket.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return None
        if not self._layers or not data:
            return data
        with self._lock:
            for layer in self._layers:
                found = layer.unwrap(data)
                self._ended = self._ended or layer.has_ended
                if not found:  # the end, or part of a record
                    return found
                data = found
        return data

    def shut_down(self) -> None:
        """End both directions, which wakes up whoever waits on them."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it was down already

    def close(self) -> None:
        """Give the socket back to the system."""
        self._socket.close()

    def _wrapped(self, data: bytes | memoryview) -> bytes | memoryview:
        with self._lock:
            for layer in reversed(self._layers):
                data = layer.wrap(data)
        return data

    def _send_layered(self, data: bytes, until: float) -> None:
        """Send what a further layer has to say, through those that stand."""
        if data:
            self._send_plain(
                self._wrapped(data), max(0.0, until - monotonic()), None, _no_one
            )

    def _send_plain(
        self,
        data: bytes | memoryview,
        seconds: float,
        heard: Callable[[], bool] | None,
        on_sent: Callable[[int], None],
    ) -> bool:
        view = memoryview(data)

        def go() -> int:
            nonlocal view
            try:
                count = self._socket.send(view)
            except BlockingIOError:
                return 0
            view = view[count:]
            return count

        return self._go_on(go, len(view), seconds, heard, on_sent)

    def _go_on(
        self,
        go: Callable[[], int],
        left: int,
        seconds: float,
        heard: Callable[[], bool] | None,
        on_sent: Callable[[int], None],
    ) -> bool:
        until = monotonic() + seconds
        events = _WRITE if heard is None else _READ | _WRITE
        while left:
            end = min(until, self.deadline)
            ready = self._poll(events, min(end - monotonic(), _STEP))
            if heard is not None and ready & _READ and heard():
                return False
            count = go() if ready & _WRITE else 0
            if count:
                left -= count
                until = monotonic() + seconds
            elif monotonic() >= end:
                raise StalledError("timed out sending data")
            on_sent(count)
        return True

    def _poll(self, events: int, seconds: float) -> int:
        """Wait for one of the events; return those that came."""
        seconds = max(0.0, seconds)
        if not hasattr(select, "poll"):  # Windows
            readers = [self._socket] if events & _READ else []
            writers = [self._socket] if events & _WRITE else []
            found = select.select(readers, writers, writers, seconds)
            return (_READ if found[0] else 0) | (_WRITE if found[1] or found[2] else 0)
        poller = select.poll()
        wanted = (select.POLLIN if events & _READ else 0) | (
            select.POLLOUT if events & _WRITE else 0
        )
        poller.register(self._socket, wanted)
        limit = None if seconds == inf else round(seconds * 1000 + 0.5)
        for _, came in poller.poll(limit):
            if came & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
                return events  # whichever is tried tells what is amiss
            return (_READ if came & select.POLLIN else 0) | (
                _WRITE if came & select.POLLOUT else 0
            )
        return 0


class _TlsLayer:
    """TLS in memory."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        import ssl

        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.machine = context.wrap_bio(
            self.incoming, self.outgoing, server_hostname=host
        )
        self.has_ended = False

    def wrap(self, data: bytes | memoryview) -> bytes:
        self.machine.write(data)
        return self.outgoing.read()

    def unwrap(self, data: bytes) -> bytes | None:
        """Return what is in it, nothing at the end, ``None`` for part of a record."""
        import ssl

        self.incoming.write(data)
        found = bytearray()
        while True:
            try:
                block = self.machine.read(RECEIVED_AT_ONCE)
            except ssl.SSLWantReadError:
                return bytes(found) or None
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                block = b""
            if not block:
                self.has_ended = True
                return bytes(found)
            found += block
