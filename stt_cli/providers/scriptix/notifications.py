"""Scriptix' web hooks, as the receiver takes them."""

from __future__ import annotations

import hmac

from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply
from stt_cli.protocols.scriptix.webhooks import (
    SIGNATURE_HEADER,
    is_signed,
    read_notification,
)
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.scriptix.options import SECRET_HEADER


def reader_of(context: ProviderContext) -> WebhookReader:
    """Return what reads notifications.

    A signature that is there must be right. With a secret set, an unsigned call
    must bring it in the header that we asked the service to send. Without a
    secret a call is no more than a reason to look at the session now.
    """
    secret = context.secrets.get("webhook_secret")

    def is_ours(call: WebhookCall) -> bool:
        given = (call.header(SECRET_HEADER) or "").encode("utf-8", "surrogateescape")
        return bool(secret) and hmac.compare_digest(
            given, secret.reveal().encode() if secret else b""
        )

    def read(call: WebhookCall) -> WebhookReply:
        signed = is_signed(call.body, call.headers, secret)
        if signed is False:
            return WebhookReply(401, refused="the signature is wrong")
        if signed is None and secret and not is_ours(call):
            return WebhookReply(401, refused="neither signature nor our header")
        notification = read_notification(call.body, call.headers)
        if call.method not in ("POST", "PUT") or notification is None:
            return WebhookReply(400, refused="it is no notification of Scriptix")
        return WebhookReply(
            job_ids=(notification.session_id,), key=call.header(SIGNATURE_HEADER)
        )

    return read
