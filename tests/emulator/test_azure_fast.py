"""What the emulated fast transcription refuses, as the service does."""

from __future__ import annotations

import http.client
import io
import json
import socket
import wave
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.emulating import KEY, Emulated, emulated

PATH = "/speechtotext/transcriptions:transcribe?api-version=2025-10-15"
BOUNDARY = "b0undary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def wav(channels: int = 1) -> bytes:
    """Return a tenth of a second of silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(3_200 * channels))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def azure() -> Iterator[Emulated]:
    with emulated("azure", transcripts=("Good morning. | [de-DE] Guten Tag.",)) as one:
        yield one


def form(definition: str | None = "{}", audio: bytes | None = None) -> bytes:
    """Return the body of a form; without audio it has none."""
    parts = []
    if definition is not None:
        head = 'Content-Disposition: form-data; name="definition"'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n{definition}\r\n".encode())
    if audio is not None:
        head = 'Content-Disposition: form-data; name="audio"; filename="a.wav"'
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + audio + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def posted(
    service: Emulated, body: bytes, path: str = PATH, kind: str = FORM
) -> tuple[int, Any]:
    """Send a request; return the status and the JSON."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    headers = {"Content-Type": kind, "Ocp-Apim-Subscription-Key": KEY}
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return answer.status, json.loads(told) if told.startswith(b"{") else told


@pytest.mark.conformance("AZ-12", "AZ-15")
@pytest.mark.parametrize(
    ("body", "path", "kind", "status", "inner"),
    [
        (form("{", wav()), PATH, FORM, 400, "InvalidPayload"),
        (form("[]", wav()), PATH, FORM, 400, "InvalidPayload"),
        (form(None, wav()), PATH, FORM, 400, "InvalidPayload"),
        (form("{}"), PATH, FORM, 400, "InvalidPayload"),
        (form("{}", b""), PATH, FORM, 400, "EmptyAudioFile"),
        (b"{}", PATH, "application/json", 415, "InvalidPayload"),
        (form("{}", wav()), PATH.replace("2025-10-15", "2023-01-01"), FORM, 400,
         "InvalidApiVersion"),
        (form("{}", wav()), PATH.partition("?")[0], FORM, 400, "InvalidApiVersion"),
        (form('{"diarization": {"enabled": true, "maxSpeakers": 36}}', wav()), PATH,
         FORM, 400, "InvalidParameter"),
        (form('{"phraseList": {"phrases": ["x"]}}', wav()),
         PATH.replace("2025-10-15", "2024-11-15"), FORM, 400, "InvalidParameter"),
        (form('{"channels": [0, 1], "diarization": {"enabled": true}}', wav(2)), PATH,
         FORM, 400, "BadChannelConfiguration"),
        (form('{"locales": ["en-US", "xx-XX"]}', wav()), PATH, FORM, 400,
         "InvalidLocale"),
        (form('{"enhancedMode": {"enabled": true, "model": "nova-3"}}', wav()), PATH,
         FORM, 400, "InvalidModel"),
    ],
)  # fmt: skip
def test_what_the_service_refuses(
    azure: Emulated, body: bytes, path: str, kind: str, status: int, inner: str
) -> None:
    found, told = posted(azure, body, path, kind)
    assert found == status
    assert told["innerError"]["code"] == inner


def test_a_path_of_version_3_has_no_fast_transcription(azure: Emulated) -> None:
    path = "/speechtotext/v3.2/transcriptions:transcribe"
    assert posted(azure, form("{}", wav()), path)[0] == 404


def test_too_large_a_form_is_refused_before_it_is_read(azure: Emulated) -> None:
    parts = urlsplit(azure.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
        line.settimeout(60)
        line.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\n"
            f"Ocp-Apim-Subscription-Key: {KEY}\r\n"
            "Content-Length: 600000000\r\n\r\n".encode()
        )
        assert line.recv(64).startswith(b"HTTP/1.1 413 ")


@pytest.mark.conformance("AZ-15")
def test_a_version_of_a_later_date_is_answered(azure: Emulated) -> None:
    path = PATH.replace("2025-10-15", "2027-03-01")
    status, told = posted(azure, form("{}", wav()), path)
    assert (status, len(told["phrases"])) == (200, 2)


@pytest.mark.conformance("AZ-14")
@pytest.mark.parametrize(
    ("timestamps", "keys"),
    [
        (None, None),
        ("none", None),
        ("segment", {"text", "locale", "offsetMilliseconds", "durationMilliseconds",
                     "confidence"}),
        ("word", {"text", "locale", "offsetMilliseconds", "durationMilliseconds",
                  "confidence", "words"}),
    ],
)  # fmt: skip
def test_a_mai_model_tells_times_when_asked(
    azure: Emulated, timestamps: str | None, keys: set[str] | None
) -> None:
    options = {} if timestamps is None else {"timestamps": timestamps}
    mode = {"enabled": True, "model": "mai-transcribe-2", "modelOptions": options}
    status, told = posted(azure, form(json.dumps({"enhancedMode": mode}), wav()))
    assert status == 200
    assert told["combinedPhrases"] == [{"text": "Good morning. Guten Tag."}]
    assert [set(phrase) for phrase in told["phrases"]] == ([keys, keys] if keys else [])
