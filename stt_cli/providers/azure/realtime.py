"""Recognition over the WebSocket: turns, breaks, new connections.

The audio feed sends on its own thread; this generator receives and yields. When
a connection breaks, the next turn begins on a new one, under the same session
ID, with the audio since the last phrase, and its offsets count on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from stt_cli.core.errors import AudioError, SttError
from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Notice,
    Phrase,
    Progress,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Mode, RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.net.websocket import ConnectionBroken
from stt_cli.net.websocket_handshake import redirect_notices
from stt_cli.protocols.usp.client_turn import (
    ClientTurn,
    PhraseFault,
    TurnStateError,
    overall_status,
)
from stt_cli.protocols.usp.framing import PATH, FramingError, parse
from stt_cli.protocols.usp.limits import (
    BYTES_A_SECOND,
    PACE,
    UNPACED_SECONDS,
    bytes_to_ticks,
    ticks_to_bytes,
    ticks_to_seconds,
)
from stt_cli.protocols.usp.messages import AudioMessages, Continuation, json_message
from stt_cli.providers.audio_feed import AudioFeed, Sent
from stt_cli.providers.azure.connection import (
    Connection,
    ConnectionPool,
    ConnectionTooOld,
    Connector,
    NoTurnEnd,
    Silence,
    TurnSink,
    check_age,
    check_silence,
)
from stt_cli.providers.azure.plan import Plan
from stt_cli.providers.azure.reports import TurnReports, describe_client
from stt_cli.providers.pacing import Pacer
from stt_cli.providers.silence_timer import SilenceTimer

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_TICK_SECONDS = 0.25


_BREAKS = (ConnectionBroken, TurnStateError, FramingError, PhraseFault, Silence)


def recognize(
    pool: ConnectionPool,
    plan: Plan,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None = None,
) -> Iterator[RecognitionEvent]:
    """Recognize one input; ``Started`` with the session ID comes first."""
    connection = pool.take(plan.address, plan.session_id)
    if connection is not None:
        session_id = connection.session_id
    else:
        session_id = plan.session_id or pool.environment.new_hex_id()
    pool.service.context.log(f"session started SessionId: {session_id}")
    ids = Identifiers.of(session_id=session_id)
    yield Started(
        ids,
        transport="websocket",
        language=plan.language,
        mode=str(plan.mode),
        reason=reason,
        details={"model": options.model} if options.model else {},
    )
    yield from plan.notices
    if options.wake is not None:
        yield Notice(f"listening for {options.wake!r}")
    run = _Run(pool, plan, source, options, session_id, connection)
    try:
        yield from run.events()
    except SttError as error:
        error.with_ids(ids.merged(Identifiers.of(request_id=run.request_id)))
        raise
    finally:
        run.close()
        pool.service.context.log(f"session stopped SessionId: {session_id}")


class _Run:
    """One input's way through turns and connections."""

    def __init__(
        self,
        pool: ConnectionPool,
        plan: Plan,
        source: AudioSource,
        options: RecognizeOptions,
        session_id: str,
        connection: Connection | None,
    ) -> None:
        self._pool = pool
        self._environment = pool.environment
        self._plan = plan
        self._source = source
        self._options = options
        self._connection = connection
        self._log: Callable[[str], None] = pool.service.context.log
        kept = pool.kept_telemetry(plan.address)
        self._reports = TurnReports(kept, self._environment)
        self._connector = Connector(pool, plan.address, session_id)
        self._feed = AudioFeed(
            plan.audio.open_blocks,
            # What a wake phrase began cannot be heard a second time.
            live=source.live or options.wake is not None,
            pacer=Pacer.of(
                options.pace, live=source.live, ahead=UNPACED_SECONDS, speed=PACE
            ),
            environment=self._environment,
        )
        self._position = 0
        self._known_ticks = 0
        self._turns_left = plan.turns
        self._outcomes: list[RecognitionStatus] = []
        self._raw: list[object] = []
        self._noticed: dict[Notice, None] = {}  # in order
        self._language: str | None = None
        self._progress_shown = 0.0
        self._continuation: Continuation | None = None
        self.request_id: str | None = None

    def events(self) -> Iterator[RecognitionEvent]:
        """Yield everything but ``Started``."""
        began = self._environment.now()
        self._feed.start()
        if self._options.wake is not None or not self._source.live:
            self._feed.wait_for_audio()
            if self._options.wake is not None:
                self._reports.heard_wake_phrase(began)
            if self._feed.is_over and not self._feed.length:
                raise AudioError("the recording contains no audio")
        while True:
            if self._connection is None:
                self._connection = self._connector.open()
                yield from redirect_notices(self._connection.socket)
            yield Connected()
            done = yield from self._turn(self._connection)
            if done:
                break
        if self._feed.fault is not None:
            raise self._feed.fault
        length = self._feed.length / BYTES_A_SECOND if self._plan.audio.is_pcm else None
        yield from self._stopped_early()
        yield Ended(
            overall_status(self._outcomes),
            duration=length if length is not None else self._source.duration,
            details=self._details(),
            raw=tuple(self._raw),
            language=self._language,
        )

    def _details(self) -> dict[str, object]:
        """Return what went wrong with translations, for programs that read JSON."""
        messages = [notice.message for notice in self._noticed]
        return {"translation_failures": messages} if messages else {}

    def close(self) -> None:
        """Stop the feed; keep the connection if its last turn ended, else close it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.socket.abort()
            connection.socket.close(timeout=0)
        self._feed.close()
        self._reports.close()

    def _turn(self, connection: Connection) -> Generator[RecognitionEvent, None, bool]:
        """Run one turn; returns whether the input is finished."""
        turn = self._new_turn()
        yield Identified(Identifiers.of(request_id=turn.request_id))
        fault: SttError | None = None
        is_too_old = has_no_end = False
        try:
            self._introduce(connection)
            self._open(connection, turn)
            yield from self._listen(connection, turn)
        except _BREAKS as what:
            fault = self._fault(what, turn)
        except ConnectionTooOld:
            is_too_old = True
        except NoTurnEnd:
            has_no_end = True
        if has_no_end:
            yield Notice("the service did not end the turn")
        if fault is None and not is_too_old:
            return self._finish(connection, turn, is_usable=not has_no_end)
        yield from self._break_off(connection, turn, fault)
        return False

    def _fault(self, what: Exception, turn: ClientTurn) -> SttError:
        """Return the error for what ended a turn, with the last messages."""
        from stt_cli.providers.azure import errors  # most runs need none of it

        title = self._pool.service.title
        match what:
            case ConnectionBroken():
                return errors.broken(what, title, turn.trail)
            case PhraseFault(status=status):
                return errors.phrase_failed(status, title)
            case Silence(seconds=seconds):
                return errors.silent(seconds, title, turn.trail)
            case _:
                return errors.against_protocol(str(what), title, turn.trail)

    def _new_turn(self) -> ClientTurn:
        wanted = self._position
        self._position = self._feed.position_for(wanted)
        self.request_id = self._environment.new_hex_id()
        is_pcm = self._plan.audio.is_pcm
        return ClientTurn(
            self.request_id,
            bytes_to_ticks(self._position) if is_pcm else 0,
            self._known_ticks,
            keep_raw=self._options.keep_raw,
            translate_to=self._options.translate_to,
        )

    def _introduce(self, connection: Connection) -> None:
        """Say who we are, and what could not be told on earlier connections."""
        if not connection.is_configured:
            body = describe_client(live=self._source.live).to_json()
            self._send_json(connection, "speech.config", None, body)
            connection.is_configured = True
            self._reports.fetch_kept()
        self._reports.send_waiting(partial(self._send_json, connection))

    def _open(self, connection: Connection, turn: ClientTurn) -> None:
        if self._plan.context is not None:
            context = replace(self._plan.context, continuation=self._continuation)
            body = context.to_json()
            self._continuation = None
            self._send_json(connection, "speech.context", turn.request_id, body)
        audio = self._plan.audio
        messages = AudioMessages(turn.request_id, audio.content_type, audio.header)
        sink = TurnSink(connection.socket, turn, messages)
        self._feed.attach(sink, self._position)

    def _listen(
        self, connection: Connection, turn: ClientTurn
    ) -> Iterator[RecognitionEvent]:
        silence = SilenceTimer(self._environment.monotonic)
        position = self._position
        while not turn.is_ended:
            data: str | bytes = b""
            with suppress(TimeoutError):
                data = connection.socket.receive(_TICK_SECONDS)
            silence.observe(data)
            now = self._environment.monotonic()
            if (sent := self._feed.sent().position) != position:
                position = sent
                silence.end()
            heard = ticks_to_bytes(self._known_ticks)
            backlog = max(0, position - heard) / BYTES_A_SECOND
            check_silence(turn, self._feed, silence.seconds, backlog)
            if not data:
                check_age(connection, now, at_pause=False)
                yield from self._progress(now)
                continue
            connection.last_used = now
            phrases = turn.phrase_count
            message = parse(data)
            path = message.header(PATH)
            self._log(f"received {path} RequestId: {message.request_id}")
            for event in turn.receive(message, self._environment.now()):
                if isinstance(event, Phrase):
                    self._language = self._language or event.segment.language
                if isinstance(event, Notice):
                    if event in self._noticed:
                        continue  # once is enough for all phrases
                    self._noticed[event] = None
                yield event
            yield from self._progress(now)
            if turn.phrase_count != phrases:
                self._acknowledge(turn)
                if not turn.is_ended and turn.wants_audio:
                    check_age(connection, now, at_pause=True)

    def _acknowledge(self, turn: ClientTurn) -> None:
        """A phrase is in: what came before it is done with."""
        self._connector.succeed()
        self._known_ticks = max(self._known_ticks, turn.acknowledged)
        if self._plan.audio.is_pcm:
            self._feed.acknowledge(ticks_to_bytes(self._known_ticks))

    def _finish(
        self, connection: Connection, turn: ClientTurn, *, is_usable: bool
    ) -> bool:
        """Close a turn that has its results; returns whether the input is finished.

        A connection whose turn had no turn.end is not used again (2018).
        """
        all_sent = self._feed.is_complete() or (
            self._feed.is_over and self._feed.sent().position >= self._feed.length
        )
        sent = self._feed.detach()
        self._take_results(turn)
        report = self._reports.report(connection.attempts, turn, sent, self._feed.fault)
        connection.attempts = []
        try:
            if is_usable:
                self._send_json(connection, "telemetry", turn.request_id, report.body)
        except ConnectionBroken:
            is_usable = False
        if not is_usable:
            self._reports.put_off(report)
            connection.socket.close(timeout=0)
            self._connection = None
        self._move_on(turn, sent)
        if self._turns_left is not None:
            self._turns_left -= 1
        heard_all = all_sent and self._plan.mode is not Mode.INTERACTIVE
        used_up = self._feed.is_over and self._position >= self._feed.length
        finished = self._turns_left == 0 or heard_all or used_up
        if finished and self._connection is not None:
            self._pool.give_back(self._connection)
            self._connection = None
        return finished

    def _break_off(
        self, connection: Connection, turn: ClientTurn, fault: SttError | None
    ) -> Iterator[RecognitionEvent]:
        """Leave a connection; the next turn goes on where the last phrase ended.

        Raises:
            SttError: ``fault``, where another connection would not help.
        """
        if fault is not None:
            connection.socket.abort()
        sent = self._feed.detach()
        self._take_results(turn)
        self._reports.put_off(
            self._reports.report(connection.attempts, turn, sent, self._feed.fault)
        )
        connection.socket.close(timeout=0 if fault else 0.2)
        self._connection = None
        lost = 0
        if not self._plan.audio.is_pcm:
            self._position = 0  # compressed audio makes sense from its start only
        elif self._options.replay:
            self._position = max(self._position, ticks_to_bytes(self._known_ticks))
            kept_from = self._feed.position_for(self._position)
            lost = kept_from - self._position
        else:
            start = max(self._position, ticks_to_bytes(self._known_ticks))
            self._position = max(sent.position, self._position)
            lost = self._position - start
        self._continuation = Continuation(
            bytes_to_ticks(self._position), turn.service_tag
        )
        if fault is None:
            return
        self._connector.retry_or_raise(fault)
        message = f"{fault.message}; reconnecting"
        if lost > 0:
            message += f", without {lost / BYTES_A_SECOND:.1f} s of audio"
        yield Notice(message)

    def _take_results(self, turn: ClientTurn) -> None:
        self._outcomes += turn.outcomes
        self._raw += turn.raw
        self._known_ticks = max(self._known_ticks, turn.acknowledged)

    def _move_on(self, turn: ClientTurn, sent: Sent) -> None:
        """Let the next turn begin after what this one has heard."""
        if not self._plan.audio.is_pcm:
            self._position = sent.position
            return
        heard = ticks_to_bytes(turn.acknowledged)
        advanced = heard > self._position
        self._position = heard if advanced else max(sent.position, self._position)
        self._feed.acknowledge(self._position)

    def _send_json(
        self, connection: Connection, path: str, request_id: str | None, body: object
    ) -> None:
        self._log(f"sending {path}" + (f" RequestId: {request_id}" * bool(request_id)))
        now = self._environment.now()
        connection.socket.send_text(json_message(path, request_id, now, body))

    def _progress(self, now: float) -> Iterator[RecognitionEvent]:
        if now - self._progress_shown < _TICK_SECONDS:
            return
        self._progress_shown = now
        done = self._feed.sent().position / BYTES_A_SECOND
        if self._plan.audio.is_pcm:
            yield Progress(done, self._source.duration)

    def _stopped_early(self) -> Iterator[RecognitionEvent]:
        """Say so where one utterance was taken and audio is left."""
        length = self._source.duration
        heard = ticks_to_seconds(self._known_ticks)
        if self._plan.mode is not Mode.INTERACTIVE or self._options.turns:
            return
        if length is not None and heard and length - heard > 2.0:
            yield Notice(
                f"recognized one utterance, up to {heard:.1f} s of {length:.1f} s",
                hint="use --mode conversation to recognize all of it",
            )
