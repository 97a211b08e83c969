"""An HTTP/1.1 connection: one request out, one answer in, as often as it stands.

While a body leaves, the server is listened to. A refusal, such as 401 or 413, ends
the sending and is the answer. A good answer in the middle does not: some services
begin theirs before they have heard everything.

With ``Expect: 100-continue`` the head goes first; the body follows when the server
answers ``100``, or after a pause without a word from it (RFC 9110, section 10.1.1:
a client must not wait for ever).

Every wait ends, whatever the other side does: the head of an answer has one limit,
which no interim answer and no dripping renews, and only content renews that of a body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from time import monotonic
from typing import Any

import h11

from stt_cli.core.address import Address
from stt_cli.core.errors import UnreachableError
from stt_cli.core.http_message import (
    FileRange,
    HttpRequest,
    HttpResponse,
    Part,
    StreamedBody,
)
from stt_cli.net.bodies import opened, read, too_short
from stt_cli.net.dial import NETWORK_HINT, Line
from stt_cli.net.duplex import NotSentError, StalledError
from stt_cli.net.messages import Timeouts, head_of, whole_head

PATIENCE = 1.0
"""Seconds to wait for ``100`` before the body goes anyway, as curl does."""

_LONGEST_HEAD = 100 * 1024
_LONG_WAIT_S = 300.0
"""Who was silent for longer than this is not asked again."""
_HEARD_WHILE_SENDING = 1 << 20
"""Bytes of an early answer that are kept while the body leaves; then nobody listens."""
_JOINED = 1 << 16
"""Bytes up to which a body leaves together with its head."""


def _no_one(_count: int) -> None:
    return


class HttpConnection:
    """A line and the HTTP state machine over it. Used by one thread at a time."""

    def __init__(self, line: Line, address: Address) -> None:
        self.line = line
        self.is_whole = False  # the request has left to its last byte
        self._address = address
        self._stream = line.stream
        self._machine = h11.Connection(
            our_role=h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD
        )
        self._answer: h11.Response | None = None
        self._begin(Timeouts(), _no_one)

    def send(
        self,
        request: HttpRequest,
        address: Address,
        timeouts: Timeouts,
        on_bytes: Callable[[int], None] | None = None,
    ) -> HttpResponse:
        """Send a request; return the answer's head.

        Args:
            on_bytes: told the bytes of the body that left, at every block, and once
                a second while none leaves.

        Raises:
            UnreachableError: the connection broke off.
        """
        self._begin(timeouts, on_bytes or _no_one)
        head = self._machine.send(whole_head(request, address, self.line)) or b""
        try:
            return self._exchanged(request, head)
        except (OSError, h11.RemoteProtocolError) as fault:
            raise self._broke_off(fault, sent=self.is_whole) from fault

    def body(self) -> Iterator[bytes]:
        """Yield the answer's body as it arrives. Raises ``UnreachableError``."""
        until = monotonic() + self._timeouts.read
        try:
            while True:
                event = self._next(until)
                if isinstance(event, h11.Data):
                    if event.data:
                        yield bytes(event.data)
                        until = monotonic() + self._timeouts.read
                elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                    return
        except (OSError, h11.RemoteProtocolError) as fault:
            raise self._broke_off(fault, sent=True) from fault

    def can_be_kept(self) -> bool:
        """Make ready for another request; return whether there can be one."""
        if self._machine.our_state is not h11.DONE:
            return False
        if self._machine.their_state is not h11.DONE:
            return False
        self._machine.start_next_cycle()
        return True

    @property
    def is_stale(self) -> bool:
        """Whether the server has ended it meanwhile."""
        return self._stream.is_stale

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def _begin(self, timeouts: Timeouts, on_bytes: Callable[[int], None]) -> None:
        self._timeouts = timeouts
        self._on_bytes = on_bytes
        self._done = 0
        self._heard = 0
        self._answer = None
        self.is_whole = False
        total = timeouts.total
        self._stream.deadline = inf if total is None else monotonic() + total

    def _exchanged(self, request: HttpRequest, head: bytes) -> HttpResponse:
        body = request.body
        if request.expect_continue:
            self._send_all(head, _no_one)
            answer = self._answer_instead_of_100()
            if answer is not None:
                return head_of(answer, request.url)
            head = b""
        try:
            if isinstance(body, bytes) and len(body) <= _JOINED and head:
                self._send_joined(head, body)
            else:
                self._send_all(head, _no_one)
                self._send_body(body)
        except (BrokenPipeError, ConnectionResetError):
            # The server may have answered and hung up; its word counts.
            self._machine.send_failed()
        until = monotonic() + self._timeouts.read
        while self._answer is None:
            self._take(self._next(until))
        return head_of(self._answer, request.url)

    def _answer_instead_of_100(self) -> h11.Response | None:
        until = monotonic() + PATIENCE
        try:
            while True:
                event = self._next(until)
                if isinstance(event, h11.Response):
                    self._answer = event
                    return event
                if event.status_code == 100:
                    return None
        except TimeoutError:
            return None

    def _send_joined(self, head: bytes, body: bytes) -> None:
        """Send a short request in one piece."""
        pieces = [head]
        if body:
            pieces.append(self._machine.send(h11.Data(data=body)) or b"")
        pieces.append(self._machine.send(h11.EndOfMessage()) or b"")
        self._on_bytes(0)
        if self._send_all(b"".join(pieces), _no_one):
            self.is_whole = True
            self._count(len(body))

    def _send_body(self, body: bytes | StreamedBody | None) -> None:
        self._on_bytes(0)
        for part in _parts(body):
            if isinstance(part, bytes):
                going_on = self._send_bytes(part)
            elif self._stream.can_send_files:
                going_on = self._send_file(part)
            else:
                going_on = all(map(self._send_bytes, read(part)))
            if not going_on:
                return
        self._send_all(self._machine.send(h11.EndOfMessage()) or b"", _no_one)
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
                return self._stream.send_file(
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

    def _send_all(self, data: bytes, counted: Callable[[int], None]) -> bool:
        listens = self._heard < _HEARD_WHILE_SENDING
        heard = self._is_refused if listens else None
        return self._stream.send(data, self._timeouts.write, heard, counted)

    def _count(self, count: int) -> None:
        self._done += count
        self._on_bytes(self._done)

    def _is_refused(self) -> bool:
        """Take what arrives while the body leaves; whether that is to end."""
        data = self._stream.receive_now()
        if data is None:
            return False
        self._heard += len(data)
        self._machine.receive_data(data)
        if self._answer is not None:
            return not data  # its body is read in its turn
        while self._answer is None:
            event = self._machine.next_event()
            if event is h11.NEED_DATA:
                return False
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("the server closed the connection")
            self._take(event)
        return self._answer.status_code >= 300

    def _take(self, event: Any) -> None:
        if isinstance(event, h11.Response):
            self._answer = event

    def _next(self, until: float) -> Any:
        """Return the next event.

        Raises:
            TimeoutError: there was none by ``until``.
        """
        while True:
            event = self._machine.next_event()
            if event is not h11.NEED_DATA:
                if monotonic() > min(until, self._stream.deadline):
                    raise TimeoutError("timed out waiting for data")
                return event
            data = self._stream.receive(until)
            if not data and self._answer is None:
                raise ConnectionResetError(
                    "the server closed the connection without a response"
                )
            self._machine.receive_data(data)

    def _broke_off(self, fault: Exception, *, sent: bool) -> UnreachableError:
        host = self._address.authority
        if isinstance(fault, StalledError):
            words, hint = (
                f"{host} stopped accepting data",
                ("try again; the connection may be slow"),
            )
        elif isinstance(fault, TimeoutError):
            words, hint = (
                f"{host} did not respond in time",
                ("try again, or use a longer --timeout"),
            )
        else:
            why = str(fault) or type(fault).__name__
            words, hint = f"lost the connection to {host}: {why}", NETWORK_HINT
        if self.line.proxy is not None:
            words = f"{words}, through the proxy {self.line.proxy.shown}"
        gave_up = isinstance(fault, TimeoutError) and not isinstance(
            fault, StalledError
        )
        waited_enough = gave_up and self._timeouts.read > _LONG_WAIT_S
        error = UnreachableError(words, hint=hint, transient=not waited_enough)
        error.before_request = not sent
        return error


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
