"""Microsoft's own SDKs translate against our emulator, unmodified.

And what our client asks for is held against what Microsoft's asks for.
"""

from __future__ import annotations

import json
import subprocess
import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure.cognitiveservices.speech as sdk
import pytest

from stt_cli.core.options import Mode
from tests.providers.azure.realtime_kit import (
    Service,
    recognized,
    serving,
    silence,
    tone,
)

KEY = "0123456789abcdef0123456789abcdef"
SPOKEN = "Hello there. [de: Hallo.] [fr: Bonjour.] | How are you? [de: Wie geht's?]"
TWO_PHRASES = tone(1) + silence(0.7) + tone(1)


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(SPOKEN, key=KEY) as running:
        yield running


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "two.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(TWO_PHRASES)
    return path


class Translation:
    """One translation by the Python SDK, with everything that it told."""

    def __init__(self, service: Service, recording: Path, *targets: str) -> None:
        host = service.base_url.replace("http", "ws")
        self.config = sdk.translation.SpeechTranslationConfig(
            subscription=KEY, host=host
        )
        self.config.speech_recognition_language = "en-US"
        for target in targets:
            self.config.add_target_language(target)
        self.recording = recording
        self.sessions: list[str] = []
        self.partials: list[dict[str, str]] = []
        self.results: list[Any] = []
        self.cancelled: list[str] = []

    def recognizer(self, **more: Any) -> Any:
        made = sdk.translation.TranslationRecognizer(
            translation_config=self.config,
            audio_config=sdk.audio.AudioConfig(filename=str(self.recording)),
            **more,
        )
        made.session_started.connect(lambda e: self.sessions.append(e.session_id))
        made.recognizing.connect(
            lambda e: self.partials.append(dict(e.result.translations))
        )
        made.recognized.connect(lambda e: self.results.append(e.result))
        made.canceled.connect(
            lambda e: self.cancelled.append(e.cancellation_details.error_details)
        )
        return made

    def continuous(self, **more: Any) -> None:
        done = threading.Event()
        made = self.recognizer(**more)
        made.session_stopped.connect(lambda _event: done.set())
        made.start_continuous_recognition()
        assert done.wait(20)
        made.stop_continuous_recognition()


@pytest.mark.conformance("TR-01")
def test_the_python_sdk_translates_once(service: Service, recording: Path) -> None:
    run = Translation(service, recording, "de", "fr")
    result = run.recognizer().recognize_once()
    assert result.reason == sdk.ResultReason.TranslatedSpeech
    assert result.text == "Hello there. How are you?"
    assert dict(result.translations) == {
        "de": "Hallo. Wie geht's?",
        "fr": "Bonjour. How are you? (fr)",
    }
    assert run.partials[0] == {"de": "hallo", "fr": "bonjour"}
    assert run.sessions == [service.journal.all("connect")[0]["session"]]
    assert service.journal.all("refused") == []


@pytest.mark.conformance("TR-01")
def test_the_python_sdk_translates_continuously(
    service: Service, recording: Path
) -> None:
    run = Translation(service, recording, "de")
    run.continuous()
    assert [dict(result.translations) for result in run.results] == [
        {"de": "Hallo."},
        {"de": "Wie geht's?"},
    ]
    assert abs(run.results[1].offset - 17_000_000) < 500_000
    assert not any(run.cancelled)


def test_the_python_sdk_finds_the_language_and_translates(recording: Path) -> None:
    spoken = "[de-DE] Guten Tag. [fr: Bonjour.] | Hello. [fr: Salut.]"
    with serving(spoken, key=KEY) as service:
        run = Translation(service, recording, "fr")
        either = sdk.languageconfig.AutoDetectSourceLanguageConfig(["en-US", "de-DE"])
        run.continuous(auto_detect_source_language_config=either)
        assert service.journal.all("refused") == []
    assert [dict(r.translations) for r in run.results] == [
        {"fr": "Bonjour."},
        {"fr": "Salut."},
    ]


def test_the_python_sdk_tells_a_language_that_there_is_not(
    service: Service, recording: Path
) -> None:
    run = Translation(service, recording, "de", "xx")
    run.continuous()
    assert {result.reason for result in run.results} == {
        sdk.ResultReason.RecognizedSpeech
    }
    told = json.loads(run.results[0].json)
    assert "400 (Bad Request)" in told["Translation"]["FailureReason"]


@pytest.mark.conformance("TR-01")
@pytest.mark.parametrize("how", ["universal", "alone", "detect"])
def test_the_javascript_sdk_translates(
    service: Service, recording: Path, js_program: Path, how: str
) -> None:
    events = javascript(js_program, service, recording, "de,fr", how)
    told = [event for event in events if event["kind"] == "recognized"]
    assert [event["translations"] for event in told if event["text"]] == [
        {"de": "Hallo.", "fr": "Bonjour."},
        {"de": "Wie geht's?", "fr": "How are you? (fr)"},
    ]
    assert {event["reason"] for event in told if event["text"]} == {"TranslatedSpeech"}
    partials = [event for event in events if event["kind"] == "recognizing"]
    assert partials[0]["translations"] == {"de": "hallo", "fr": "bonjour"}
    started = next(event for event in events if event["kind"] == "started")
    assert started["id"].lower() == service.journal.all("connect")[0]["session"]
    assert service.journal.all("refused") == []


def test_the_javascript_sdk_tells_a_language_that_there_is_not(
    service: Service, recording: Path, js_program: Path
) -> None:
    events = javascript(js_program, service, recording, "xx", "universal")
    (told, *_) = (event for event in events if event["kind"] == "recognized")
    assert (told["reason"], told["translations"]) == ("RecognizedSpeech", {})
    assert "400 (Bad Request)" in told["error"]


def javascript(
    program: Path, service: Service, recording: Path, targets: str, how: str
) -> list[dict[str, Any]]:
    """Run the JavaScript program; returns its events."""
    host = service.base_url.replace("http", "ws")
    script = program.with_name("translate.js")
    done = subprocess.run(
        ["node", str(script), host, KEY, str(recording), targets, how],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.conformance("TR-01")
def test_our_client_asks_for_what_microsofts_asks_for(
    service: Service, recording: Path
) -> None:
    Translation(service, recording, "de", "fr").continuous()
    theirs = service.journal.all("speech.context")[0]["body"]
    recognized(
        service,
        TWO_PHRASES,
        translate_to=("de", "fr"),
        mode=Mode.CONVERSATION,
        given={"key": KEY},
    )
    ours = service.journal.all("speech.context")[-1]["body"]
    paths = {entry["path"] for entry in service.journal.all("connect")}
    assert paths == {"/stt/speech/universal/v2"}
    for key in ("onSuccess", "onInterim", "language"):
        assert ours["phraseDetection"][key] == theirs["phraseDetection"][key]
    asked, wanted = ours["translation"], theirs["translation"]
    assert asked["targetLanguages"] == wanted["targetLanguages"]
    # The JavaScript SDK has it; the native one leaves it to the service.
    assert asked["output"].pop("interimResults") == {"mode": "Always"}
    assert asked["output"] == wanted["output"]
