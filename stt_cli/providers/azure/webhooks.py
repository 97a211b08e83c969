"""The web hooks of a Speech resource: create, list, ping, test, delete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stt_cli.core.secret import Secret
from stt_cli.core.webhook import RegisteredWebhook
from stt_cli.protocols.azure_rest.webhook import create_body, parse_webhook
from stt_cli.providers.azure.api import PAGE, SpeechApi


def create_webhook(
    api: SpeechApi,
    url: str,
    events: Sequence[str],
    secret: Secret | None,
    name: str | None,
) -> RegisteredWebhook:
    """Register a web hook; the service sends its challenge meanwhile."""
    body = create_body(url, events, secret, name)
    return parse_webhook(api.call("POST", "/webhooks", body=body).body)


def list_webhooks(api: SpeechApi) -> Iterator[RegisteredWebhook]:
    """Yield the resource's web hooks."""
    for item in api.pages("/webhooks", [("top", str(PAGE))], follow=True):
        yield parse_webhook(item)


def call_webhook(api: SpeechApi, webhook_id: str, action: str) -> None:
    """Let the service ``ping`` or ``test`` a web hook.

    The address is built here: the documents' own examples have the two links
    the wrong way round.
    """
    api.call("POST", f"/webhooks/{webhook_id}:{action}")


def delete_webhook(api: SpeechApi, webhook_id: str) -> None:
    """Remove a web hook."""
    api.call("DELETE", f"/webhooks/{webhook_id}")
