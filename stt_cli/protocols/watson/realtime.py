"""The WebSocket: what the client says, what a message of the service means.

A start message as text, audio as binary, a stop message as text. The service
says ``listening`` when it is ready, and again when a recognition is over: that
second word is the only end marker, so what counts is whether a stop was sent
(IBM's WebSocket interface, "Using a session").
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import ProviderError
from stt_cli.protocols.json_fields import Fields, text
from stt_cli.protocols.watson.parameters import (
    Place,
    Values,
    for_place,
    json_values,
)
from stt_cli.protocols.watson.results import Results, read_results

STOP = json.dumps({"action": "stop"})
LARGEST_FRAME = 4 * 1024 * 1024
"""Bytes; a larger one is answered with close code 1009."""
SEE_MESSAGE = "see the previous message for the error details."


def start_message(values: Values, content_type: str) -> str:
    """Return the message that begins a recognition.

    What stands in the address (model, customization) is not repeated here.
    """
    chosen = json_values(for_place(values, Place.SOCKET_START))
    return json.dumps(
        {"action": "start", "content-type": content_type, **chosen},
        ensure_ascii=False,
    )


@dataclass(frozen=True, slots=True)
class Listening:
    """The service is ready: for audio, or for the next recognition."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The service's last word before it closes."""

    words: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Results, hypotheses, speaker labels, warnings, metrics: any of them."""

    results: Results
    fields: Fields


Message = Listening | Fault | Heard


def read_message(data: str | bytes) -> Message:
    """Read one message of the service.

    Raises:
        ProviderError: it is no JSON object.
    """
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise ProviderError("Watson sent a message that is not a JSON object")
    words = text(fields, "error")
    if words is not None:
        return Fault(words)
    if fields.get("state") == "listening":
        return Listening()
    return Heard(read_results(fields), fields)


class ClientTurn:
    """One recognition over a connection that may serve many.

    ``is_over`` holds once the service says ``listening`` after our stop.
    """

    def __init__(self) -> None:
        self._stopped = False
        self.is_over = False

    def stop_sent(self) -> None:
        """All audio is out."""
        self._stopped = True

    def receive(self, data: str | bytes) -> Message:
        """Take a message of the service."""
        message = read_message(data)
        if isinstance(message, Listening) and self._stopped:
            self.is_over = True
        return message


@dataclass(frozen=True, slots=True)
class Start:
    """A client begins a recognition, with these parameters."""

    content_type: str | None
    values: dict[str, Any]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audio:
    """A client sent audio."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """A client has sent all audio."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a client sent breaks the protocol: words for it, and a close code."""

    words: str
    close_code: int = 1011


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message without effect, such as ``no-op``."""


ClientMessage = Start | Audio | Stop | Refusal | Ignored


def read_client_message(data: str | bytes) -> ClientMessage:
    """Read one message of a client, as the service does.

    Both spellings of ``content-type`` are taken, an empty binary message is a
    stop, and audio may come before ``listening``.
    """
    if isinstance(data, bytes):
        if len(data) > LARGEST_FRAME:
            return Refusal("", close_code=1009)
        return Audio(data) if data else Stop()
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return Refusal("unable to parse the message as JSON")
    action = fields.pop("action", None)
    if action == "stop":
        return Stop()
    if action == "start":
        return _start(fields)
    if action in ("no-op", "close"):
        return Ignored()
    return Refusal(f"unknown action: {action}")


def _start(fields: dict[str, Any]) -> ClientMessage:
    from stt_cli.protocols.watson.parameters import PARAMETERS

    underscored = fields.pop("content_type", None)
    content_type = fields.pop("content-type", underscored)
    if content_type is not None and not isinstance(content_type, str):
        return Refusal("content-type is not a string")
    known = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name in PARAMETERS and Place.SOCKET_START in PARAMETERS[name].places
    }
    unknown = tuple(name for name in fields if name not in known)
    return Start(content_type, known, unknown)
