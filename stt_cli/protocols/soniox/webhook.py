"""Web hooks of Soniox: an ID and a state word, and a header chosen by us.

The vendor signs nothing. What can be verified is the static header that was
named when the transcription was created; without one the body is a hint to look
at the transcription, and no more.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

from stt_cli.core.secret import Secret
from stt_cli.protocols.json_fields import text

DEFAULT_HEADER = "X-Soniox-Webhook-Secret"


@dataclass(frozen=True, slots=True)
class Notification:
    """Which transcription ended, and the word that came with it."""

    job_id: str
    status: str | None = None


def read_notification(body: bytes) -> Notification | None:
    """Return what a notification says, ``None`` where it is none."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    job_id = text(fields, "id") if isinstance(fields, dict) else None
    return Notification(job_id, text(fields, "status")) if job_id else None


def is_authentic(
    headers: Iterable[tuple[str, str]], name: str | None, secret: Secret | None
) -> bool:
    """Whether the agreed header came with the agreed value, once.

    Without a secret nothing can be verified, and nothing passes.
    """
    if not secret:
        return False
    wanted = (name or DEFAULT_HEADER).lower()
    values = [value for key, value in headers if key.lower() == wanted]
    return len(values) == 1 and hmac.compare_digest(
        values[0].encode("utf-8", "surrogateescape"), secret.reveal().encode()
    )


def notification_body(job_id: str, status: str) -> bytes:
    """Return the body that the service posts."""
    return json.dumps({"id": job_id, "status": status}).encode()
