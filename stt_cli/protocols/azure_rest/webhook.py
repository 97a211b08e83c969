"""Web hooks of the speechtotext API: registering, challenge, signature, news."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stt_cli.core.errors import ProviderError, UsageError
from stt_cli.core.secret import Secret
from stt_cli.core.webhook import RegisteredWebhook, WebhookCall, WebhookReply
from stt_cli.protocols.azure_rest.versions import id_from_self
from stt_cli.protocols.json_fields import Fields, mapping, moment, text

EVENT_HEADER = "X-MicrosoftSpeechServices-Event"
SIGNATURE_HEADER = "X-MicrosoftSpeechServices-Signature"
VALIDATION_TOKEN = "validationToken"

_KINDS = ("dataset", "model", "evaluation", "transcription", "endpoint")
_MOMENTS = ("Creation", "Processing", "Completion", "Deletion")
EVENTS = (
    *(kind + moment_ for kind in _KINDS for moment_ in _MOMENTS),
    "ping",
    "challenge",
)
DEFAULT_EVENTS = ("transcriptionCompletion", "ping", "challenge")


def sign(secret: Secret, message: bytes) -> str:
    """Return the signature of a body, or of a challenge's token."""
    digest = hmac.new(secret.reveal().encode(), message, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def create_body(
    url: str, events: Sequence[str], secret: Secret | None, name: str | None
) -> dict[str, Any]:
    """Return the body that registers a web hook.

    Raises:
        UsageError: there is no event of that name.
    """
    wrong = next((event for event in events if event not in EVENTS), None)
    if wrong is not None:
        raise UsageError(
            f"unknown event {wrong!r}", hint=f"choose from {', '.join(EVENTS)}"
        )
    body: dict[str, Any] = {
        "displayName": name or "stt",
        "webUrl": url,
        "events": dict.fromkeys(events or DEFAULT_EVENTS, True),
    }
    if secret:
        body["properties"] = {"secret": secret.reveal()}
    return body


def parse_webhook(body: Fields) -> RegisteredWebhook:
    """Read a registered web hook. Raises ``ProviderError``."""
    webhook_id = id_from_self(body.get("self"))
    if webhook_id is None:
        raise ProviderError("the service returned a webhook without an ID")
    return RegisteredWebhook(
        id=webhook_id,
        url=text(body, "webUrl") or "",
        name=text(body, "displayName"),
        events=tuple(name for name, on in mapping(body, "events").items() if on),
        state=text(body, "status"),
        created=moment(body, "createdDateTime"),
    )


class AzureWebhookReader:
    """Answers the challenge, and believes what is signed with our secret.

    Without a secret the service signs nothing: a call is then only a reason to
    look, as every call is.
    """

    def __init__(self, secret: Secret | None) -> None:
        self._secret = secret

    def __call__(self, call: WebhookCall) -> WebhookReply:
        """Return the reply to a call."""
        query = parse_qs(urlsplit(call.target).query)
        token = next(iter(query.get(VALIDATION_TOKEN, ())), None)
        event = (call.header(EVENT_HEADER) or "").lower()
        message = token.encode() if token is not None else call.body
        if not self._is_genuine(call, message):
            return WebhookReply(401, refused="the signature is missing or wrong")
        if token is not None:
            return WebhookReply(200, body=token.encode())
        body = _object(call.body)
        job_id = id_from_self(body.get("self"))
        tells = event.startswith("transcription") and job_id is not None
        return WebhookReply(
            200,
            job_ids=(job_id,) if tells and job_id else (),
            key=text(body, "invocationId"),
        )

    def _is_genuine(self, call: WebhookCall, message: bytes) -> bool:
        if not self._secret:
            return True
        given = call.header(SIGNATURE_HEADER) or ""
        return hmac.compare_digest(
            given.encode("utf-8", "replace"), sign(self._secret, message).encode()
        )


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
