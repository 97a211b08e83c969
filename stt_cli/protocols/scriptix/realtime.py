"""The real-time socket: ``start``, wait for ``listening``, audio, ``stop``.

Audio is 16 kHz 16-bit mono PCM. Results come in two shapes, one published and
one sent by the newer engine; both are read. A stopped session cannot start
again. The session's ID comes with ``listening``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import CredentialsError, ProviderError, SttError
from stt_cli.core.transcript import Segment
from stt_cli.protocols.json_fields import Fields, flag, number, text
from stt_cli.protocols.scriptix.errors import message_of
from stt_cli.protocols.scriptix.results import speaker_of, word_tuples, words_of

PATH = "/v2/realtime"
STOP = json.dumps({"action": "stop"})
SAMPLE_RATE = 16_000
# The engine was seen to take 17 s to its last word after `stop`.
PATIENCE_AFTER_STOP = 30.0
CONNECT_SECONDS = 15.0
_MILLISECOND = 0.001


def start(*, partial: bool = True, actual_numbers: bool = False) -> str:
    """Return the message that starts a session; the token goes in a header."""
    message: dict[str, Any] = {"action": "start"}
    if not partial:
        message["partial"] = False
    if actual_numbers:
        message["actual_numbers"] = True
    return json.dumps(message)


@dataclass(frozen=True, slots=True)
class State:
    """The session's state: ``loading``, ``listening``, ``stopped``, …

    ``at`` is the time of a shutdown, in seconds since the epoch.
    """

    name: str
    session_id: str | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A partial result; the next one replaces it."""

    text: str
    start: float | None = None


@dataclass(frozen=True, slots=True)
class Final:
    """A final result; finals add up."""

    segment: Segment


@dataclass(frozen=True, slots=True)
class Failed:
    """The service says that something went wrong."""

    error: SttError


Message = State | Hypothesis | Final | Failed | None


def read_message(message: str | bytes) -> Message:
    """Read one message; ``None`` for one that says nothing known.

    Raises:
        ProviderError: it is no JSON object.
    """
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise ProviderError("Scriptix sent a message that is not a JSON object")
    if text(fields, "state"):
        return State(fields["state"], text(fields, "session_id"), number(fields, "at"))
    if fields.get("error"):
        return Failed(_error(message_of(fields) or "no reason given"))
    if isinstance(fields.get("partial"), str):
        return Hypothesis(fields["partial"])
    return _result(fields)


def _result(fields: Fields) -> Message:
    transcript = fields.get("text")
    entries = word_tuples(fields, "words") or word_tuples(fields, "result")
    if not isinstance(transcript, str) and not entries:
        return None
    offset = number(fields, "offset_ms")
    offset = None if offset is None else offset * _MILLISECOND
    spoken = (
        transcript if isinstance(transcript, str) else " ".join(e[0] for e in entries)
    )
    if "is_final" in fields and not flag(fields, "is_final"):
        return Hypothesis(spoken, offset)
    words = words_of(entries, _MILLISECOND)
    return Final(
        Segment(
            text=spoken.strip(),
            start=words[0].start if words else offset,
            end=words[-1].end if words else None,
            speaker=speaker_of(fields),
            words=words,
        )
    )


def _error(message: str) -> SttError:
    if any(word in message.lower() for word in ("token", "unauthor", "key")):
        hint = "streams need a token of type Realtime"
        return CredentialsError(f"Scriptix: {message}", hint=hint)
    return ProviderError(f"Scriptix: {message}", transient=True)
