"""What the emulated translation refuses, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stt_cli.net.websocket_handshake import HandshakeRejected
from stt_cli.protocols.usp.messages import riff_header
from tests.emulator.test_azure_strictness import (
    CONFIG,
    answered,
    audio,
    ending,
    open_socket,
    text,
)
from tests.providers.azure.realtime_kit import Service, serving, tone

UNIVERSAL = "/stt/speech/universal/v2"
MODE = "/speech/recognition/conversation/cognitiveservices/v1?language=en-US"
ALONE = "/speech/translation/cognitiveservices/v1"


@pytest.fixture(scope="module")
def azure() -> Iterator[Service]:
    with serving("Hello.", key="swordfish") as service:
        yield service


def context(section: Any, language: str = "en-US") -> str:
    detection = {"language": language, "onSuccess": {"action": "Translate"}}
    body = {"phraseDetection": detection, "translation": section}
    return text("speech.context", body)


def closed_after(service: Service, path: str, *messages: str) -> tuple[int | None, str]:
    connection = open_socket(service, path)
    connection.send_text(text("speech.config", CONFIG))
    for message in messages:
        connection.send_text(message)
    return ending(connection)


@pytest.mark.parametrize(
    ("path", "section", "reason"),
    [
        (UNIVERSAL, {}, "translation has no targetLanguages"),
        (UNIVERSAL, {"targetLanguages": []}, "translation has no targetLanguages"),
        (MODE, {"targetLanguages": ["de"]}, "Translation is not supported here"),
    ],
)
def test_a_context_that_cannot_be_translated_closes(
    azure: Service, path: str, section: Any, reason: str
) -> None:
    assert closed_after(azure, path, context(section)) == (1007, reason)


def test_an_unknown_spoken_language_closes(azure: Service) -> None:
    given = context({"targetLanguages": ["de"]}, language="xx-XX")
    code, reason = closed_after(azure, UNIVERSAL, given)
    assert (code, reason) == (1007, "Unsupported language xx-XX")


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("from=en-US", "to"),
        ("from=en-US&to=", "to"),
        ("to=de", "from"),
        ("from=xx-XX&to=de", "language"),
    ],
)
def test_the_path_of_translation_alone_needs_both_languages(
    azure: Service, query: str, missing: str
) -> None:
    with pytest.raises(HandshakeRejected) as refused:
        open_socket(azure, f"{ALONE}?{query}")
    assert refused.value.response.status == 400
    assert f"Invalid {missing} parameter".encode() in refused.value.response.body


def test_that_path_translates_by_its_query(azure: Service) -> None:
    connection = open_socket(azure, f"{ALONE}?from=en-US&to=de")
    connection.send_text(text("speech.config", CONFIG))
    connection.send_binary(audio(riff_header(), Content_Type="audio/x-wav"))
    connection.send_binary(audio(tone(0.2)))
    connection.send_binary(audio(b""))
    assert "translation.phrase" in answered(connection)
    connection.close()


def test_recognition_alone_stays_as_it_was(azure: Service) -> None:
    connection = open_socket(azure, UNIVERSAL)
    connection.send_text(text("speech.config", CONFIG))
    connection.send_binary(audio(riff_header(), Content_Type="audio/x-wav"))
    connection.send_binary(audio(tone(0.2)))
    connection.send_binary(audio(b""))
    assert "speech.phrase" in answered(connection)
    connection.close()
