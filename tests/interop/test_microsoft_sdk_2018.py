"""Microsoft's JavaScript SDK of 2018 recognizes against our emulator, unmodified."""

from __future__ import annotations

import json
import subprocess
import urllib.request
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.providers.azure.realtime_kit import Service, serving, silence, tone

KEY = "0123456789abcdef0123456789abcdef"
SPOKEN = "Hello there. | How are you?"
HEARD = {
    "Interactive": ["Hello there. How are you?"],
    "Conversation": ["Hello there.", "How are you?"],
    "Dictation": ["Hello there.", "How are you?"],
}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(SPOKEN, bing=True, key=KEY) as running:
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


def recognized(
    js_program: Path, service: Service, recording: Path, *how: str
) -> list[dict[str, Any]]:
    """Return the events of one recognition by the SDK."""
    program = js_program.with_name("recognize2018.js")
    host = service.base_url.replace("http", "ws", 1)
    way, secret, *wishes = how
    done = subprocess.run(
        ["node", str(program), host, way, secret, str(recording), *wishes],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def texts(events: list[dict[str, Any]]) -> list[str]:
    """Return what the phrases say, simple or detailed."""
    phrases = [e["result"] for e in events if e["kind"].endswith("PhraseEvent")]
    return [p.get("DisplayText") or p["NBest"][0]["Display"] for p in phrases]


@pytest.mark.conformance("BS-58")
@pytest.mark.parametrize("mode", list(HEARD))
@pytest.mark.parametrize("form", ["Simple", "Detailed"])
def test_it_recognizes_in_every_mode_with_a_key(
    js_program: Path, service: Service, recording: Path, mode: str, form: str
) -> None:
    events = recognized(js_program, service, recording, "key", KEY, mode, form)
    assert texts(events) == HEARD[mode]
    assert events[-1] == {"kind": "RecognitionEndedEvent", "result": None, "status": 0}
    [note] = service.journal.all("note")
    assert note["words"].startswith("12,800 bytes of audio in a message")


@pytest.mark.conformance("BS-58")
def test_it_recognizes_with_a_token(
    js_program: Path, service: Service, recording: Path
) -> None:
    request = urllib.request.Request(
        f"{service.base_url}/sts/v1.0/issueToken",
        b"",
        {"Ocp-Apim-Subscription-Key": KEY},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        token = answer.read().decode()
    events = recognized(
        js_program, service, recording, "token", token, "Interactive", "Simple"
    )
    assert texts(events) == HEARD["Interactive"]


@pytest.mark.conformance("BS-59")
def test_a_wrong_token_is_refused(
    js_program: Path, service: Service, recording: Path
) -> None:
    events = recognized(
        js_program, service, recording, "token", "not.a.token", "Interactive", "Simple"
    )
    assert texts(events) == []
    assert events[-1]["status"] != 0
