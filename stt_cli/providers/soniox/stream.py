"""Recognition over Soniox's real-time socket, across connections if need be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import AudioError, SttError, UnreachableError
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
from stt_cli.core.options import Pace, RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.net.retry import REPEATABLE, delays
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.net.websocket_handshake import (
    HandshakeRejected,
    connect,
    redirect_notices,
    websocket_url,
)
from stt_cli.protocols.soniox.errors import error_of, read_failure
from stt_cli.protocols.soniox.fields import recognition_fields, translation_tags
from stt_cli.protocols.soniox.realtime import (
    END_OF_AUDIO,
    KEEPALIVE,
    KEEPALIVE_SECONDS,
    PATH,
    Update,
    configuration,
    finalize,
    read_update,
)
from stt_cli.protocols.soniox.requests import DEFAULT_REALTIME_MODEL, bearer
from stt_cli.protocols.soniox.segments import SegmentBuilder
from stt_cli.protocols.soniox.tokens import FINALIZED_MARK
from stt_cli.providers.audio_feed import BYTES_A_SECOND, AudioFeed, BareSink
from stt_cli.providers.pacing import Pacer
from stt_cli.providers.silence_timer import SilenceTimer
from stt_cli.providers.soniox.service import Service, older_model
from stt_cli.providers.upload_estimate import UploadEstimate, pcm_size

_SAMPLE_RATE = 16_000
# Audio is to come at nearly the pace of speech; so much of it may go at once.
_AHEAD_SECONDS = 10.0
_LOOK_SECONDS = 0.5  # how often the keep-alive is thought of
_SILENCE_SECONDS = 60.0  # without a word after the end of the audio
_LONG_SECONDS = 120.0
_MOST_SECONDS = 300 * 60.0  # fixed, whatever the plan (Soniox, limits)
# Of a pause in the audio; finalizing more often than every few seconds is wrong.
_PAUSE_SECONDS = 3.0
_BATCH_HINT = "use --pace fast to send it faster, or `stt batch submit`"


def open_stream(service: Service) -> WebSocketConnection:
    """Connect; a wrong key is told only after the first message.

    Raises:
        SttError: no connection, or the handshake was refused.
    """
    url = service.hosts.realtime + PATH
    request = HttpRequest("GET", url, credentials=bearer(service.key))
    try:
        return connect(request, service.context)
    except HandshakeRejected as rejected:
        raise error_of(read_failure(rejected.response)) from rejected


def send(connection: WebSocketConnection, message: str) -> None:
    """Send a text message. Raises ``UnreachableError``."""
    try:
        connection.send_text(message)
    except ConnectionBroken as broken:
        raise broken_off(broken) from broken


def broken_off(broken: ConnectionBroken) -> SttError:
    """Return the error of a connection that ended before its time."""
    return UnreachableError(
        f"lost the connection to Soniox: {broken}",
        hint="check the network and status.soniox.com",
        transient=True,
        provider_code=str(broken.code) if broken.code else None,
    )


def preview(service: Service, options: RecognizeOptions) -> str:
    """Return the request of a stream, without the key."""
    fields = _fields(options) | {"client_reference_id": options.session_id or "…"}
    url = websocket_url(f"{service.hosts.realtime}{PATH}")
    return f"WebSocket {url}\n  {configuration(fields)}"


def upload_estimate(source: AudioSource) -> UploadEstimate:
    """Return the audio of a stream, and whether it is longer than one may be."""
    size, length = pcm_size(source, _SAMPLE_RATE), source.duration
    if length is None or length <= _MOST_SECONDS:
        return UploadEstimate(size)
    too_long = AudioError(
        f"Soniox accepts at most {_MOST_SECONDS / 60:.0f} minutes of audio in a "
        f"stream, but this is {length / 60:.0f} minutes long",
        hint="split the recording",
    )
    return UploadEstimate(size, (too_long,))


def recognize(
    service: Service, source: AudioSource, options: RecognizeOptions
) -> Iterator[RecognitionEvent]:
    """Recognize one input; ``Started`` first, ``Ended`` last."""
    environment = service.context.environment
    fields = _fields(options)
    session_id = options.session_id or environment.new_hex_id()
    reference = str(fields.setdefault("client_reference_id", session_id))
    ids = Identifiers.of(session_id=session_id, client_reference_id=reference)
    yield Started(ids, transport="websocket", language=options.language)
    feed = AudioFeed(
        lambda: source.pcm(_SAMPLE_RATE),
        live=source.live,
        pacer=Pacer.of(options.pace, live=source.live, ahead=_AHEAD_SECONDS, speed=1.0),
        environment=environment,
    )
    try:
        feed.start()
        feed.wait_for_audio()
        long = (source.duration or 0.0) > _LONG_SECONDS
        if long and not source.live and options.pace is Pace.AUTO:
            message = f"sending {source.name} to Soniox in real time"
            yield Notice(message, hint=_BATCH_HINT)
        builder = SegmentBuilder(translation_tags(options.translate_to))
        yield from _Stream(service, feed, fields, options, builder).run()
    finally:
        feed.close()


def _fields(options: RecognizeOptions) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "audio_format": "pcm_s16le",
        "sample_rate": _SAMPLE_RATE,
        "num_channels": 1,
        "enable_endpoint_detection": True,
    }
    return fields | recognition_fields(options, DEFAULT_REALTIME_MODEL)


@dataclass
class _Stream:
    """One input's recognition. Times are seconds of the input."""

    service: Service
    feed: AudioFeed
    fields: dict[str, Any]
    options: RecognizeOptions
    builder: SegmentBuilder
    raw: list[Any] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    final_until: float = 0.0
    heard_until: float = 0.0
    partial: str = ""
    finalized: bool = False
    last_message: float = 0.0
    complete: bool = False  # whether the last connection had all audio
    phrases: int = 0

    def run(self) -> Iterator[RecognitionEvent]:
        """Go on until the service has finished, over as many connections as needed."""
        environment = self.service.context.environment
        pauses = delays(REPEATABLE)
        while True:
            reached = self.final_until
            try:
                yield from self._connection()
                break
            except SttError as error:
                if self.feed.fault is not None:
                    raise self.feed.fault from None
                if self._has_everything():
                    message = f"{error.message}; all audio was recognized"
                    yield Notice(message)
                    break
                older = older_model(error, self.fields, self.options)
                if older is not None:
                    yield Notice(f"{error.message}; trying {older}")
                    self.fields["model"] = older
                    continue
                if self.final_until > reached:
                    pauses = delays(REPEATABLE)  # it did go on
                if not self._may_resume(error):
                    raise
                pause = next(pauses, None)
                if pause is None:
                    raise
                yield from self._close_phrase()
                yield Notice(f"{error.message}; reconnecting")
                if self.fields.get("enable_speaker_diarization") and self.phrases:
                    yield Notice("speaker numbers start over after a reconnection")
                jitter = 1 - REPEATABLE.jitter * environment.random()
                environment.sleep(max(pause * jitter, error.retry_after or 0.0))
        yield from self._close_phrase()
        if self.feed.fault is not None:
            raise self.feed.fault
        yield self._ended()

    def _has_everything(self) -> bool:
        """Whether nothing is left to recognize: only the last word did not come."""
        return self.complete and (
            _bytes_until(self.final_until) >= self.feed.length > 0
        )

    def _may_resume(self, error: SttError) -> bool:
        """Whether a new connection can go on; one that is full had its results."""
        if error.provider_code == "max_duration_reached":
            return self.final_until > 0
        return error.transient

    def _connection(self) -> Iterator[RecognitionEvent]:
        connection = open_stream(self.service)
        try:
            yield from redirect_notices(connection)
            yield Connected()
            request_id = connection.response.header("x-request-id")
            if request_id:
                yield Identified(Identifiers.of(request_id=request_id))
            send(connection, configuration(self.fields))
            position = self.feed.position_for(_bytes_until(self.final_until))
            self.feed.attach(BareSink(connection, END_OF_AUDIO), position)
            yield from self._updates(connection, position / BYTES_A_SECOND)
        except BaseException:
            connection.abort()  # the sending thread may be held up by it
            raise
        finally:
            self.complete = self.feed.has_ended
            self.feed.detach()
            connection.close(timeout=0.2)

    def _updates(
        self, connection: WebSocketConnection, offset: float
    ) -> Iterator[RecognitionEvent]:
        silence = SilenceTimer(self.service.context.environment.monotonic)
        while True:
            message = self._receive(connection, silence)
            update = read_update(message, offset)
            if self.options.keep_raw:
                self.raw.append(json.loads(message))
            if update.failure is not None:
                raise error_of(update.failure)
            self.details |= update.details
            yield from self._take(update)
            if update.finished:
                return

    def _receive(
        self, connection: WebSocketConnection, silence: SilenceTimer
    ) -> str | bytes:
        """Return the next message, keeping the connection alive meanwhile."""
        while True:
            if not self.feed.is_complete():
                now = self.service.context.environment.monotonic()
                silence.end()
                self._finish_the_phrase(connection, now)
                self._keep_alive(connection, now)
            if silence.seconds >= _SILENCE_SECONDS:
                raise UnreachableError(
                    f"no response from Soniox for {_SILENCE_SECONDS:g} s",
                    hint="try again, or use a longer --timeout",
                    transient=True,
                )
            try:
                message = connection.receive(timeout=_LOOK_SECONDS)
            except TimeoutError:
                continue
            except ConnectionBroken as broken:
                raise broken_off(broken) from broken
            silence.observe(message)
            return message

    def _finish_the_phrase(self, connection: WebSocketConnection, now: float) -> None:
        """Have tentative words made final when no audio follows: a pipe pauses."""
        paused = now - self.feed.last_audio >= _PAUSE_SECONDS
        if not paused:
            self.finalized = False
        elif self.partial and not self.finalized:
            send(connection, finalize())
            self.last_message, self.finalized = now, True

    def _keep_alive(self, connection: WebSocketConnection, now: float) -> None:
        if now - max(self.last_message, self.feed.last_audio) >= KEEPALIVE_SECONDS:
            send(connection, KEEPALIVE)
            self.last_message = now

    def _take(self, update: Update) -> Iterator[RecognitionEvent]:
        for token in update.final:
            for segment in self.builder.feed(token):
                self.phrases += 1
                yield Phrase(segment)
            if token.text == FINALIZED_MARK:
                yield from self._close_phrase()
        if update.final_until is not None:
            self.final_until = max(self.final_until, update.final_until)
            self.feed.acknowledge(_bytes_until(self.final_until))
        if update.heard_until is not None:
            self.heard_until = max(self.heard_until, update.heard_until)
        yield from self._tell_partial(update)

    def _tell_partial(self, update: Update) -> Iterator[RecognitionEvent]:
        text = (self.builder.text + update.tentative_text).strip()
        if self.options.interim is False or text == self.partial:
            return
        self.partial = text
        if text:
            first = update.tentative[0] if update.tentative else None
            yield Partial(
                text,
                start=first.start if first else None,
                speaker=first.speaker if first else None,
                translations=self.builder.translations_with(
                    token for token in update.tentative if token.is_translation
                ),
            )

    def _close_phrase(self) -> Iterator[RecognitionEvent]:
        """Give out what is final already: what follows does not continue it."""
        for segment in self.builder.flush():
            self.phrases += 1
            yield Phrase(segment)

    def _ended(self) -> Ended:
        details = {"model": self.fields["model"], **self.details}
        heard = self.heard_until or self.feed.length / BYTES_A_SECOND
        found = RecognitionStatus.SUCCESS if self.phrases else None
        return Ended(
            found or RecognitionStatus.NO_MATCH,
            duration=heard,
            details=details,
            raw=tuple(self.raw),
        )


def _bytes_until(seconds: float) -> int:
    """Return the position of a moment in 16-bit PCM, at a whole sample."""
    return round(seconds * _SAMPLE_RATE) * 2
