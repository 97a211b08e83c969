"""REST, server side: what is refused, and how refusals and objects look."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.protocols.json_fields import Fields, mapping, text
from stt_cli.protocols.soniox.fields import LONGEST_HINT, MOST_HINTS
from stt_cli.protocols.soniox.objects import MASKED_VALUE

LARGEST_FILE = 1_073_741_824  # bytes
_URL = re.compile(r"https?://\S+")
_ECHOED = (
    "model",
    "audio_url",
    "file_id",
    "language_hints",
    "enable_speaker_diarization",
    "enable_language_identification",
    "context",
    "webhook_url",
    "webhook_auth_header_name",
    "client_reference_id",
)
_SWITCHES = (
    "language_hints_strict",
    "enable_speaker_diarization",
    "enable_language_identification",
)
_TEXTS = {
    "audio_url": 4096,
    "webhook_url": 256,
    "webhook_auth_header_name": 256,
    "webhook_auth_header_value": 256,
    "client_reference_id": 256,
}
_TRANSLATIONS = {
    "one_way": ("target_language",),
    "two_way": ("language_a", "language_b"),
}
_TYPES = {
    400: "invalid_request",
    401: "unauthenticated",
    402: "organization_balance_exhausted",
    403: "permission_denied",
    404: "transcription_not_found",
    408: "request_timeout",
    409: "transcription_invalid_state",
    413: "max_duration_reached",
    429: "limit_exceeded",
    503: "service_unavailable",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: its status, type, message and what is wrong where."""

    status: int
    error_type: str
    message: str
    wrong: tuple[tuple[str, str, str], ...] = ()  # type, location, message

    @classmethod
    def of_status(cls, status: int) -> Refusal:
        """Return a refusal for a status alone."""
        name = _TYPES.get(status, "internal_error")
        return cls(status, name, f"The emulator returns {status} as requested.")

    def body(self, request_id: str) -> bytes:
        """Return the error envelope."""
        return json.dumps(
            {
                "status_code": self.status,
                "error_type": self.error_type,
                "message": self.message,
                "validation_errors": [
                    {"error_type": kind, "location": where, "message": what}
                    for kind, where, what in self.wrong
                ],
                "request_id": request_id,
                "more_info": "https://soniox.com/docs/api-reference/errors"
                f"#{self.error_type}",
            }
        ).encode()


def invalid(*wrong: tuple[str, str, str]) -> Refusal:
    """Return the refusal of a request whose fields are wrong."""
    return Refusal(400, "invalid_request", "Invalid request.", wrong)


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A request to transcribe, checked."""

    fields: Fields = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes) -> CreateRequest | Refusal:
        """Read and check a request body."""
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            return invalid(("value_error", "body.payload", "Not a JSON object"))
        wrong = [
            (kind, f"body.payload{where}", what) for kind, where, what in _wrong(fields)
        ]
        return invalid(*wrong) if wrong else cls(fields)

    def get(self, name: str) -> str | None:
        """Return a text field."""
        return text(self.fields, name)

    @property
    def is_of_version_6(self) -> bool:
        """Whether it names a model of version 6."""
        return str(self.fields.get("model")).endswith("-v6")

    @property
    def wants_speakers(self) -> bool:
        """Whether speakers are to be told apart."""
        return self.fields.get("enable_speaker_diarization") is True

    @property
    def wants_languages(self) -> bool:
        """Whether languages are to be told."""
        return self.fields.get("enable_language_identification") is True

    @property
    def translation(self) -> Fields:
        """What is to be translated, empty for nothing."""
        return mapping(self.fields, "translation")

    def echoed(self) -> dict[str, Any]:
        """Return the fields as the transcription object repeats them."""
        known = {name: self.fields.get(name) for name in _ECHOED}
        for name in ("enable_speaker_diarization", "enable_language_identification"):
            known[name] = known[name] is True
        has_secret = self.fields.get("webhook_auth_header_value") is not None
        known["webhook_auth_header_value"] = MASKED_VALUE if has_secret else None
        return known


def _wrong(fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    model = fields.get("model")
    if model is None:
        found.append(("missing", ".model", "Field required"))
    elif (
        not isinstance(model, str)
        or len(model) > 32
        or not model.startswith("stt-async-")
    ):
        found.append(("value_error", ".model", "Invalid model"))
    given = [n for n in ("audio_url", "file_id") if fields.get(n) is not None]
    if len(given) != 1:
        what = "Exactly one of audio_url or file_id must be given"
        found.append(("value_error", "", what))
    for name, longest in _TEXTS.items():
        value = fields.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > longest:
            found.append(("value_error", f".{name}", f"At most {longest} characters"))
        elif name.endswith("_url") and not _URL.fullmatch(value):
            found.append(("value_error", f".{name}", "Not an http(s) address"))
    for name in _SWITCHES:
        if not isinstance(fields.get(name), bool | None):
            found.append(("value_error", f".{name}", "Not a boolean"))
    return found + _wrong_hints(fields) + _wrong_translation(fields)


def _wrong_hints(fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    hints = fields.get("language_hints")
    if hints is None:
        return []
    if not isinstance(hints, list) or not all(isinstance(hint, str) for hint in hints):
        return [("value_error", ".language_hints", "Not a list of strings")]
    if len(hints) > MOST_HINTS or any(len(hint) > LONGEST_HINT for hint in hints):
        return [("value_error", ".language_hints", "Too many or too long")]
    if len(set(hints)) != len(hints):
        return [("value_error", ".language_hints", "Hints must be unique")]
    return []


def _wrong_translation(fields: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    wanted = fields.get("translation")
    if wanted is None:
        return []
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    needed = _TRANSLATIONS.get(str(kind))
    if needed is None:
        return [("value_error", ".translation.type", "one_way or two_way")]
    return [
        ("missing", f".translation.{name}", "Field required")
        for name in needed
        if not wanted.get(name)
    ]
