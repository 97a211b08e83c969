"""What a Speech resource has besides jobs: languages, base models, web hooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stt_cli.core.catalog import Language, Model
from stt_cli.core.errors import ProviderError
from stt_cli.core.secret import Secret
from stt_cli.core.webhook import RegisteredWebhook
from stt_cli.protocols.azure_rest.enhanced import NAMED_MODELS
from stt_cli.protocols.azure_rest.versions import id_from_self
from stt_cli.protocols.azure_rest.webhook import create_body, parse_webhook
from stt_cli.protocols.json_fields import text
from stt_cli.providers.azure.api import PAGE, SpeechApi

_SHOWN_ELSEWHERE = ("displayName", "locale")


def list_languages(api: SpeechApi) -> Iterator[Language]:
    """Yield the languages of batch and fast transcription, each once.

    Versions 3 give a bare list, the dated ones a list for each service.

    Raises:
        ProviderError: the answer is neither.
    """
    answered = api.value("/transcriptions/locales")
    lists = list(answered.values()) if isinstance(answered, dict) else [answered]
    if not all(isinstance(tags, list) for tags in lists):
        raise ProviderError("the service returned an invalid list of languages")
    tags: list[Any] = [tag for tags in lists for tag in tags]
    for tag in sorted({tag for tag in tags if isinstance(tag, str)}):
        yield Language(tag)


def list_models(api: SpeechApi) -> Iterator[Model]:
    """Yield the base models, by the IDs that jobs take, and those that have names."""
    for item in api.pages("/models/base", [("top", str(PAGE))], follow=True):
        model_id = id_from_self(item.get("self"))
        if model_id is None:
            continue
        locale = text(item, "locale")
        yield Model(
            id=model_id,
            languages=(locale,) if locale else (),
            name=text(item, "displayName"),
            details={k: v for k, v in item.items() if k not in _SHOWN_ELSEWHERE},
        )
    for name, words in NAMED_MODELS.items():
        yield Model(id=name, name=words)


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
