"""Microsoft's own SDK speaks through our emulator, unmodified."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import azure.cognitiveservices.speech as sdk
import pytest

from stt_cli.core.secret import Secret
from stt_cli.emulator.azure import build_app
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.server import running

KEY = "0123456789abcdef0123456789abcdef"
Speech = tuple[EmulatorConfig, str]


@pytest.fixture
def service() -> Iterator[Speech]:
    config = EmulatorConfig(key=Secret(KEY))
    with running(build_app(config), config) as url:
        yield config, url.replace("http", "ws")


def synthesizer(url: str, key: str = KEY, **settings: Any) -> sdk.SpeechSynthesizer:
    config = sdk.SpeechConfig(subscription=key, host=url)
    config.speech_synthesis_voice_name = "en-US-JennyNeural"
    if "format" in settings:
        config.set_speech_synthesis_output_format(settings["format"])
    return sdk.SpeechSynthesizer(speech_config=config, audio_config=None)


@pytest.mark.conformance("AZ-04")
def test_the_sdk_speaks_a_text_with_word_boundaries(service: Speech) -> None:
    config, url = service
    speaker, words, all_came = synthesizer(url), [], Event()

    def note(event: Any) -> None:
        words.append(event.text)
        if event.text == "you":
            all_came.set()

    speaker.synthesis_word_boundary.connect(note)
    result = speaker.speak_text_async("hello there & you").get()
    assert result.reason is sdk.ResultReason.SynthesizingAudioCompleted
    with wave.open(io.BytesIO(result.audio_data)) as file:
        assert 0.8 < file.getnframes() / file.getframerate() < 3
    assert all_came.wait(10)  # the SDK tells words on a thread of its own
    assert words == ["hello", "there", "&", "you"]
    (told,) = config.journal.all("tts")
    assert told["document"].voices == ("en-US-JennyNeural",)
    (connected,) = config.journal.all("tts-connect")
    assert len(connected["session"]) == 32


@pytest.mark.conformance("AZ-04")
def test_the_sdk_speaks_ssml_as_mp3(service: Speech) -> None:
    chosen = sdk.SpeechSynthesisOutputFormat.Audio24Khz96KBitRateMonoMp3
    # The SDK hangs for 40 s if the synthesizer goes away before its result.
    speaker = synthesizer(service[1], format=chosen)
    result = speaker.speak_ssml_async(
        '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
        'xml:lang="de-DE"><voice name="de-DE-KatjaNeural">Guten Tag</voice></speak>'
    ).get()
    assert result.reason is sdk.ResultReason.SynthesizingAudioCompleted
    assert result.audio_data[:1] == b"\xff"


@pytest.mark.conformance("AZ-04")
def test_the_sdk_is_told_of_a_wrong_key(service: Speech) -> None:
    speaker = synthesizer(service[1], "another")
    result = speaker.speak_text_async("hello").get()
    assert result.reason is sdk.ResultReason.Canceled
    details = result.cancellation_details
    assert details.error_code is sdk.CancellationErrorCode.AuthenticationFailure


@pytest.mark.conformance("AZ-04")
def test_the_javascript_sdk_speaks_a_text(service: Speech, js_program: Path) -> None:
    program = js_program.with_name("synthesize.js")
    done = subprocess.run(
        ["node", str(program), service[1], KEY, "hello there"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["done"], told["details"]
    audio = base64.b64decode(told["audio"])
    with wave.open(io.BytesIO(audio)) as file:
        assert 0.4 < file.getnframes() / file.getframerate() < 2


@pytest.mark.conformance("AZ-04")
def test_the_sdk_is_told_of_broken_ssml(service: Speech) -> None:
    speaker = synthesizer(service[1])
    result = speaker.speak_ssml_async("<speak><voice>").get()
    assert result.reason is sdk.ResultReason.Canceled
    assert "well-formed" in result.cancellation_details.error_details
