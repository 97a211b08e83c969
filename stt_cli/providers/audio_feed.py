"""Reads the audio of an input and sends it, on a thread of its own, turn after turn.

Live audio is read on a second thread: a microphone must be emptied, and a pipe
may stand still, whatever the sender does. What was sent stays in a backlog until
a result acknowledges it, so that a new turn, on this connection or the next, can
begin at any position that is not acknowledged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stt_cli.core.environment import Environment
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.providers.backlog import Backlog
from stt_cli.providers.pacing import Pacer

BYTES_A_SECOND = 32_000  # 16 kHz, 16 bit, mono
_KEPT_BYTES = 300 * BYTES_A_SECOND  # five minutes: longer than any phrase
_CHUNK_BYTES = BYTES_A_SECOND // 10
_MOST_CHUNKS = 10  # written at once where the pace allows it


class AudioSink(Protocol):
    """One turn's way out: its connection, and how audio is framed on it."""

    @property
    def wants_audio(self) -> bool:
        """Whether the service still takes audio in this turn."""

    def send(self, now: datetime, chunks: Sequence[bytes]) -> None:
        """Send chunks of audio. Raises ``ConnectionBroken``."""

    def end(self, now: datetime) -> None:
        """Say that there is no more audio. Raises ``ConnectionBroken``."""


class BareSink:
    """Sends bare audio in binary messages and ends it with a text message.

    ``is_ending`` is true before the end is out: the service's answer to it may be
    here before the sending thread has gone on.
    """

    wants_audio = True

    def __init__(self, connection: WebSocketConnection, end: str) -> None:
        self._connection = connection
        self._end = end
        self.is_ending = False

    def send(self, now: datetime, chunks: Sequence[bytes]) -> None:
        """Send chunks of audio. Raises ``ConnectionBroken``."""
        self._connection.send_binaries(chunks)

    def end(self, now: datetime) -> None:
        """Say that there is no more audio. Raises ``ConnectionBroken``."""
        self.is_ending = True
        self._connection.send_text(self._end)


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out in one turn: up to which position, and when."""

    position: int
    first: datetime | None
    last: datetime | None


@dataclass(slots=True)
class _Turn:
    sink: AudioSink
    position: int
    first_position: int
    attached: float
    first_sent: datetime | None = None
    last_sent: datetime | None = None
    has_ended: bool = False
    is_broken: bool = False

    def sent(self) -> Sent:
        return Sent(self.position, self.first_sent, self.last_sent)


class AudioFeed:
    """The audio of one input, as bytes in positions from its start.

    ``last_audio`` is when audio left last, by the monotonic clock.

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
        self._backlog = Backlog(_KEPT_BYTES, live=live)
        self._blocks: Iterator[bytes] | None = None
        self._blocks_generation = 0
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._turn: _Turn | None = None
        self._closed = False
        self._send_began: float | None = None
        self.last_audio = self._monotonic()
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
                lambda: self._backlog.end or self._backlog.is_whole or self._closed
            )
        if self.fault is not None and not self._backlog.end:
            raise self.fault

    @property
    def is_over(self) -> bool:
        """Whether all of the input has been read."""
        with self._changed:
            return self._backlog.is_whole

    @property
    def length(self) -> int:
        """How many bytes have been read by now."""
        with self._changed:
            return self._backlog.end

    def sent(self) -> Sent:
        """Return what went out in the current turn."""
        with self._changed:
            return self._turn.sent() if self._turn else Sent(0, None, None)

    @property
    def has_ended(self) -> bool:
        """Whether the current turn was told the end of the audio."""
        with self._changed:
            return self._turn is not None and self._turn.has_ended

    def is_complete(self) -> bool:
        """Whether the current turn gets no more audio: all is out, or it broke."""
        with self._changed:
            turn = self._turn
            return turn is not None and (turn.has_ended or turn.is_broken)

    def is_stuck(self, seconds: float) -> bool:
        """Whether the peer has taken nothing of one message for so long."""
        since = self._send_began
        return since is not None and self._monotonic() - since >= seconds

    def position_for(self, wanted: int) -> int:
        """Return where a turn can begin: ``wanted``, or later where audio is lost."""
        with self._changed:
            return self._backlog.position_for(wanted)

    def attach(self, sink: AudioSink, position: int) -> None:
        """Send to this turn from ``position`` on, one that ``position_for`` gave."""
        with self._changed:
            self._backlog.go_to(position)
            self._turn = _Turn(sink, position, position, self._monotonic())
            self._changed.notify_all()

    def detach(self) -> Sent:
        """Send nothing more to the current turn; returns what went out in it.

        A connection whose peer takes no more must have been aborted before.
        """
        with self._changed:
            turn, self._turn = self._turn, None
            self._changed.notify_all()
        with self._sending:
            return turn.sent() if turn else Sent(0, None, None)

    def acknowledge(self, position: int) -> None:
        """Let go of the audio before ``position``: it has its result.

        Audio that was not sent stays, whatever the service claims to have heard.
        """
        with self._changed:
            sent = self._turn.position if self._turn else position
            self._backlog.trim(min(position, sent))

    def close(self) -> None:
        """Stop reading and sending."""
        with self._changed:
            self._closed = True
            self._turn = None
            self._changed.notify_all()
        if self._sender.ident is not None:
            self._sender.join(timeout=5.0)

    def _run(self) -> None:
        try:
            while self._step():
                pass
        except BaseException as fault:  # whoever receives waits for nothing then
            self.fault = fault
            with self._changed:
                if self._turn is not None:
                    self._turn.is_broken = True
        finally:
            if not self._live:
                self._close_blocks()

    def _read_all(self) -> None:
        try:
            while not (self._closed or self._backlog.is_whole):
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
            turn = self._turn
            must_read = not self._backlog.is_whole and (
                turn is None or turn.position >= self._backlog.end
            )
        if must_read:
            self._read_block()
        elif turn is not None:
            self._send(turn)
        return True

    def _has_work(self) -> bool:
        turn, backlog = self._turn, self._backlog
        if turn is None:
            may_read_ahead = backlog.end == 0 and not self._live
            return may_read_ahead and not backlog.is_whole
        if not turn.sink.wants_audio or turn.has_ended or turn.is_broken:
            return False
        has_audio = turn.position < backlog.end or backlog.is_whole
        return has_audio or not self._live

    def _read_block(self) -> None:
        with self._changed:
            generation = self._backlog.generation
        if self._blocks_generation != generation:
            self._close_blocks()
            self._blocks, self._blocks_generation = None, generation
        block: bytes | None = None
        try:
            if self._blocks is None:
                self._blocks = self._open_blocks()
            block = next(self._blocks, None)
        except BaseException as fault:
            self.fault = fault
        with self._changed:
            self._backlog.add(block, generation)
            self._changed.notify_all()

    def _send(self, turn: _Turn) -> None:
        """Send what is due: one chunk when paced, up to a second's when not."""
        self._wait_until_due(turn)
        with self._sending:
            with self._changed:
                if not self._may_send(turn):
                    return
                # Live audio that nobody took for minutes is lost.
                turn.position = self._backlog.position_for(turn.position)
                due = self._due_bytes(turn)
                audio = self._backlog.read(turn.position, due)
            chunks = [
                audio[at : at + _CHUNK_BYTES]
                for at in range(0, len(audio), _CHUNK_BYTES)
            ]
            now = self._now()
            self._send_began = self._monotonic()
            try:
                if chunks:
                    turn.sink.send(now, chunks)
                else:
                    turn.sink.end(now)
            except ConnectionBroken:
                turn.is_broken = True  # its receiver hears of it by itself
                return
            finally:
                self._send_began = None
            with self._changed:
                turn.first_sent = turn.first_sent or now
                turn.last_sent = now
                turn.position += len(audio)
                turn.has_ended = not audio
                self.last_audio = self._monotonic()

    def _wait_until_due(self, turn: _Turn) -> None:
        delay = self._pacer.delay(*self._progress_of(turn))
        if delay > 0:
            with self._changed:
                self._changed.wait_for(lambda: not self._may_send(turn), delay)

    def _due_bytes(self, turn: _Turn) -> int:
        burst = self._pacer.burst(*self._progress_of(turn))
        chunks = max(1, int(burst * BYTES_A_SECOND) // _CHUNK_BYTES)
        return min(chunks, _MOST_CHUNKS) * _CHUNK_BYTES

    def _progress_of(self, turn: _Turn) -> tuple[float, float]:
        """Return the seconds of audio sent, and those that have passed."""
        sent = (turn.position - turn.first_position) / BYTES_A_SECOND
        return sent, self._monotonic() - turn.attached

    def _may_send(self, turn: _Turn) -> bool:
        return not self._closed and self._turn is turn and turn.sink.wants_audio
