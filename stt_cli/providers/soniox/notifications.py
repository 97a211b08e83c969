"""Soniox's web hooks, as the receiver takes them."""

from __future__ import annotations

from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply
from stt_cli.protocols.soniox.webhook import is_authentic, read_notification
from stt_cli.providers.base import ProviderContext


def reader_of(context: ProviderContext) -> WebhookReader:
    """Return what reads notifications.

    With a secret set the agreed header must come with it. Without one a call is
    no more than a reason to look at the job now.
    """
    secret = context.secrets.get("webhook_secret")
    header = context.values.get("webhook_header")

    def read(call: WebhookCall) -> WebhookReply:
        if secret and not is_authentic(call.headers, header, secret):
            return WebhookReply(401, refused="the agreed header is missing or wrong")
        notification = read_notification(call.body)
        if call.method != "POST" or notification is None:
            return WebhookReply(400, refused="it is no notification of Soniox")
        return WebhookReply(job_ids=(notification.job_id,))

    return read
