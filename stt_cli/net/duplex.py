"""Bytes over a socket, both ways at once: who sends for long must listen meanwhile.

A server may refuse in the middle of an upload and stop reading, or hang up right
behind its word. Who only writes then waits in vain, or hears of a reset instead.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from math import inf
from time import monotonic
from typing import Any, BinaryIO

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_MOST_AT_ONCE = 1 << 22  # bytes that the system is asked to send by itself
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


class Wire:
    """A connected socket with time limits, plain or TLS.

    Args:
        seconds: from now on, after which nothing is waited for any more.
    """

    def __init__(self, sock: socket.socket, seconds: float | None = None) -> None:
        self._socket = sock
        self._end = inf if seconds is None else monotonic() + seconds
        self._selector = selectors.DefaultSelector()
        self._watched = 0
        self._wanting = _wants_of(sock)
        sock.setblocking(False)

    @property
    def can_send_files(self) -> bool:
        """Whether the system can send a file by itself: not through TLS."""
        return hasattr(os, "sendfile") and type(self._socket) is socket.socket

    def send(
        self,
        data: bytes | memoryview,
        seconds: float,
        heard: Callable[[], bool],
        told: Callable[[int], None],
    ) -> bool:
        """Send all of it; return whether to go on.

        Args:
            seconds: how long the other side may take nothing.
            heard: called when something arrives; true ends the sending.
            told: called with the bytes that left, and with 0 now and then.

        Raises:
            StalledError: the other side takes nothing.
            OSError: the connection broke.
        """
        view = memoryview(data)

        def go() -> int:
            nonlocal view
            count = self._socket.send(view)
            view = view[count:]
            return count

        return self._go_on(go, len(view), seconds, heard, told)

    def send_file(
        self,
        file: BinaryIO,
        start: int,
        length: int,
        seconds: float,
        heard: Callable[[], bool],
        told: Callable[[int], None],
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
            except OSError as fault:
                if fault.errno in _NOT_FROM_HERE:
                    raise NotSentError(at) from fault
                raise
            if not count:
                raise EOFError
            at += count
            return count

        return self._go_on(go, length, seconds, heard, told)

    def receive(self, seconds: float) -> bytes:
        """Return what arrives; nothing at the end.

        Raises:
            TimeoutError: nothing did.
        """
        until = monotonic() + seconds
        while True:
            found = self.receive_now()
            if found is not None:
                return found
            self._wait(_READ, until, TimeoutError("nothing arrived in time"))

    def receive_now(self) -> bytes | None:
        """Return what has arrived, or ``None`` if that is nothing."""
        try:
            return self._socket.recv(RECEIVED_AT_ONCE)
        except self._wanting:
            return None

    def close(self) -> None:
        """Close the socket."""
        self._selector.close()
        self._socket.close()

    def _go_on(
        self,
        go: Callable[[], int],
        left: int,
        seconds: float,
        heard: Callable[[], bool],
        told: Callable[[int], None],
    ) -> bool:
        until = monotonic() + seconds
        while left:
            ready = self._ready(_READ | _WRITE, until)
            if ready & _READ and heard():
                return False
            count = 0
            if ready & _WRITE:
                with suppress(*self._wanting):
                    count = go()
            if count:
                left -= count
                until = monotonic() + seconds
            elif monotonic() >= min(until, self._end):
                raise StalledError("no byte was taken in time")
            told(count)
        return True

    def _wait(self, events: int, until: float, fault: TimeoutError) -> None:
        while not self._ready(events, until):
            if monotonic() >= min(until, self._end):
                raise fault

    def _ready(self, events: int, until: float) -> int:
        """Wait a moment for one of the events; return those that came."""
        if events != self._watched:
            if self._watched:
                self._selector.modify(self._socket, events)
            else:
                self._selector.register(self._socket, events)
            self._watched = events
        left = min(until, self._end) - monotonic()
        found = self._selector.select(max(0.0, min(left, _STEP)))
        return found[0][1] if found else 0


def _wants_of(sock: socket.socket) -> tuple[type[Any], ...]:
    """Return what a socket raises that can do nothing at this moment."""
    if type(sock) is socket.socket:
        return (BlockingIOError,)
    import ssl

    return (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
