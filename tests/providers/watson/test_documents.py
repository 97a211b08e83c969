"""What IBM's documents say of forms, sessions and texts, held by both sides."""

from __future__ import annotations

import http.client
import json
import wave
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stt_cli.core.http_message import HttpResponse
from stt_cli.core.transcript import Segment
from stt_cli.protocols.watson.parameters import typed
from stt_cli.protocols.watson.results import with_enriched_text
from stt_cli.protocols.watson.session import session_cookie
from tests.emulating import KEY, Emulated, emulated
from tests.providers.watson.conftest import Shell

SAID = ("Good day. | How are you?",)
BOUNDARY = "made-up-boundary"


def sound(seconds: float = 1.0) -> bytes:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(int(seconds * 16_000) * 2))
    return buffer.getvalue()


def asked(
    service: Emulated, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
    """Return status, JSON and headers of an answer."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=60)
    given = {"Authorization": f"Bearer {KEY}"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, given)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, json.loads(data or b"{}"), answer.getheaders()


def form(metadata: dict[str, Any], *uploads: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n'
        f"{json.dumps(metadata)}\r\n".encode()
    ]
    for data in uploads:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="upload"; '
        parts.append(f'{head}filename="a"\r\n\r\n'.encode() + data + b"\r\n")
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


@pytest.mark.conformance("WA-02", "WA-23")
@pytest.mark.parametrize(
    ("metadata", "uploads", "reason"),
    [
        ({}, (sound(), b"fLaC" + bytes(200)), "the parts are of flac and wav"),
        ({"timestamps": "yes"}, (sound(),), "timestamps has a value of the wrong type"),
        ({"max_alternatives": "3"}, (), ""),
        ({"timestamp": True}, (sound(),), "unknown metadata: timestamp"),
        ({"sequence_id": 1}, (sound(),), "sequence_id is for requests of a session"),
    ],
)
def test_a_form_that_the_document_does_not_have_is_refused(
    metadata: dict[str, Any], uploads: tuple[bytes, ...], reason: str
) -> None:
    whole = {"part_content_type": "audio/wav", **metadata}
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    with emulated("watson", transcripts=SAID) as service:
        status, told, _ = asked(
            service, "POST", "/v1/recognize", form(whole, *uploads), Content_Type=kind
        )
    assert status == 400
    assert reason in told["error"]


@pytest.mark.conformance("WA-23")
def test_a_sequence_id_in_the_query_needs_a_session() -> None:
    with emulated("watson", transcripts=SAID) as service:
        status, told, _ = asked(
            service, "POST", "/v1/recognize?sequence_id=1", sound(),
            Content_Type="audio/wav",
        )  # fmt: skip
    assert (status, told["error"]) == (400, "sequence_id is for requests of a session")


@pytest.mark.conformance("WA-23")
def test_a_session_that_was_idle_for_too_long_is_gone() -> None:
    with emulated("watson", "idle-timeout:0.05") as service:
        _, made, headers = asked(service, "POST", "/v1/sessions")
        cookie = session_cookie(HttpResponse(201, tuple(headers), b""))
        assert cookie is not None
        path = f"/v1/sessions/{made['session_id']}/recognize"
        shown = f"SESSIONID={cookie.reveal()}"
        import time

        time.sleep(0.2)
        status, told, _ = asked(service, "GET", path, Cookie=shown)
        assert (status, told["session_closed"]) == (408, True)
        assert "due to inactivity after 30 seconds" in told["error"]
        status, told, _ = asked(service, "GET", path, Cookie=shown)
        assert (status, told["error"]) == (404, "Session does not exist.")


@pytest.mark.conformance("WA-23")
@pytest.mark.parametrize("prefix", ["", "/speech-to-text/api", "/text-to-speech/api"])
def test_the_paths_of_2018_are_there(prefix: str) -> None:
    with emulated("watson") as service:
        status, told, _ = asked(service, "GET", f"{prefix}/v1/models")
    assert status == 200
    assert told["models"]


@pytest.mark.conformance("WA-04")
@pytest.mark.parametrize(
    "cookies",
    [
        ("Watson-DPAT=a; path=/; secure", "SESSIONID=abc123; Secure; HttpOnly"),
        ("Watson-DPAT=a; path=/; secure, SESSIONID=abc123; Secure; HttpOnly",),
        ('SESSIONID="abc123"; Secure, other=1',),
        ("MYSESSIONID=wrong, SESSIONID=abc123",),
    ],
)
def test_the_sessions_cookie_is_found_among_others(cookies: tuple[str, ...]) -> None:
    headers = tuple(("Set-Cookie", value) for value in cookies)
    found = session_cookie(HttpResponse(201, headers, b"{}"))
    assert found is not None
    assert found.reveal() == "abc123"


@pytest.mark.conformance("WA-08")
@pytest.mark.parametrize("given", ["0", "-7", "123456789012"])
def test_a_sequence_id_is_any_integer(given: str) -> None:
    assert typed({"sequence_id": (given,)}) == {"sequence_id": int(given)}


@pytest.mark.conformance("WA-24")
@pytest.mark.parametrize("transport", ["rest", "websocket"])
def test_the_enriched_text_is_the_text(shell: Shell, wav: Path, transport: str) -> None:
    with emulated("watson", transcripts=SAID) as emulator:
        plain = shell(emulator, "recognize", wav, "--transport", transport)
        done = shell(
            emulator, "recognize", wav, "--transport", transport,
            "--param", "enrichments=punctuation",
        )  # fmt: skip
    assert plain.lines == ["good day", "how are you"]
    assert done.lines == ["Good day.", "How are you?"]


@pytest.mark.conformance("WA-24")
def test_enriched_words_that_differ_are_one_segment() -> None:
    segments = [Segment("one two", 0.0, 1.0), Segment("three", 2.0, 3.0)]
    shared = with_enriched_text(segments, "One two. Three!")
    assert [segment.text for segment in shared] == ["One two.", "Three!"]
    [whole] = with_enriched_text(segments, "1, 2.")
    assert (whole.text, whole.start, whole.end) == ("1, 2.", 0.0, 3.0)


@pytest.mark.conformance("WA-02", "CO-16")
def test_a_dry_run_of_together_shows_the_one_request(
    shell: Shell, wav: Path, other_wav: Path
) -> None:
    with emulated("watson") as emulator:
        done = shell(
            emulator, "recognize", wav, other_wav, "--together", "--dry-run", "--json"
        )
        assert emulator.journal.all() == []
    shown = json.loads(done.stdout)
    planned = shown[0] if isinstance(shown, list) else shown
    assert planned["request"].splitlines()[0].startswith("POST http://127.0.0.1:")
    assert '"data_parts_count": 2' in planned["request"]
    assert planned["duration"] == 3.0
