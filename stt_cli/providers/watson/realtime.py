"""Recognition over the WebSocket; one connection serves the files of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import SttError, UnreachableError
from stt_cli.core.events import Connected, Identified, RecognitionEvent, Started
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.net.websocket_handshake import (
    HandshakeRejected,
    connect,
    redirect_notices,
)
from stt_cli.protocols.watson.errors import error_of, failure, ids_of_headers
from stt_cli.protocols.watson.parameters import Place, refuse_misplaced
from stt_cli.protocols.watson.realtime import (
    STOP,
    ClientTurn,
    Fault,
    Heard,
    Listening,
    start_message,
)
from stt_cli.protocols.watson.requests import socket_url
from stt_cli.providers.audio_feed import BYTES_A_SECOND, AudioFeed, BareSink
from stt_cli.providers.pacing import Pacer
from stt_cli.providers.silence_timer import SilenceTimer
from stt_cli.providers.watson.options import (
    PCM,
    blocks_of,
    parameters_of,
    refuse_too_large,
    size_as_pcm,
)
from stt_cli.providers.watson.service import Service
from stt_cli.providers.watson.transcript_builder import TranscriptBuilder

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_SAMPLE_RATE = 16_000
_LOOK_SECONDS = 1.0
_SILENCE_SECONDS = 120.0  # at least, without a word after the last audio
# The service wants 15 s of audio in every 30 s and takes it faster: five times
# the pace of speech after half a minute keeps its buffers small.
_AHEAD_SECONDS = 30.0
_SPEED = 5.0


@dataclass
class Socket:
    """The connection that is kept for further files, and what its address says."""

    service: Service
    connection: WebSocketConnection | None = None
    url: str = ""

    def opened(self, url: str) -> tuple[WebSocketConnection, bool]:
        """Return a connection to that address, and whether it is a new one."""
        if self.connection is not None and self.url == url:
            return self.connection, False
        self.close()
        self.connection, self.url = self._connect(url), url
        return self.connection, True

    def close(self) -> None:
        """Say goodbye."""
        if self.connection is not None:
            self.connection.close(timeout=0.2)
            self.connection = None

    def drop(self) -> None:
        """Never use the connection again."""
        self.close()

    def _connect(self, url: str) -> WebSocketConnection:
        try:
            return self._shake_hands(url)
        except HandshakeRejected as rejected:
            if rejected.status != 401 or not self.service.authorizer.renew():
                raise _refused(rejected) from rejected
        try:
            return self._shake_hands(url)
        except HandshakeRejected as rejected:
            raise _refused(rejected) from rejected

    def _shake_hands(self, url: str) -> WebSocketConnection:
        credentials = self.service.authorizer.credentials()
        request = HttpRequest("GET", url, credentials=credentials)
        return connect(request, self.service.context)


def recognize(
    socket: Socket,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None = None,
) -> Iterator[RecognitionEvent]:
    """Recognize one input over the connection that may stand already."""
    service = socket.service
    values = parameters_of(options, of_2018=service.of_2018)
    refuse_misplaced(
        values, Place.SOCKET_START, Place.SOCKET_URL, transport="websocket"
    )
    refuse_too_large(size_as_pcm(source))
    if options.interim is not False:
        values.setdefault("interim_results", True)
    environment = service.context.environment
    run_id = options.session_id or environment.new_hex_id()
    yield Started(
        Identifiers.of(run_id=run_id),
        transport="websocket",
        language=options.language,
        reason=reason,
    )
    feed = AudioFeed(
        lambda: blocks_of(source, options),
        live=source.live,
        pacer=Pacer.of(
            options.pace, live=source.live, ahead=_AHEAD_SECONDS, speed=_SPEED
        ),
        environment=environment,
    )
    done = False
    try:
        feed.start()
        feed.wait_for_audio()
        connection, is_new = socket.opened(socket_url(service.base, values))
        if is_new:
            yield from redirect_notices(connection)
        yield Connected()
        yield Identified(ids_of_headers(connection.response.headers))
        yield from _turn(connection, feed, values, options, environment.monotonic)
        done = True
    finally:
        if not done:
            socket.drop()  # what it would say next belongs to no one
        feed.close()


def _turn(
    connection: WebSocketConnection,
    feed: AudioFeed,
    values: dict[str, Any],
    options: RecognizeOptions,
    monotonic: Callable[[], float],
) -> Iterator[RecognitionEvent]:
    turn, is_sending = ClientTurn(), False
    sink = BareSink(connection, STOP)
    builder = TranscriptBuilder(
        speakers=options.speakers,
        keep_raw=options.keep_raw,
        waits="enrichments" in options.params,
    )
    silence = SilenceTimer(monotonic)
    try:
        connection.send_text(start_message(values, PCM))
        while not turn.is_over:
            data = _next_message(connection, feed, silence, monotonic)
            if sink.is_ending:
                turn.stop_sent()
            message = turn.receive(data)
            if isinstance(message, Listening) and not is_sending:
                # Audio might go sooner, but then a short recording could be out
                # before this first word, which would be taken for the last.
                is_sending = True
                feed.attach(sink, 0)
            if isinstance(message, Fault):
                raise failure(message.words)
            if isinstance(message, Heard):
                yield from builder.take(message.fields)
    except TimeoutError as silence:
        raise UnreachableError(str(silence), transient=True) from None
    except ConnectionBroken as broken:
        if feed.fault is not None:
            raise feed.fault from None
        raise _broken(broken) from broken
    if feed.fault is not None:
        raise feed.fault
    yield from builder.end(feed.length / BYTES_A_SECOND)


def _next_message(
    connection: WebSocketConnection,
    feed: AudioFeed,
    silence: SilenceTimer,
    monotonic: Callable[[], float],
) -> str | bytes:
    """Wait for a message: while audio goes, and then as long as the audio is.

    Of silence that is sent nothing may be said, and without partials all comes at
    the end. Raises ``TimeoutError``.
    """
    while True:
        limit = max(_SILENCE_SECONDS, feed.length / BYTES_A_SECOND)
        message: str | bytes | None = None
        with suppress(TimeoutError):
            message = connection.receive(timeout=_LOOK_SECONDS)
            silence.observe(message)
        if min(silence.seconds, monotonic() - feed.last_audio) >= limit:
            raise TimeoutError(f"no response from Watson for {limit:.0f} s")
        if message is not None:
            return message


def _broken(broken: ConnectionBroken) -> SttError:
    if broken.code == 1009:
        return failure("a frame was larger than the 4 MB limit", 413)
    return UnreachableError(
        f"lost the connection to Watson: {broken}",
        hint="try again, or use --transport rest",
        transient=True,
        provider_code=str(broken.code) if broken.code else None,
    )


def _refused(rejected: HandshakeRejected) -> SttError:
    error = error_of(rejected.response)
    if error is not None:
        return error
    return UnreachableError(f"Watson rejected the connection (HTTP {rejected.status})")
