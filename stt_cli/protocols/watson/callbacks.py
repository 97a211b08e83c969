"""Callbacks of jobs: the challenge at registration, and signed notifications.

The signature is base64 of an HMAC over the raw bytes, with SHA-1 in the 2018
document and SHA-256 in today's: either proves that the secret is known.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

from stt_cli.core.secret import Secret
from stt_cli.core.webhook import WebhookCall, WebhookReply
from stt_cli.protocols.json_fields import text

SIGNATURE_HEADER = "X-Callback-Signature"
_ALGORITHMS = ("sha256", "sha1")


def signature(secret: Secret, message: bytes, algorithm: str = "sha256") -> str:
    """Return the header's value for these bytes."""
    digest = hmac.new(secret.reveal().encode(), message, getattr(hashlib, algorithm))
    return base64.b64encode(digest.digest()).decode()


def is_signed(secret: Secret, message: bytes, given: str | None) -> bool:
    """Whether the value is a signature of the message, by either algorithm."""
    claimed = (given or "").encode("utf-8", "surrogateescape")
    expected = [signature(secret, message, name).encode() for name in _ALGORITHMS]
    # Both are compared, whatever the first says: the time taken tells nothing.
    matches = [hmac.compare_digest(claimed, each) for each in expected]
    return any(matches)


def read_call(call: WebhookCall, secret: Secret | None) -> WebhookReply:
    """Answer a challenge, or read which job a notification tells of."""
    given = call.header(SIGNATURE_HEADER)
    if call.method == "GET":
        query = parse_qs(urlsplit(call.target).query)
        challenge = query.get("challenge_string", [""])[0].encode()
        if not challenge:
            return WebhookReply(400, refused="a challenge without a string")
        if secret and not is_signed(secret, challenge, given):
            return WebhookReply(
                401, refused="the signature of the challenge is missing or wrong"
            )
        return WebhookReply(body=challenge)
    if secret and not is_signed(secret, call.body, given):
        return WebhookReply(
            401, refused="the signature of the notification is missing or wrong"
        )
    job_id, event = _notification(call.body)
    if call.method != "POST" or job_id is None:
        return WebhookReply(400, refused="it is not a Watson notification")
    return WebhookReply(job_ids=(job_id,), key=f"{job_id} {event}")


def _notification(body: bytes) -> tuple[str | None, str | None]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None, None
    if not isinstance(fields, dict):
        return None, None
    return text(fields, "id"), text(fields, "event")
