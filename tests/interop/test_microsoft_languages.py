"""Microsoft's SDK finds languages and names models against our emulator, unmodified.

And what our client asks for is held against what the SDK does.
"""

from __future__ import annotations

import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure.cognitiveservices.speech as sdk
import pytest

from tests.providers.azure.realtime_kit import (
    Service,
    recognized,
    serving,
    silence,
    tone,
)

KEY = "0123456789abcdef0123456789abcdef"
AUDIO = tone(1) + silence(0.8) + tone(1) + silence(0.8) + tone(1)
MODEL = "MAI-Transcribe-2-Streaming"
FOUND = sdk.PropertyId.SpeechServiceConnection_AutoDetectSourceLanguageResult


@pytest.fixture
def service() -> Iterator[Service]:
    with serving("Hello. | [de-DE] Guten Tag. | [fr-FR] Bonjour.", key=KEY) as running:
        yield running


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "three.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(AUDIO)
    return path


def config(service: Service, path: str) -> sdk.SpeechConfig:
    host = service.base_url.replace("http", "ws")
    return sdk.SpeechConfig(subscription=KEY, endpoint=host + path)


def phrases(
    chosen: sdk.SpeechConfig, recording: Path, candidates: tuple[str, ...] = ()
) -> list[tuple[str, str | None]]:
    """Recognize a file to its end; return each phrase with its language."""
    more: dict[str, Any] = {}
    if candidates:
        more["auto_detect_source_language_config"] = (
            sdk.languageconfig.AutoDetectSourceLanguageConfig(languages=[*candidates])
        )
    audio = sdk.audio.AudioConfig(filename=str(recording))
    made = sdk.SpeechRecognizer(chosen, audio_config=audio, **more)
    found: list[tuple[str, str | None]] = []
    done = threading.Event()
    made.recognized.connect(
        lambda e: found.append((e.result.text, e.result.properties.get(FOUND)))
    )
    made.session_stopped.connect(lambda _event: done.set())
    made.start_continuous_recognition()
    assert done.wait(20)
    made.stop_continuous_recognition()
    return [one for one in found if one[0]]


@pytest.mark.conformance("AZ-04", "AZ-13")
@pytest.mark.parametrize(
    ("mode", "languages"),
    [
        ("AtStart", ["en-US", "en-US", "en-US"]),
        ("Continuous", ["en-US", "de-DE", "en-US"]),
    ],
)
def test_the_sdk_hears_which_language_was_found(
    service: Service, recording: Path, mode: str, languages: list[str]
) -> None:
    chosen = config(service, "/stt/speech/universal/v2")
    mode_id = sdk.PropertyId.SpeechServiceConnection_LanguageIdMode
    chosen.set_property(mode_id, mode)
    found = phrases(chosen, recording, ("en-US", "de-DE"))
    assert [language for _, language in found] == languages
    assert service.journal.all("refused") == []
    theirs = service.journal.all("speech.context")[0]["body"]
    recognized(
        service, AUDIO, given={"key": KEY}, language="en-US",
        candidates=("en-US", "de-DE"), params={"languageIdMode": (mode,)},
    )  # fmt: skip
    own = service.journal.all("speech.context")[-1]["body"]
    # The C++ SDK writes Priority, the JavaScript SDK and we write priority.
    priority = theirs["languageId"].pop("Priority")
    assert own["languageId"] == {**theirs["languageId"], "priority": priority}
    assert own["phraseOutput"] == theirs["phraseOutput"]
    assert "language" not in own["phraseDetection"]
    assert "language" not in theirs["phraseDetection"]


@pytest.mark.conformance("AZ-04", "AZ-14")
def test_the_sdk_names_a_streaming_model_where_we_do(
    service: Service, recording: Path
) -> None:
    chosen = config(service, "/speech/universal/v2")
    chosen.model = MODEL
    found = phrases(chosen, recording)
    assert [text for text, _ in found] == ["Hello.", "Guten Tag.", "Bonjour."]
    theirs = service.journal.all("speech.context")[0]["body"]
    recognized(service, AUDIO, given={"key": KEY}, model=MODEL)
    own = service.journal.all("speech.context")[-1]["body"]
    assert own["model"] == theirs["model"] == {"name": MODEL}


def test_a_model_that_there_is_not_is_refused(
    service: Service, recording: Path
) -> None:
    chosen = config(service, "/speech/universal/v2")
    chosen.model = "no-such-model"
    assert phrases(chosen, recording) == []
    (refused,) = {entry["reason"] for entry in service.journal.all("refused")}
    assert refused == "Unknown model no-such-model"
