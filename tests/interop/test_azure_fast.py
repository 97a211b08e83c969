"""Microsoft's own package for fast transcription, unmodified, against our emulator."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.ai.transcription import TranscriptionClient
from azure.ai.transcription.models import (
    PhraseListProperties,
    TranscriptionContent,
    TranscriptionDiarizationOptions,
    TranscriptionOptions,
)
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from tests.commands.conftest import silent_wav
from tests.providers.azure.realtime_kit import Service, serving

KEY = "k-0123456789abcdef"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving("Good morning everyone. | The meeting begins.", key=KEY) as running:
        yield running


def client(service: Service, key: str = KEY) -> TranscriptionClient:
    return TranscriptionClient(
        endpoint=service.base_url,
        credential=AzureKeyCredential(key),
        enforce_https=False,
        retry_total=0,
    )


def content(**wishes: Any) -> TranscriptionContent:
    audio = io.BytesIO(silent_wav(2.0))
    return TranscriptionContent(
        definition=TranscriptionOptions(**wishes), audio=("a.wav", audio)
    )


@pytest.mark.conformance("AZ-04", "AZ-08")
def test_the_package_transcribes_a_recording(service: Service) -> None:
    with client(service) as speech:
        result = speech.transcribe(
            content(
                locales=["en-US"],
                diarization_options=TranscriptionDiarizationOptions(max_speakers=2),
                phrase_list=PhraseListProperties(phrases=["Contoso"]),
            )
        )
    assert result.combined_phrases[0].text == (
        "Good morning everyone. The meeting begins."
    )
    assert result.duration_milliseconds == 2000
    first, second = result.phrases
    assert (first.text, first.offset_milliseconds) == ("Good morning everyone.", 0)
    assert second.words is not None
    assert second.words[0].text == "the"
    assert first.locale == "en-US"
    (sent,) = service.journal.all("fast")
    assert sent["version"] == "2025-10-15"
    assert sent["definition"]["locales"] == ["en-US"]


def test_the_package_is_refused_with_a_wrong_key(service: Service) -> None:
    with (
        client(service, "wrong-wrong") as speech,
        pytest.raises(ClientAuthenticationError),
    ):
        speech.transcribe(content(locales=["en-US"]))


def test_the_package_understands_our_refusals(service: Service) -> None:
    service.faults.add("status:503")
    with client(service) as speech, pytest.raises(HttpResponseError) as raised:
        speech.transcribe(content(locales=["en-US"]))
    assert raised.value.status_code == 503


def test_what_our_client_sends_is_what_the_package_sends(
    service: Service, tmp_path: Path
) -> None:
    from stt_cli.core.options import JobOptions, RecognizeOptions
    from tests.providers.azure.realtime_kit import MemorySource, provider

    with client(service) as speech:
        speech.transcribe(content(locales=["en-US"]))
    ours = provider(service.base_url, key=KEY, api_version="2025-10-15")
    wishes = JobOptions(RecognizeOptions(language="en-US"))
    list(ours.submit(MemorySource(silent_wav(2.0)), wishes))
    ours.close()
    theirs, own = service.journal.all("fast")
    for name in ("definition", "version", "size"):
        assert own[name] == theirs[name]
    kind = own["headers"]["content-type"].partition(";")[0]
    assert kind == theirs["headers"]["content-type"].partition(";")[0]
    missing = set(theirs["headers"]) - set(own["headers"])
    # Its tracing headers are its own; nothing that the service needs is missing.
    assert missing <= {"x-ms-client-request-id", "traceparent"}
