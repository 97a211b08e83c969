"""Microsoft's own SDKs recognize against our emulator, unmodified.

And what our client sends is held against what Microsoft's sends for the same
file, message by message, each difference intended and written down here.
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

from stt_cli.audio.open import open_source
from stt_cli.core.options import Mode
from stt_cli.protocols.usp.framing import Message, parse
from tests.conftest import Runner
from tests.providers.azure.realtime_kit import (
    Service,
    fake_environment,
    over_websocket,
    provider,
    serving,
    silence,
    tone,
)

KEY = "0123456789abcdef0123456789abcdef"
SPOKEN = "Hello there. | How are you?"


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
        file.writeframes(tone(1) + silence(0.7) + tone(1))
    return path


class SdkRun:
    """One recognition by the Python SDK, with everything that it told."""

    def __init__(self, service: Service, recording: Path, *, key: str = KEY) -> None:
        host = service.base_url.replace("http", "ws")
        self.config = sdk.SpeechConfig(subscription=key, host=host)
        self.config.speech_recognition_language = "en-US"
        self.recording = recording
        self.sessions: list[str] = []
        self.partials: list[str] = []
        self.results: list[Any] = []
        self.cancelled: list[str] = []

    def recognizer(self) -> sdk.SpeechRecognizer:
        audio = sdk.audio.AudioConfig(filename=str(self.recording))
        made = sdk.SpeechRecognizer(self.config, audio_config=audio)
        made.session_started.connect(lambda e: self.sessions.append(e.session_id))
        made.recognizing.connect(lambda e: self.partials.append(e.result.text))
        made.recognized.connect(lambda e: self.results.append(e.result))
        made.canceled.connect(lambda e: self.cancelled.append(e.error_details))
        return made

    def once(self) -> Any:
        return self.recognizer().recognize_once()

    def continuous(self) -> None:
        done = threading.Event()
        made = self.recognizer()
        made.session_stopped.connect(lambda _event: done.set())
        made.start_continuous_recognition()
        assert done.wait(20)
        made.stop_continuous_recognition()


@pytest.mark.conformance("AZ-04")
def test_the_python_sdk_recognizes_once_and_its_log_gives_the_session_id(
    service: Service, recording: Path, tmp_path: Path, stt: Runner
) -> None:
    run = SdkRun(service, recording)
    log = tmp_path / "sdk.log"
    run.config.set_property(sdk.PropertyId.Speech_LogFilename, str(log))
    result = run.once()
    assert result.reason == sdk.ResultReason.RecognizedSpeech
    assert result.text == "Hello there. How are you?"
    assert run.partials[0] == "hello"
    connect = service.journal.all("connect")[0]
    assert run.sessions == [connect["session"]]
    service.journal.wait_for("telemetry", 2)
    assert service.journal.all("refused") == []
    found = stt("session-id", log)
    assert connect["session"] in found.lines


@pytest.mark.conformance("AZ-04")
def test_the_python_sdk_recognizes_continuously_with_words(
    service: Service, recording: Path
) -> None:
    run = SdkRun(service, recording)
    run.config.output_format = sdk.OutputFormat.Detailed
    run.config.request_word_level_timestamps()
    run.continuous()
    assert [result.text for result in run.results] == ["Hello there.", "How are you?"]
    best = json.loads(run.results[1].json)["NBest"][0]
    assert [word["Word"] for word in best["Words"]] == ["how", "are", "you"]
    assert abs(run.results[1].offset - 17_000_000) < 500_000
    assert not any(run.cancelled)  # the end of the stream has no details


@pytest.mark.conformance("AZ-04")
def test_the_python_sdk_tells_a_bad_key(service: Service, recording: Path) -> None:
    run = SdkRun(service, recording, key="f" * 32)
    result = run.once()
    assert result.reason == sdk.ResultReason.Canceled
    details = result.cancellation_details.error_details
    assert "Authentication error (401)" in details
    assert service.journal.all("connect")[0]["session"] in details


@pytest.mark.conformance("AZ-04")
@pytest.mark.parametrize("how", ["once", "continuous"])
def test_the_javascript_sdk_recognizes(
    service: Service, recording: Path, js_program: Path, how: str
) -> None:
    events = javascript(js_program, service, KEY, recording, how)
    texts = [event["text"] for event in events if event["kind"] == "recognized"]
    if how == "once":
        assert texts == ["Hello there. How are you?"]
    else:
        assert [text for text in texts if text] == ["Hello there.", "How are you?"]
    started = next(event for event in events if event["kind"] == "started")
    connect = service.journal.all("connect")[0]
    assert started["id"].lower() == connect["session"]
    assert service.journal.all("refused") == []


@pytest.mark.conformance("AZ-04")
def test_the_javascript_sdk_tells_a_bad_key(
    service: Service, recording: Path, js_program: Path
) -> None:
    events = javascript(js_program, service, "f" * 32, recording, "once")
    cancelled = [event for event in events if event["kind"] == "canceled"]
    assert "401" in cancelled[0]["details"]


def javascript(
    program: Path, service: Service, key: str, recording: Path, how: str
) -> list[dict[str, Any]]:
    """Run the JavaScript program; returns its events."""
    host = service.base_url.replace("http", "ws")
    done = subprocess.run(
        ["node", str(program), host, key, str(recording), how],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# What ours sends and Microsoft's does not, and the reason; and the other way
# round. The 2018 document is the yardstick where the two differ.
OURS_ALONE = {
    "Content-Type": "2018: every audio message carries it; the SDK's first does",
    "device": "2018: speech.config describes the device; the SDK left it out",
    "phraseDetection.mode": "the SDK tells the mode by the path on this address",
    "phraseDetection.enrichment": "we always say how profanity is treated",
    "Microphone": "2018: a metric of every turn; the SDK sends none",
}
THEIRS_ALONE = {
    "X-StreamId": "numbers the channels of a multichannel stream; we send one",
    "audio.streams": "goes with X-StreamId",
    "device metric": "a DeviceId that follows the machine around; we send none",
    "second telemetry": "2018: one message a turn; the SDK splits it in two",
    "PhraseLatencyMs": "measurements of the SDK's own",
    "model": "the name of a microphone, empty for a file",
}


@pytest.mark.conformance("AZ-04")
def test_our_client_speaks_as_microsofts_does(recording: Path) -> None:
    with serving(SPOKEN, key=KEY) as theirs:
        SdkRun(theirs, recording).continuous()
        theirs.journal.wait_for("telemetry", 2)
    with serving(SPOKEN, key=KEY) as ours:
        environment = fake_environment()
        client = provider(ours.base_url, environment=environment, key=KEY)
        source = open_source(str(recording), environment)
        list(client.recognize(source, over_websocket(mode=Mode.CONVERSATION)))
        client.close()
        ours.journal.wait_for("telemetry")
    sent, expected = exchanged(ours), exchanged(theirs)

    # The same messages in the same order, but for the second telemetry.
    assert [m.path for m in sent] == [m.path for m in expected][:-1]
    assert [m.is_binary for m in sent] == [m.is_binary for m in expected][:-1]

    # The same audio, cut at the same places.
    assert [m.body for m in sent if m.path == "audio"] == [
        m.body for m in expected if m.path == "audio"
    ]
    for mine, their in zip(sent, expected, strict=False):
        missing = set(their.headers) - set(mine.headers)
        assert missing <= {name.lower() for name in THEIRS_ALONE}
        extra = set(mine.headers) - set(their.headers)
        assert extra <= {name.lower() for name in OURS_ALONE}

    path = "/speech/recognition/conversation/cognitiveservices/v1"
    for connect in (ours.journal.all("connect")[0], theirs.journal.all("connect")[0]):
        assert connect["path"] == path
        assert connect["headers"]["ocp-apim-subscription-key"] == KEY
        assert len(connect["headers"]["x-connectionid"]) == 32
        assert connect["query"]["language"].lower() == "en-us"

    config, their_config = (json_of(m, "speech.config") for m in (sent, expected))
    assert set(config["context"]) - set(their_config["context"]) == {"device"}
    for part in ("system", "os"):
        assert set(config["context"][part]) == set(their_config["context"][part])
    mine, their = (c["context"]["audio"]["source"] for c in (config, their_config))
    assert set(their) - set(mine) == {"model"}
    assert {name: mine[name] for name in mine} == {name: their[name] for name in mine}

    context, their_context = (json_of(m, "speech.context") for m in (sent, expected))
    assert set(their_context) - set(context) == {"audio"}
    assert set(context["phraseDetection"]) - set(their_context["phraseDetection"]) == {
        "mode",
        "enrichment",
    }

    telemetry, their_telemetry = (json_of(m, "telemetry") for m in (sent, expected))
    received = {name for entry in telemetry["ReceivedMessages"] for name in entry}
    their_receipts = json.loads(expected[-1].body)["ReceivedMessages"]
    assert received == {name for entry in their_receipts for name in entry}
    connection = their_telemetry["Metrics"][0]
    assert set(telemetry["Metrics"][0]) == set(connection)


def exchanged(service: Service) -> list[Message]:
    """Return the client's messages in order."""
    return [
        parse(entry["data"]) for entry in service.journal.all() if "data" in entry.facts
    ]


def json_of(messages: list[Message], path: str) -> Any:
    """Return the body of the first message of that kind."""
    return next(message.json() for message in messages if message.path == path)
