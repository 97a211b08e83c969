"""The real-time socket, server side: takes a client's messages in their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.protocols.json_fields import Fields, integer, text
from stt_cli.protocols.soniox.tokens import ENDPOINT_MARK, FINALIZED_MARK

CONTAINERS = frozenset(
    ("aac", "aiff", "amr", "asf", "flac", "mp3", "ogg", "wav", "webm")
)
_WIDE = [f"{s}{bits}{o}" for s in "su" for bits in (16, 24, 32) for o in ("le", "be")]
_FLOATS = [f"f{bits}{order}" for bits in (32, 64) for order in ("le", "be")]
RAW_FORMATS = frozenset(
    ["mulaw", "alaw", *(f"pcm_{name}" for name in ["u8", "s8", *_WIDE, *_FLOATS])]
)
IDLE_SECONDS = 20.0


class Refused(Exception):  # noqa: N818 - what happened, as in a log
    """The client broke the protocol: this error frame goes out, then a close."""

    def __init__(self, code: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.error_type = error_type
        self.message = message


@dataclass
class ServerSession:
    """One stream's state; ``take_text`` says what the client asked for."""

    key_in_header: bool = False
    strict: bool = False
    config: Fields | None = None
    ended: bool = False
    audio: bytearray = field(default_factory=bytearray)

    def take_text(self, message: str) -> str:
        """Take a text message; returns what it is.

        One of ``config``, ``keepalive``, ``finalize``, ``end``.

        Raises:
            Refused: it is none of these, or not the time for it.
        """
        if self.config is None:
            self.config = read_config(
                message, key_in_header=self.key_in_header, strict=self.strict
            )
            return "config"
        if message == "":
            self.ended = True
            return "end"
        fields = _object(message, "Control request is malformed.")
        kind = text(fields, "type")
        if kind not in ("keepalive", "finalize"):
            raise Refused(400, "invalid_request", "Control request invalid type.")
        return kind

    def take_audio(self, data: bytes) -> None:
        """Take a binary message. Raises ``Refused`` before the configuration."""
        if self.config is None:
            raise Refused(
                400, "invalid_request", "Start request must be a text message."
            )
        self.audio += data

    @property
    def wants_endpoints(self) -> bool:
        """Whether ends of speech are to be marked."""
        return (self.config or {}).get("enable_endpoint_detection") is True

    @property
    def audio_format(self) -> str:
        """The format that the client named."""
        return text(self.config or {}, "audio_format") or ""

    @property
    def bytes_a_second(self) -> int | None:
        """The rate of 16-bit PCM, ``None`` for any other format."""
        config = self.config or {}
        if self.audio_format != "pcm_s16le":
            return None
        rate, channels = integer(config, "sample_rate"), integer(config, "num_channels")
        return 2 * (rate or 16_000) * (channels or 1)


def read_config(
    message: str, *, key_in_header: bool = False, strict: bool = False
) -> Fields:
    """Read and check the first message. Raises ``Refused``.

    Args:
        strict: refuse a key in the message, as the service will from 2027-01-15.
    """
    fields = _object(message, "Start request is malformed.")
    if "api_key" in fields and strict:
        raise Refused(
            401, "unauthenticated", "API key must be sent in the Authorization header."
        )
    if "api_key" in fields and key_in_header:
        raise Refused(
            400, "invalid_request", "API key must not be sent in header and config."
        )
    if not text(fields, "model"):
        raise Refused(400, "invalid_request", "Missing field: model")
    if not str(fields["model"]).startswith("stt-rt-"):
        raise Refused(400, "model_not_available", "Invalid model specified.")
    name = text(fields, "audio_format")
    if name in RAW_FORMATS:
        for needed in ("sample_rate", "num_channels"):
            if not integer(fields, needed):
                what = f"{needed} must be specified for raw audio formats"
                raise Refused(400, "invalid_request", what)
    elif name != "auto" and name not in CONTAINERS:
        raise Refused(400, "invalid_request", "Invalid audio format.")
    hints = fields.get("language_hints") or []
    if len(set(hints)) != len(hints):
        raise Refused(400, "invalid_request", "Language hints must be unique.")
    if len(text(fields, "client_reference_id") or "") > 256:
        raise Refused(400, "invalid_request", "Client reference ID is too long.")
    return fields


def token(text_: str, *, final: bool, **more: Any) -> dict[str, Any]:
    """Return a token as it goes over the wire; ``None`` values are left out."""
    known = {name: value for name, value in more.items() if value is not None}
    return {"text": text_, **known, "is_final": final}


def mark(kind: str) -> dict[str, Any]:
    """Return the marker for an ``endpoint`` or for ``finalize``."""
    return token(ENDPOINT_MARK if kind == "endpoint" else FINALIZED_MARK, final=True)


def response(
    tokens: Iterable[Mapping[str, Any]],
    final_ms: float,
    total_ms: float,
    *,
    finished: bool = False,
) -> str:
    """Return one message with tokens and how far the audio was heard."""
    message: dict[str, Any] = {
        "tokens": list(tokens),
        "final_audio_proc_ms": round(final_ms),
        "total_audio_proc_ms": round(total_ms),
    }
    if finished:
        message["finished"] = True
    return json.dumps(message, ensure_ascii=False)


def error_frame(refused: Refused, request_id: str) -> str:
    """Return an error message in today's shape."""
    return json.dumps(
        {
            "tokens": [],
            "error_code": refused.code,
            "error_type": refused.error_type,
            "error_message": refused.message,
            "more_info": "https://soniox.com/docs/api-reference/errors"
            f"#{refused.error_type}",
            "request_id": request_id,
        }
    )


def _object(message: str, complaint: str) -> Fields:
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise Refused(400, "invalid_request", complaint)
    return fields
