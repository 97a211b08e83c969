"""Languages and models, as every version of the API lists them."""

from __future__ import annotations

import json

import pytest

from stt_cli.core.errors import ProviderError
from tests.conftest import Runner
from tests.loopback import Answer
from tests.loopback import serving as scripted
from tests.providers.azure.job_kit import VERSIONS, client
from tests.providers.azure.realtime_kit import provider


@pytest.mark.parametrize("version", VERSIONS)
def test_languages_and_models_are_asked_of_the_service(version: str) -> None:
    with client("x", version=version) as (made, _):
        tags = [language.tag for language in made.languages()]
        models = list(made.models())
    assert "de-DE" in tags
    assert len(tags) == len(set(tags))
    assert models[0].languages == ("en-US",)
    assert len(models[0].id) == 36
    assert {"mai-transcribe-2", "llm-speech"} <= {model.id for model in models}


def test_they_are_listed_on_the_command_line(stt: Runner) -> None:
    with client("x", key="k-0123456789") as (_, service):
        env = {"AZURE_SPEECH_KEY": "k-0123456789", "AZURE_SPEECH_REGION": "westeurope"}
        where = ("-p", "azure", "--endpoint", service.base_url)
        languages = stt("languages", *where, "--json", env=env)
        models = stt("models", *where, env=env)
    assert "en-US" in [item["tag"] for item in json.loads(languages.stdout)]
    assert len(models.lines) == 2 + 4


@pytest.mark.parametrize("body", [b"7", b'{"Submit": "en-US"}', b'"en-US"'])
def test_what_is_no_list_is_told(body: bytes) -> None:
    with scripted() as server:
        server.answers(Answer(200, body))
        made = provider(server.url)
        with pytest.raises(ProviderError, match="list of languages"):
            list(made.languages())
        made.close()
