"""IBM's own Python SDK works against our emulator, unmodified."""

from __future__ import annotations

import gc
import io
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import soundfile
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator, NoAuthAuthenticator
from ibm_watson import SpeechToTextV1, TextToSpeechV1
from ibm_watson.websocket import AudioSource, RecognizeCallback

from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated

pytestmark = [
    pytest.mark.conformance("WA-17"),
    # The SDK leaves its connections to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SAID = ("good day | how are you",)


@pytest.fixture
def service() -> Iterator[Emulated]:
    with emulated("watson", transcripts=SAID) as emulator:
        yield emulator
    with warnings.catch_warnings():
        # The SDK leaves its connections to the garbage collector; collected in
        # the middle of another test they would be that test's fault.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def client(kind: Any, emulator: Emulated) -> Any:
    made = kind(authenticator=IAMAuthenticator(KEY, url=emulator.url))
    made.set_service_url(emulator.url)
    return made


def test_it_recognizes_over_http(service: Emulated) -> None:
    answer = client(SpeechToTextV1, service).recognize(
        audio=io.BytesIO(silent_wav(1.0)),
        content_type="audio/wav",
        model="en-US_BroadbandModel",
        keywords=["day", "you"],
        keywords_threshold=0.5,
        timestamps=True,
        word_confidence=False,
    )
    results = answer.get_result()["results"]
    assert [r["alternatives"][0]["transcript"] for r in results] == [
        "good day ",
        "how are you ",
    ]
    assert set(results[0]["keywords_result"]) == {"day"}
    assert answer.get_headers()["X-Global-Transaction-Id"]


def test_its_errors_carry_the_words_and_the_transaction(service: Emulated) -> None:
    with pytest.raises(ApiException) as caught:
        client(SpeechToTextV1, service).recognize(
            audio=io.BytesIO(silent_wav(1.0)), model="no-such-model"
        )
    assert caught.value.status_code == 404
    assert caught.value.message == "Model no-such-model not found"
    assert caught.value.global_transaction_id


@pytest.mark.conformance("WA-14")
@pytest.mark.parametrize("interim", [False, True])
def test_it_recognizes_over_the_websocket(service: Emulated, interim: bool) -> None:
    class Listener(RecognizeCallback):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.finals: list[str] = []
            self.hypotheses: list[str] = []
            self.errors: list[object] = []

        def on_transcription(self, transcript: Any) -> None:
            for each in transcript:
                best = each[0] if isinstance(each, list) else each
                self.finals.append(best["transcript"])

        def on_hypothesis(self, hypothesis: Any) -> None:
            self.hypotheses.append(hypothesis)

        def on_error(self, error: object) -> None:
            self.errors.append(error)

    sdk = SpeechToTextV1(authenticator=NoAuthAuthenticator())
    sdk.set_service_url(service.url.replace("http", "ws", 1))
    sdk.set_default_headers({"Authorization": f"Bearer {KEY}"})
    listener = Listener()
    sdk.recognize_using_websocket(
        audio=AudioSource(io.BytesIO(silent_wav(0.5))),
        content_type="audio/wav",
        recognize_callback=listener,
        interim_results=interim,
        headers={"Authorization": f"Bearer {KEY}"},
    )
    assert listener.errors == []
    assert listener.finals == ["good day ", "how are you "]
    assert bool(listener.hypotheses) == interim


@pytest.mark.conformance("WA-16")
def test_it_runs_a_job(service: Emulated) -> None:
    import time

    sdk = client(SpeechToTextV1, service)
    made = sdk.create_job(
        audio=io.BytesIO(silent_wav(1.0)), content_type="audio/wav", timestamps=True
    ).get_result()
    for _ in range(100):
        job = sdk.check_job(made["id"]).get_result()
        if job["status"] == "completed":
            break
        time.sleep(0.05)
    best = job["results"][0]["results"][0]["alternatives"][0]
    assert best["transcript"] == "good day "
    listed = sdk.check_jobs().get_result()["recognitions"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert sdk.delete_job(made["id"]).get_status_code() == 204


@pytest.mark.conformance("WA-13")
def test_it_lists_models(service: Emulated) -> None:
    sdk = client(SpeechToTextV1, service)
    names = [model["name"] for model in sdk.list_models().get_result()["models"]]
    assert "en-US_BroadbandModel" in names
    assert sdk.get_model("en-US_Telephony").get_result()["rate"] == 8_000


@pytest.mark.conformance("WA-18")
def test_it_synthesises_and_lists_voices(service: Emulated) -> None:
    sdk = client(TextToSpeechV1, service)
    spoken = sdk.synthesize(
        'Hello "world"', accept="audio/wav", voice="en-US_MichaelV3Voice"
    ).get_result()
    assert soundfile.info(io.BytesIO(spoken.content)).duration > 0.3
    voices = sdk.list_voices().get_result()["voices"]
    assert "de-DE_BirgitV3Voice" in [voice["name"] for voice in voices]
