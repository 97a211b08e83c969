"""The real-time socket, client side: which message comes next, what came back.

The configuration goes first, as text; then audio, as binary; an empty text
message ends it. The service then finishes what it heard, says ``finished`` and
closes. Final tokens come once; each message's other tokens replace those of
the message before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stt_cli.core.errors import ProviderError
from stt_cli.protocols.json_fields import flag, number, objects, unknown
from stt_cli.protocols.soniox.errors import Failure, failure_of_frame
from stt_cli.protocols.soniox.tokens import Token

PATH = "/transcribe-websocket"
END_OF_AUDIO = ""
KEEPALIVE = json.dumps({"type": "keepalive"})
# One is due every 20 s when no audio flows; a late one costs the session.
KEEPALIVE_SECONDS = 10.0
_PROGRESS = ("tokens", "final_audio_proc_ms", "total_audio_proc_ms", "finished")
_ERROR = ("error_code", "error_type", "error_message", "more_info", "request_id")
_KNOWN = frozenset(_PROGRESS + _ERROR)


def configuration(fields: Mapping[str, Any]) -> str:
    """Return the first message; the key never stands in it, but in a header."""
    used = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(used, ensure_ascii=False)


def finalize(trailing_silence_ms: int | None = None) -> str:
    """Return the message that makes all tentative tokens final."""
    message: dict[str, Any] = {"type": "finalize"}
    if trailing_silence_ms is not None:
        message["trailing_silence_ms"] = trailing_silence_ms
    return json.dumps(message)


@dataclass(frozen=True, slots=True)
class Update:
    """One message of the service, read. Times are seconds of the whole input.

    ``details`` keeps fields of newer services.
    """

    final: tuple[Token, ...] = ()
    tentative: tuple[Token, ...] = ()
    final_until: float | None = None
    heard_until: float | None = None
    finished: bool = False
    failure: Failure | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tentative_text(self) -> str:
        """What was said by the tentative tokens."""
        return "".join(token.text for token in self.tentative if token.is_speech)


def read_update(message: str | bytes, offset: float = 0.0) -> Update:
    """Read one message.

    Args:
        offset: seconds of the input that earlier connections have dealt with;
            every connection's times start at nought.

    Raises:
        ProviderError: it is no JSON object.
    """
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise ProviderError(
            "Soniox sent a message that is not a JSON object", transient=True
        )
    tokens = [Token.read(item, offset) for item in objects(fields, "tokens")]
    final_ms = number(fields, "final_audio_proc_ms")
    heard_ms = number(fields, "total_audio_proc_ms")
    return Update(
        final=tuple(token for token in tokens if token.is_final),
        tentative=tuple(token for token in tokens if not token.is_final),
        final_until=None if final_ms is None else final_ms / 1000 + offset,
        heard_until=None if heard_ms is None else heard_ms / 1000 + offset,
        finished=flag(fields, "finished"),
        failure=failure_of_frame(fields),
        details=unknown(fields, _KNOWN),
    )
