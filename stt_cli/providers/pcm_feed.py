"""Reads an input as PCM on one thread and sends it to a socket on another.

Two threads, since a pipe that pauses must not hold up what was read before the
pause. What was sent stays in a buffer until a result covers it, so that another
connection can begin where the results ended. A recording longer than the
buffer is read again from its start; live audio older than that is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stt_cli.core.options import Pace
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection

BYTES_A_SECOND = 32_000  # 16 kHz, 16 bit, mono
_KEPT_BYTES = 300 * BYTES_A_SECOND
_CHUNK_BYTES = BYTES_A_SECOND // 10
_AHEAD_BYTES = 2 * BYTES_A_SECOND


@dataclass(frozen=True, slots=True)
class Pacer:
    """``ahead`` seconds of audio go at once, then ``speed`` of it a second."""

    ahead: float
    speed: float

    @classmethod
    def of(cls, pace: Pace, *, live: bool, ahead: float, speed: float) -> Pacer:
        """Return the pacer of a wish; ``ahead`` and ``speed`` are for ``auto``."""
        if live or pace is Pace.FAST:
            return cls(0.0, float("inf"))
        return cls(0.0, 1.0) if pace is Pace.REALTIME else cls(ahead, speed)

    def delay(self, audio_seconds: float, elapsed: float) -> float:
        """Return how long to wait before sending on, in seconds."""
        if self.speed == float("inf"):
            return 0.0
        return max(0.0, (audio_seconds - self.ahead) / self.speed - elapsed)


@dataclass(slots=True)
class _Target:
    connection: WebSocketConnection
    position: int
    first: int
    since: float
    ending: bool = False
    ended: bool = False
    broken: bool = False


class PcmFeed:
    """The audio of one input, sent to one connection after another.

    ``last_audio`` is when audio left last, ``last_sent`` when anything did, which
    its user may write too; both by the clock ``monotonic``.

    Args:
        open_blocks: starts reading the input from its beginning.
        live: whether that can be done once only.
        end: sent as text after the last audio.
        monotonic: a clock in seconds.
    """

    def __init__(
        self,
        open_blocks: Callable[[], Iterator[bytes]],
        *,
        live: bool,
        pacer: Pacer,
        end: str,
        monotonic: Callable[[], float],
    ) -> None:
        self._open_blocks = open_blocks
        self._live = live
        self._pacer = pacer
        self._end = end
        self._monotonic = monotonic
        self._blocks: Iterator[bytes] | None = None
        self._buffer = bytearray()
        self._start = 0  # the position of the buffer's first byte
        self._to_skip = 0
        self._exhausted = False
        self._closed = False
        self._target: _Target | None = None
        self._changed = threading.Condition()
        self.last_sent = monotonic()
        self.last_audio = self.last_sent
        self.fault: BaseException | None = None
        self._threads = [
            threading.Thread(target=work, name=f"pcm-{work.__name__}", daemon=True)
            for work in (self._read, self._send)
        ]

    def start(self) -> None:
        """Begin to read, and wait for the first audio; raises what reading raises."""
        for thread in self._threads:
            thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._buffer or self._exhausted)
        if self.fault is not None and not self._buffer:
            raise self.fault

    @property
    def length(self) -> int:
        """How many bytes were read by now."""
        with self._changed:
            return self._start + len(self._buffer)

    @property
    def has_ended(self) -> bool:
        """Whether the current connection was told the end of the audio."""
        target = self._target
        return target is not None and target.ended

    @property
    def is_ending(self) -> bool:
        """Whether the end was sent, or is just being sent.

        The answer to it may be here before the sending thread has said so.
        """
        target = self._target
        return target is not None and target.ending

    def attach(self, connection: WebSocketConnection, position: int) -> int:
        """Send to a connection from ``position`` on; returns where it begins.

        That is later only where live audio is lost.
        """
        with self._changed:
            position -= position % 2
            if position < self._start and self._live:
                position = self._start
            elif position < self._start:
                self._blocks, self._to_skip = None, position
                self._buffer.clear()
                self._start, self._exhausted = position, False
            self._target = _Target(connection, position, position, self._monotonic())
            self._changed.notify_all()
        return position

    def detach(self) -> None:
        """Send nothing more to the current connection."""
        with self._changed:
            self._target = None
            self._changed.notify_all()

    def acknowledge(self, position: int) -> None:
        """Let go of the audio before ``position``: it has its result."""
        with self._changed:
            sent = self._target.position if self._target else self._start
            self._trim(min(position, sent))

    def close(self) -> None:
        """Stop reading and sending."""
        with self._changed:
            self._closed = True
            self._target = None
            self._changed.notify_all()
        if not self._live:
            for thread in self._threads:
                if thread.ident is not None:
                    thread.join(timeout=5.0)

    def _read(self) -> None:
        """Read into the buffer: live audio at once, other audio a little ahead."""
        try:
            while self._wait(self._may_read):
                self._read_block()
        finally:
            close = getattr(self._blocks, "close", None)
            if close is not None:
                close()

    def _send(self) -> None:
        """Send out of the buffer to whichever connection is the current one."""
        while self._wait(self._has_work):
            with self._changed:
                target = self._target
                if target is None:
                    continue
                # Live audio that nobody took for minutes is lost.
                target.position = max(target.position, self._start)
                at = target.position - self._start
                chunk = bytes(self._buffer[at : at + _CHUNK_BYTES])
            self._send_chunk(target, chunk)

    def _wait(self, for_what: Callable[[], bool]) -> bool:
        """Wait until there is something to do; returns whether there ever will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or for_what())
            return not self._closed

    def _may_read(self) -> bool:
        if self._exhausted:
            return False
        if self._live:
            return True
        sent = self._target.position if self._target else self._start
        return self._start + len(self._buffer) - sent < _AHEAD_BYTES

    def _has_work(self) -> bool:
        target = self._target
        if target is None or target.ended or target.broken:
            return False
        there_is_more = target.position < self._start + len(self._buffer)
        return there_is_more or self._exhausted

    def _read_block(self) -> None:
        block: bytes | None = None
        blocks: Iterator[bytes] | None = None
        try:
            with self._changed:
                blocks = self._blocks = self._blocks or self._open_blocks()
            block = next(blocks, None)
        except BaseException as fault:
            self.fault = fault
            if self._target is not None:
                self._target.connection.abort()  # wakes the receiver up
        with self._changed:
            if blocks is not self._blocks:
                return  # it is being read again from its start
            if block is None:
                self._exhausted = True
            elif self._to_skip:
                skipped = min(self._to_skip, len(block))
                self._to_skip -= skipped
                block = block[skipped:]
            self._buffer += block or b""
            oldest = self._start + len(self._buffer) - _KEPT_BYTES
            if not self._live and self._target is not None:
                oldest = min(oldest, self._target.position)
            self._trim(oldest)
            self._changed.notify_all()

    def _trim(self, position: int) -> None:
        if position > self._start:
            del self._buffer[: position - self._start]
            self._start = position

    def _send_chunk(self, target: _Target, chunk: bytes) -> None:
        seconds = (target.position - target.first) / BYTES_A_SECOND
        delay = self._pacer.delay(seconds, self._monotonic() - target.since)
        with self._changed:
            if delay > 0:
                self._changed.wait_for(lambda: not self._may_send(target), delay)
            if not self._may_send(target):
                return
        try:
            if chunk:
                target.connection.send_binary(chunk)
            else:
                target.ending = True
                target.connection.send_text(self._end)
        except ConnectionBroken:
            target.broken = True  # the receiver hears of it by itself
            return
        with self._changed:
            self.last_sent = self.last_audio = self._monotonic()
            target.position += len(chunk)
            target.ended = not chunk
            self._changed.notify_all()

    def _may_send(self, target: _Target) -> bool:
        return not self._closed and self._target is target
