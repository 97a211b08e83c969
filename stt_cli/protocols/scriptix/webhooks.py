"""Web hooks: four shapes of body, one of them signed.

Whatever comes is a hint to look at the session; failures may send nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

from stt_cli.core.secret import Secret
from stt_cli.protocols.json_fields import mapping, text
from stt_cli.protocols.scriptix.session import document_id_of

SIGNATURE_HEADER = "X-Scriptix-Signature"
SESSION_HEADER = "X-Scriptix-Session"
DOCUMENT_HEADER = "X-Scriptix-Document"
_OLD_SESSION_HEADER = "X-Zoom-Session"
_PREFIX = "sha256="


@dataclass(frozen=True, slots=True)
class Notification:
    """Which session it is about; ``status`` is the service's word, if any."""

    session_id: str
    document_id: str | None = None
    status: str | None = None
    event: str | None = None


def read_notification(
    body: bytes, headers: Iterable[tuple[str, str]] = ()
) -> Notification | None:
    """Return what a notification says, ``None`` where it names no session."""
    named = {name.lower(): value for name, value in headers}
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return None
    data = mapping(fields, "data")
    session_id = (
        text(fields, "sessionId")
        or text(fields, "session_id")
        or text(fields, "zoom_id")
        or text(data, "session_id")
        or text(data, "id")
        or named.get(SESSION_HEADER.lower())
        or named.get(_OLD_SESSION_HEADER.lower())
    )
    if not session_id:
        return None
    document_id = (
        text(fields, "documentId")
        or document_id_of(fields.get("document"))
        or text(data, "document_id")
        or named.get(DOCUMENT_HEADER.lower())
    )
    return Notification(
        session_id,
        document_id,
        text(fields, "status") or text(data, "status"),
        text(fields, "event"),
    )


def signature(body: bytes, secret: Secret) -> str:
    """Return the signature header's value for a body."""
    digest = hmac.new(secret.reveal().encode(), body, hashlib.sha256)
    return _PREFIX + digest.hexdigest()


def is_signed(
    body: bytes, headers: Iterable[tuple[str, str]], secret: Secret | None
) -> bool | None:
    """Whether the signature is right; ``None`` where the body carries none."""
    wanted = SIGNATURE_HEADER.lower()
    values = [value for name, value in headers if name.lower() == wanted]
    if not values:
        return None
    if not secret or len(values) != 1:
        return False
    given = values[0].strip().encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, signature(body, secret).encode())
