"""Recognition over Scriptix' real-time socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from stt_cli.audio.source import AudioSource
from stt_cli.core.address import with_query
from stt_cli.core.errors import ProviderError, SttError, UnreachableError
from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus, Segment
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.net.websocket_handshake import (
    HandshakeRejected,
    connect,
    redirect_notices,
    websocket_url,
)
from stt_cli.protocols.scriptix.errors import error_of
from stt_cli.protocols.scriptix.realtime import (
    CONNECT_SECONDS,
    PATH,
    PATIENCE_AFTER_STOP,
    SAMPLE_RATE,
    STOP,
    Failed,
    Final,
    Hypothesis,
    State,
    read_message,
    start,
)
from stt_cli.protocols.scriptix.requests import credentials
from stt_cli.providers.audio_feed import BYTES_A_SECOND, AudioFeed, BareSink
from stt_cli.providers.pacing import Pacer
from stt_cli.providers.scriptix.options import stream_query
from stt_cli.providers.scriptix.service import Service
from stt_cli.providers.silence_timer import SilenceTimer
from stt_cli.providers.upload_estimate import UploadEstimate, pcm_size

# The vendor's own examples send about four seconds of audio a second.
_AHEAD_SECONDS, _SPEED = 1.0, 4.0
_LOOK_SECONDS = 0.5
_LISTENING_SECONDS = 60.0  # the service may have to start an engine first
# Three refusals in ten minutes block a token: few attempts, and far between.
_PAUSES = (2.0, 8.0)


def preview(service: Service, options: RecognizeOptions) -> str:
    """Return the request of a stream, without the token."""
    url = websocket_url(_address(service, options))
    return f"WebSocket {url}\n  {_start(options)}"


def upload_estimate(source: AudioSource) -> UploadEstimate:
    """Return the audio of a stream; the document gives streams no bound."""
    return UploadEstimate(pcm_size(source, SAMPLE_RATE))


def recognize(
    service: Service, source: AudioSource, options: RecognizeOptions
) -> Iterator[RecognitionEvent]:
    """Recognize one input; ``Started`` first, ``Ended`` last.

    The session's ID is the service's own and comes when it listens.
    """
    yield Started(Identifiers(), transport="websocket", language=options.language)
    feed = AudioFeed(
        lambda: source.pcm(SAMPLE_RATE),
        live=source.live,
        pacer=Pacer.of(
            options.pace, live=source.live, ahead=_AHEAD_SECONDS, speed=_SPEED
        ),
        environment=service.context.environment,
    )
    try:
        feed.start()
        feed.wait_for_audio()
        yield from _Stream(service, feed, options).run()
    finally:
        feed.close()


def _address(service: Service, options: RecognizeOptions) -> str:
    return with_query(service.realtime + PATH, stream_query(options))


def _start(options: RecognizeOptions) -> str:
    numbers = options.params.get("actual_numbers", ("false",))[-1].lower()
    return start(partial=options.interim is not False, actual_numbers=numbers == "true")


@dataclass
class _Stream:
    """One input's recognition. Times are seconds of the input."""

    service: Service
    feed: AudioFeed
    options: RecognizeOptions
    raw: list[Any] = field(default_factory=list)
    offset: float = 0.0
    phrases: int = 0
    final_until: float | None = 0.0

    def run(self) -> Iterator[RecognitionEvent]:
        """Go on until the service has stopped, over few connections at most."""
        environment = self.service.context.environment
        pauses = iter(_PAUSES)
        while True:
            try:
                yield from self._connection()
                break
            except SttError as error:
                if self.feed.fault is not None:
                    raise self.feed.fault from None
                pause = next(pauses, None)
                if pause is None or not error.transient or self.final_until is None:
                    raise
                yield Notice(f"{error.message}; reconnecting")
                environment.sleep(pause * (1 - 0.5 * environment.random()))
        if self.feed.fault is not None:
            raise self.feed.fault
        found = RecognitionStatus.SUCCESS if self.phrases else None
        yield Ended(
            found or RecognitionStatus.NO_MATCH,
            duration=self.feed.length / BYTES_A_SECOND,
            raw=tuple(self.raw),
        )

    def _connection(self) -> Iterator[RecognitionEvent]:
        connection = self._open()
        try:
            yield from redirect_notices(connection)
            yield Connected()
            _send(connection, _start(self.options))
            yield from self._wait_for_listening(connection)
            wanted = round((self.final_until or 0.0) * SAMPLE_RATE) * 2
            position = self.feed.position_for(wanted)
            self.offset = position / BYTES_A_SECOND
            self.feed.attach(BareSink(connection, STOP), position)
            yield from self._results(connection)
        except BaseException:
            connection.abort()  # the sending thread may be held up by it
            raise
        finally:
            self.feed.detach()
            connection.close(timeout=0.2)

    def _open(self) -> WebSocketConnection:
        request = HttpRequest(
            "GET",
            _address(self.service, self.options),
            # In the query the token would stand in everybody's logs.
            credentials=credentials(self.service.realtime_token, "header"),
        )
        try:
            return connect(request, self.service.context, timeout=CONNECT_SECONDS)
        except HandshakeRejected as rejected:
            error = error_of(rejected.response)
            if error.code == "auth":
                error.hint = (
                    "check SCRIPTIX_REALTIME_TOKEN or SCRIPTIX_TOKEN; streams need "
                    "a token of type Realtime"
                )
            raise error from rejected

    def _wait_for_listening(
        self, connection: WebSocketConnection
    ) -> Iterator[RecognitionEvent]:
        """Wait until audio may be sent."""
        silence = self._silence()
        while True:
            message = self._read(connection, silence, _LISTENING_SECONDS)
            if isinstance(message, Failed):
                raise message.error
            if isinstance(message, State):
                if message.session_id:
                    yield Identified(Identifiers.of(session_id=message.session_id))
                if message.name == "listening":
                    return

    def _results(self, connection: WebSocketConnection) -> Iterator[RecognitionEvent]:
        silence = self._silence()
        while True:
            message = self._read(connection, silence, None)
            match message:
                case Failed(error):
                    raise error
                case State("stopped"):
                    return
                case State("shutting_down"):
                    yield Notice("Scriptix will shut this service down within the hour")
                case Hypothesis() if self.options.interim is not False:
                    if message.text:
                        yield Partial(message.text, start=self._moved(message.start))
                case Final():
                    segment = self._placed(message.segment)
                    self.final_until = segment.end
                    if segment.end is not None:
                        self.feed.acknowledge(int(segment.end * BYTES_A_SECOND))
                    if segment.text:
                        self.phrases += 1
                        yield Phrase(segment)
                case None if self.feed.has_ended:
                    yield Notice("Scriptix did not confirm the end of the stream")
                    return

    def _silence(self) -> SilenceTimer:
        return SilenceTimer(self.service.context.environment.monotonic)

    def _read(
        self,
        connection: WebSocketConnection,
        silence: SilenceTimer,
        max_wait: float | None,
    ) -> State | Hypothesis | Final | Failed | None:
        """Return the next message that says something.

        ``None`` after the end of the audio says that none will come. Nothing is
        sent during silence, so without ``max_wait`` waiting has no end before.
        """
        limit = PATIENCE_AFTER_STOP if max_wait is None else max_wait
        while True:
            ended = max_wait is None and self.feed.has_ended
            if max_wait is None and not self.feed.is_complete():
                silence.end()
            if silence.seconds >= limit:
                if ended:
                    return None
                raise UnreachableError(
                    f"no response from Scriptix for {limit:g} s", transient=True
                )
            try:
                text = connection.receive(timeout=_LOOK_SECONDS)
            except TimeoutError:
                continue
            except ConnectionBroken as broken:
                if ended and broken.code == 1000:
                    return State("stopped")
                raise _broken(broken) from broken
            silence.observe(text)
            if self.options.keep_raw:
                self.raw.append(_decoded(text))
            message = read_message(text)
            if message is not None:
                return message

    def _placed(self, segment: Segment) -> Segment:
        """Return a segment at its place in the input."""
        if not self.options.speakers:
            # The newer engine calls everyone "Speaker 1".
            segment = replace(segment, speaker=None)
        if not self.offset:
            return segment
        words = tuple(
            replace(word, start=self._moved(word.start), end=self._moved(word.end))
            for word in segment.words
        )
        return replace(
            segment,
            start=self._moved(segment.start),
            end=self._moved(segment.end),
            words=words,
        )

    def _moved(self, seconds: float | None) -> float | None:
        return None if seconds is None else seconds + self.offset


def _decoded(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ProviderError(
            "Scriptix sent a message that is not a JSON object"
        ) from None


def _send(connection: WebSocketConnection, message: str) -> None:
    try:
        connection.send_text(message)
    except ConnectionBroken as broken:
        raise _broken(broken) from broken


def _broken(broken: ConnectionBroken) -> SttError:
    return UnreachableError(
        f"lost the connection to Scriptix: {broken}",
        hint="after three rejected streams, a token is blocked for a while",
        transient=True,
        provider_code=str(broken.code) if broken.code else None,
    )
