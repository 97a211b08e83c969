"""Reads the audio and sends it, on a thread of its own, turn after turn.

Live audio is read on a second thread: a microphone must be emptied, and a pipe
may stand still, whatever the sender does.

What was sent stays in a buffer until a phrase acknowledges it, so that a new
turn, on this connection or the next, can begin at any position that is not
acknowledged. A recording longer than the buffer is read again from its start;
live audio older than the buffer is lost, which the caller is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from stt_cli.core.environment import Environment
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.protocols.usp.client_turn import ClientTurn
from stt_cli.protocols.usp.limits import BYTES_A_SECOND
from stt_cli.protocols.usp.messages import AudioMessages
from stt_cli.protocols.usp.replay import ReplayBuffer
from stt_cli.providers.azure.pacing import Pacer

_KEPT_BYTES = 300 * BYTES_A_SECOND  # five minutes: longer than any phrase
_CHUNK_BYTES = BYTES_A_SECOND // 10
_MOST_CHUNKS = 10  # written at once where the pace allows it


@dataclass(slots=True)
class _Target:
    connection: WebSocketConnection
    turn: ClientTurn
    messages: AudioMessages
    position: int
    first_position: int
    header: bytes
    attached: float
    first_sent: datetime | None = None
    last_sent: datetime | None = None
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out in one turn."""

    position: int
    first: datetime | None
    last: datetime | None


class AudioFeed:
    """The audio of one input, as bytes in positions from its start.

    Args:
        open_blocks: starts reading the input from its beginning.
        live: whether that can be done once only.
    """

    def __init__(
        self,
        open_blocks: Callable[[], Iterator[bytes]],
        *,
        live: bool,
        pacer: Pacer,
        environment: Environment,
    ) -> None:
        self._open_blocks = open_blocks
        self._live = live
        self._pacer = pacer
        self._now = environment.now
        self._monotonic = environment.monotonic
        self._buffer = ReplayBuffer(_KEPT_BYTES)
        self._blocks: Iterator[bytes] | None = None
        self._to_skip = 0
        self._generation = 0
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._target: _Target | None = None
        self._closed = False
        self._exhausted = False
        self._send_began: float | None = None
        self.fault: BaseException | None = None
        self._sender = threading.Thread(
            target=self._run, name="stt-audio-sender", daemon=True
        )

    def start(self) -> None:
        """Begin to read."""
        self._sender.start()
        if self._live:
            threading.Thread(
                target=self._read_all, name="stt-audio-reader", daemon=True
            ).start()

    def wait_for_audio(self) -> None:
        """Wait for the first block; raises what reading it raised."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._buffer.end or self._exhausted or self._closed
            )
        if self.fault is not None and not self._buffer.end:
            raise self.fault

    @property
    def is_over(self) -> bool:
        """Whether all of the input has been read."""
        with self._changed:
            return self._exhausted

    @property
    def length(self) -> int:
        """How many bytes have been read by now."""
        with self._changed:
            return self._buffer.end

    def sent(self) -> Sent:
        """Return what went out in the current turn."""
        with self._changed:
            target = self._target
            if target is None:
                return Sent(0, None, None)
            return Sent(target.position, target.first_sent, target.last_sent)

    def is_complete(self) -> bool:
        """Whether the current turn has had all audio there is."""
        with self._changed:
            return self._target is not None and self._target.is_complete

    def is_stuck(self, seconds: float) -> bool:
        """Whether the peer has taken nothing of one message for so long."""
        since = self._send_began
        return since is not None and self._monotonic() - since >= seconds

    def attach(
        self,
        connection: WebSocketConnection,
        turn: ClientTurn,
        messages: AudioMessages,
        position: int,
        header: bytes,
    ) -> None:
        """Send to this turn from ``position`` on, after the container's header.

        The position must be one that ``position_for`` gave.
        """
        with self._changed:
            if position < self._buffer.start:
                self._buffer.clear(position)
                self._blocks, self._to_skip = None, position
                self._exhausted = False
                self._generation += 1
            self._target = _Target(
                connection,
                turn,
                messages,
                position,
                position,
                header,
                self._monotonic(),
            )
            self._changed.notify_all()

    def position_for(self, wanted: int) -> int:
        """Return where a turn can begin: ``wanted``, or later where audio is lost."""
        with self._changed:
            if self._live and wanted < self._buffer.start:
                return self._buffer.start
            return wanted

    def detach(self) -> Sent:
        """Send nothing more to the current turn; returns what went out in it.

        A connection whose peer takes no more must have been aborted before.
        """
        told = self.sent()
        with self._changed:
            self._target = None
            self._changed.notify_all()
        with self._sending:
            return told

    def acknowledge(self, position: int) -> None:
        """Let go of the audio before ``position``: it has its result."""
        with self._changed:
            self._buffer.trim(position)

    def close(self) -> None:
        """Stop reading and sending."""
        with self._changed:
            self._closed = True
            self._target = None
            self._changed.notify_all()
        self._sender.join(timeout=5.0)

    def _run(self) -> None:
        try:
            while self._step():
                pass
        finally:
            if not self._live:
                self._close_blocks()

    def _read_all(self) -> None:
        try:
            while not (self._closed or self._exhausted):
                self._read_block()
        finally:
            self._close_blocks()

    def _close_blocks(self) -> None:
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()

    def _step(self) -> bool:
        with self._changed:
            while not (self._closed or self._has_work()):
                self._changed.wait()
            if self._closed:
                return False
            target = self._target
            must_read = not self._exhausted and (
                target is None or target.position >= self._buffer.end
            )
        if must_read:
            self._read_block()
        elif target is not None:
            self._send(target)
        return True

    def _has_work(self) -> bool:
        target = self._target
        if target is None:
            may_read_ahead = self._buffer.end == 0 and not self._live
            return may_read_ahead and not self._exhausted
        if not target.turn.wants_audio or target.is_complete:
            return False
        has_audio = target.position < self._buffer.end or self._exhausted
        return has_audio or not self._live

    def _read_block(self) -> None:
        generation = self._generation
        block: bytes | None = None
        try:
            if self._blocks is None:
                self._blocks = self._open_blocks()
            block = next(self._blocks, None)
        except BaseException as fault:
            self.fault = fault
        with self._changed:
            if generation != self._generation:
                return
            if block is None:
                self._exhausted = True
            elif self._to_skip:
                skipped = min(self._to_skip, len(block))
                self._to_skip -= skipped
                block = block[skipped:]
            if block:
                self._buffer.append(block)
            self._changed.notify_all()

    def _send(self, target: _Target) -> None:
        """Send what is due: one message when paced, up to a second's when not."""
        self._wait_until_due(target)
        with self._sending:
            if not self._may_send(target):
                return
            with self._changed:
                due = self._due_bytes(target)
                audio = self._buffer.read(target.position, due)
            now = self._now()
            pieces = [audio[i : i + _CHUNK_BYTES] for i in range(0, due, _CHUNK_BYTES)]
            sound = [piece for piece in pieces if piece] or [b""]
            if target.header:
                sound.insert(0, target.header)
            self._send_began = self._monotonic()
            try:
                target.connection.send_binaries(
                    [target.messages.build(now, piece) for piece in sound]
                )
            except ConnectionBroken:
                self._forget(target)
                return
            finally:
                self._send_began = None
            with self._changed:
                target.header = b""
                target.first_sent = target.first_sent or now
                target.last_sent = now
                target.position += len(audio)
                target.is_complete = not audio

    def _wait_until_due(self, target: _Target) -> None:
        delay = self._pacer.delay(*self._progress_of(target))
        if delay > 0:
            with self._changed:
                self._changed.wait_for(lambda: not self._may_send(target), delay)

    def _due_bytes(self, target: _Target) -> int:
        burst = self._pacer.burst(*self._progress_of(target))
        chunks = max(1, int(burst * BYTES_A_SECOND) // _CHUNK_BYTES)
        return min(chunks, _MOST_CHUNKS) * _CHUNK_BYTES

    def _progress_of(self, target: _Target) -> tuple[float, float]:
        """Return the seconds of audio sent, and those that have passed."""
        sent = (target.position - target.first_position) / BYTES_A_SECOND
        return sent, self._monotonic() - target.attached

    def _may_send(self, target: _Target) -> bool:
        return not self._closed and self._target is target and target.turn.wants_audio

    def _forget(self, target: _Target) -> None:
        """Leave a broken connection alone; its receiver hears of the end itself."""
        with self._changed:
            target.is_complete = True
