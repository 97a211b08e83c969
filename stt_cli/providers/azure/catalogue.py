"""Which languages and base models a Speech resource has, asked of the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stt_cli.core.catalogue import Language, Model
from stt_cli.core.errors import ProviderError
from stt_cli.protocols.azure_rest.versions import id_from_self
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
        raise ProviderError("the service's list of languages is none")
    tags: list[Any] = [tag for tags in lists for tag in tags]
    for tag in sorted({tag for tag in tags if isinstance(tag, str)}):
        yield Language(tag)


def list_models(api: SpeechApi) -> Iterator[Model]:
    """Yield the base models; a model's ID is what ``--model`` of a job takes."""
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
