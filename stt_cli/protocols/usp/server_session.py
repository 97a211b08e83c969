"""A connection from the service's side: strict about what the service is strict about.

Bytes and text in, facts out; a client's mistake raises ``FramingError`` with the
close code and the reason of the 2018 document's table.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.protocols.usp.framing import (
    INVALID_PAYLOAD,
    PATH,
    PROTOCOL_ERROR,
    REQUEST_ID,
    TIMESTAMP,
    FramingError,
    Message,
    build_text,
    is_timestamp,
    parse,
)
from stt_cli.protocols.usp.limits import (
    LARGEST_AUDIO,
    LARGEST_AUDIO_SEEN,
    SAMPLE_RATE,
)
from stt_cli.protocols.usp.telemetry import telemetry_fault

# Of the header's format: kind and channels, samples a second, bits a sample.
_PCM_16KHZ_MONO = struct.pack("<HHIH", 1, 1, SAMPLE_RATE, 16)
# PCM, floating point, A-law, mu-law, and the extensible form of them all.
_PLAIN_KINDS = tuple(struct.pack("<H", kind) for kind in (1, 3, 6, 7, 0xFFFE))
_HEX = frozenset("0123456789abcdefABCDEF")
_CONFIG_PARTS = {"system": ("version",), "os": ("platform", "name", "version")}


@dataclass(frozen=True, slots=True)
class Configured:
    """speech.config came."""

    body: Any


@dataclass(frozen=True, slots=True)
class ContextGiven:
    """speech.context came: what the next turn wants."""

    request_id: str
    body: Any


@dataclass(frozen=True, slots=True)
class TurnOpened:
    """The first audio of a new turn came."""

    request_id: str
    content_type: str
    context: Any


@dataclass(frozen=True, slots=True)
class AudioGiven:
    """Audio of the open turn, without its container's header; empty ends it."""

    audio: bytes

    @property
    def is_end(self) -> bool:
        """Whether the turn's audio ends here."""
        return not self.audio


@dataclass(frozen=True, slots=True)
class LateAudio:
    """Audio of a turn that is over: it was on its way when the turn ended."""

    request_id: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class TelemetryGiven:
    """telemetry came."""

    request_id: str
    body: Any


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that the document does not allow, and the service lets pass."""

    words: str


@dataclass(frozen=True, slots=True)
class OtherGiven:
    """A message that the service does not know; it is passed over."""

    path: str
    body: bytes


Fact = (
    Configured
    | ContextGiven
    | TurnOpened
    | AudioGiven
    | LateAudio
    | TelemetryGiven
    | Noted
    | OtherGiven
)


@dataclass(slots=True)
class ServerSession:
    """What one connection has said so far.

    ``must_describe_device`` holds clients to the 2018 form of speech.config, in
    which ``device`` is required. ``is_strict`` refuses as well what a service may
    close a connection for: an empty speech.config, audio without its type, and
    telemetry that is missing, doubled or malformed.
    """

    must_describe_device: bool = False
    is_strict: bool = False
    open_turn: str | None = None
    _noted_size: bool = False
    _unreported: str | None = None
    _reported: set[str] = field(default_factory=set)
    _configured: bool = False
    _finished: set[str] = field(default_factory=set)
    _contexts: dict[str, Any] = field(default_factory=dict)
    _has_riff: bool = False

    def receive(self, data: str | bytes) -> list[Fact]:
        """Take one message. Raises ``FramingError``."""
        message = parse(data)
        path = _required(message, PATH).lower()
        if path == "speech.config":
            return [self._configure(message)]
        request_id = self._request_id(message)
        if not self._configured:
            raise FramingError(PROTOCOL_ERROR, "speech.config must come first")
        if path == "speech.context":
            return [self._take_context(message, request_id)]
        if path == "audio":
            return self._take_audio(message, request_id)
        if path == "telemetry":
            return [self._take_telemetry(message, request_id)]
        return [OtherGiven(path, message.body)]

    def finish_turn(self) -> None:
        """Note that turn.end was sent: the request ID is used up."""
        if self.open_turn is not None:
            self._finished.add(self.open_turn)
            if self.open_turn not in self._reported:
                self._unreported = self.open_turn
            self.open_turn = None

    def _configure(self, message: Message) -> Configured:
        _check_timestamp(message)
        if self.is_strict and not message.body.strip():
            raise FramingError(
                INVALID_PAYLOAD,
                "Incorrect message format. Text message contains no data.",
            )
        if self._configured:
            raise FramingError(PROTOCOL_ERROR, "speech.config came twice")
        body = message.json()
        context = body.get("context") if isinstance(body, dict) else None
        if not body and not self.is_strict:
            self._configured = True
            return Configured(body)
        if not isinstance(context, Mapping):
            raise FramingError(INVALID_PAYLOAD, "speech.config has no context")
        parts = dict(_CONFIG_PARTS)
        if self.must_describe_device:
            parts["device"] = ("manufacturer", "model", "version")
        else:
            parts.pop("os")  # the JavaScript SDK without telemetry has none
        for part, names in parts.items():
            given = context.get(part)
            for name in names:
                if not isinstance(given, Mapping) or name not in given:
                    raise FramingError(
                        INVALID_PAYLOAD, f"speech.config has no {part}.{name}"
                    )
        self._configured = True
        return Configured(body)

    def _request_id(self, message: Message) -> str:
        given = _required(message, REQUEST_ID)
        if len(given) != 32 or not set(given) <= _HEX:
            raise FramingError(
                PROTOCOL_ERROR,
                "Invalid request. X-RequestId header value was not specified in "
                "no-dash UUID format.",
            )
        _check_timestamp(message)
        return given.lower()

    def _take_context(self, message: Message, request_id: str) -> ContextGiven:
        self._refuse_reuse(request_id)
        self._contexts[request_id] = message.json()
        return ContextGiven(request_id, self._contexts[request_id])

    def _take_telemetry(self, message: Message, request_id: str) -> TelemetryGiven:
        body = message.json()
        if self.is_strict:
            wrong = telemetry_fault(body, is_of_turn=request_id in self._finished)
            if wrong is not None:
                raise FramingError(INVALID_PAYLOAD, f"Telemetry: {wrong}")
            if request_id in self._reported:
                raise FramingError(
                    PROTOCOL_ERROR, f"Telemetry came twice for {request_id}"
                )
        self._reported.add(request_id)
        if request_id == self._unreported:
            self._unreported = None
        return TelemetryGiven(request_id, body)

    def _take_audio(self, message: Message, request_id: str) -> list[Fact]:
        if not message.is_binary:
            raise FramingError(1003, "audio must come in binary messages")
        size = len(message.body)
        if size > (LARGEST_AUDIO if self.is_strict else LARGEST_AUDIO_SEEN):
            raise FramingError(
                INVALID_PAYLOAD, f"more than {LARGEST_AUDIO} bytes of audio"
            )
        notes: list[Fact] = []
        if size > LARGEST_AUDIO and not self._noted_size:
            self._noted_size = True
            excess = f"{size:,} bytes of audio in a message, the document has"
            notes.append(Noted(f"{excess} {LARGEST_AUDIO:,}"))
        return [*notes, *self._audio_facts(message, request_id)]

    def _audio_facts(self, message: Message, request_id: str) -> list[Fact]:
        audio = message.body
        if request_id == self.open_turn:
            return [AudioGiven(audio)]
        if request_id in self._finished and audio[:4] != b"RIFF":
            return [LateAudio(request_id, audio)]
        self._refuse_reuse(request_id)
        if self.is_strict and self._unreported is not None:
            raise FramingError(
                PROTOCOL_ERROR, f"Telemetry is missing for {self._unreported}"
            )
        content_type = message.header("Content-Type").lower()
        if self.is_strict and not content_type:
            raise FramingError(PROTOCOL_ERROR, "Missing/Empty header. Content-Type.")
        body = _without_header(audio, content_type)
        self.open_turn = request_id
        facts: list[Fact] = [
            TurnOpened(request_id, content_type, self._contexts.pop(request_id, None))
        ]
        if body:
            facts.append(AudioGiven(body))
        return facts

    def _refuse_reuse(self, request_id: str) -> None:
        if request_id in self._finished:
            raise FramingError(
                PROTOCOL_ERROR,
                "Invalid request. Reuse of request identifiers is not allowed.",
            )


def service_message(path: str, request_id: str, body: str = "") -> str:
    """Return a message as the service sends it."""
    headers = [(REQUEST_ID, request_id), (PATH, path)]
    if body:
        headers.append(("Content-Type", "application/json; charset=utf-8"))
    return build_text(tuple(headers), body)


def _required(message: Message, name: str) -> str:
    value = message.header(name)
    if not value:
        raise FramingError(PROTOCOL_ERROR, f"Missing/Empty header. {name}.")
    return value


def _check_timestamp(message: Message) -> None:
    if not is_timestamp(_required(message, TIMESTAMP)):
        raise FramingError(PROTOCOL_ERROR, f"{TIMESTAMP} is not in UTC ISO 8601")


def _without_header(audio: bytes, content_type: str) -> bytes:
    """Return the first audio without its WAV header, checked.

    Raises:
        FramingError: WAV without a RIFF header, or a type the service lacks.
    """
    if content_type and not content_type.startswith(
        ("audio/x-wav", "audio/wav", "audio/ogg", "audio/silk")
    ):
        raise FramingError(INVALID_PAYLOAD, f"Unsupported audio type {content_type}")
    if content_type.startswith(("audio/ogg", "audio/silk")):
        return audio
    if audio[:4] != b"RIFF" or audio[8:16] != b"WAVEfmt ":
        raise FramingError(
            INVALID_PAYLOAD, "The audio of a turn must begin with a RIFF header"
        )
    is_siren = audio[20:22] not in _PLAIN_KINDS  # the service decodes that itself
    if not is_siren and audio[20:28] + audio[34:36] != _PCM_16KHZ_MONO:
        raise FramingError(INVALID_PAYLOAD, "The audio is not 16 kHz 16-bit mono PCM")
    data = audio.find(b"data", 12)
    return audio[data + 8 :] if data >= 0 else b""
