"""The emulated Soniox is as strict as the page: shapes, limits, refusals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated

BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def service() -> Iterator[Emulated]:
    with emulated("soniox") as running:
        yield running


@pytest.fixture
def http(service: Emulated) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=f"{service.url}/v1", headers=BEARER, timeout=60
    ) as client:
        yield client


def upload(http: httpx.Client, **fields: str) -> dict[str, Any]:
    answer = http.post(
        "/files", data=fields, files={"file": ("a.wav", silent_wav(), "audio/wav")}
    )
    assert answer.status_code == 201
    return dict(answer.json())


def envelope(answer: httpx.Response) -> dict[str, Any]:
    """Return an error body; it has every documented key."""
    body = answer.json()
    assert set(body) == {
        "status_code",
        "error_type",
        "message",
        "validation_errors",
        "request_id",
        "more_info",
    }
    assert body["status_code"] == answer.status_code
    return dict(body)


def test_objects_have_the_documented_keys(http: httpx.Client) -> None:
    file = upload(http, client_reference_id="r")
    assert set(file) == {
        "id", "filename", "size", "created_at", "client_reference_id",
    }  # fmt: skip
    assert "client_reference_id" not in upload(http)
    job = http.post(
        "/transcriptions", json={"model": "stt-async-v5", "file_id": file["id"]}
    )
    assert job.status_code == 201
    assert set(job.json()) == {
        "id", "status", "created_at", "model", "audio_url", "file_id", "filename",
        "language_hints", "enable_speaker_diarization",
        "enable_language_identification", "context", "audio_duration_ms", "error_type",
        "error_message", "webhook_url", "webhook_auth_header_name",
        "webhook_auth_header_value", "webhook_status_code", "client_reference_id",
    }  # fmt: skip
    assert http.get("/files/count").json() == {
        "total": 2, "public_api": 2, "playground": 0,
    }  # fmt: skip
    assert http.get("/transcriptions/count").json()["total"] == 1


FILE = {"file_id": "x"}
MODEL = {"model": "stt-async-v5"}
URL = {"audio_url": "https://example.com/a.mp3"}


@pytest.mark.parametrize(
    ("fields", "location"),
    [
        ({**FILE}, "body.payload.model"),
        ({"model": "stt-rt-v5", **URL}, "body.payload.model"),
        ({"model": "stt-async-" + "v" * 30, **URL}, "body.payload.model"),
        ({**MODEL}, "body.payload"),
        ({**MODEL, **FILE, **URL}, "body.payload"),
        ({**MODEL, **FILE}, "body.payload.file_id"),
        ({**MODEL, "audio_url": "ftp://x"}, "body.payload.audio_url"),
        ({**MODEL, "audio_url": "http://x/" + "a" * 4096}, "body.payload.audio_url"),
        ({**MODEL, **URL, "webhook_url": "x"}, "body.payload.webhook_url"),
        (
            {**MODEL, **URL, "client_reference_id": "x" * 257},
            "body.payload.client_reference_id",
        ),
        (
            {**MODEL, **URL, "enable_speaker_diarization": "yes"},
            "body.payload.enable_speaker_diarization",
        ),
        ({**MODEL, **URL, "language_hints": "en"}, "body.payload.language_hints"),
        (
            {**MODEL, **URL, "language_hints": ["en", "en"]},
            "body.payload.language_hints",
        ),
        ({**MODEL, **URL, "language_hints": ["x" * 11]}, "body.payload.language_hints"),
        (
            {**MODEL, **URL, "language_hints": ["a"] * 101},
            "body.payload.language_hints",
        ),
        ({**MODEL, **URL, "translation": {}}, "body.payload.translation.type"),
        (
            {**MODEL, **URL, "translation": {"type": "one_way"}},
            "body.payload.translation.target_language",
        ),
        ([], "body.payload"),
    ],
)
def test_a_wrong_request_is_refused_where_it_is_wrong(
    http: httpx.Client, fields: Any, location: str
) -> None:
    answer = http.post("/transcriptions", json=fields)
    body = envelope(answer)
    assert (answer.status_code, body["error_type"]) == (400, "invalid_request")
    assert location in [item["location"] for item in body["validation_errors"]]


def test_explicit_nulls_are_taken(http: httpx.Client) -> None:
    file = upload(http)
    fields = {**MODEL, "file_id": file["id"], "audio_url": None, "context": "old way"}
    assert http.post("/transcriptions", json=fields).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status", "error_type"),
    [
        ("GET", "/files/nope", 404, "file_not_found"),
        ("DELETE", "/files/nope", 404, "file_not_found"),
        ("GET", "/transcriptions/nope", 404, "transcription_not_found"),
        ("DELETE", "/transcriptions/nope", 404, "transcription_not_found"),
        ("GET", "/transcriptions/nope/transcript", 404, "transcription_not_found"),
        ("GET", "/files?limit=0", 400, "invalid_request"),
        ("GET", "/files?limit=1001", 400, "invalid_request"),
        ("GET", "/transcriptions?limit=x", 400, "invalid_request"),
        ("GET", "/files?cursor=nope", 400, "invalid_cursor"),
        ("POST", "/files", 400, "invalid_request"),
        ("POST", "/auth/temporary-api-key", 400, "invalid_request"),
    ],
)
def test_refusals_have_their_type(
    http: httpx.Client, method: str, path: str, status: int, error_type: str
) -> None:
    answer = http.request(method, path)
    assert (answer.status_code, envelope(answer)["error_type"]) == (status, error_type)


def test_a_job_that_is_not_done_has_no_transcript_and_is_not_deleted() -> None:
    with emulated("soniox", delay=3.0) as slow:
        client = httpx.Client(base_url=f"{slow.url}/v1", headers=BEARER, timeout=60)
        with client as http:
            fields = {**MODEL, "file_id": upload(http)["id"]}
            created = http.post("/transcriptions", json=fields).json()
            assert created["status"] == "queued"
            path = f"/transcriptions/{created['id']}"
            answer = http.get(f"{path}/transcript")
            assert envelope(answer)["error_type"] == "transcription_invalid_state"
            wait_for(http, path, "processing")
            answer = http.delete(path)
            assert envelope(answer)["error_type"] == "transcription_invalid_state"
            assert answer.status_code == 409
            wait_for(http, path, "completed")
            assert http.delete(path).status_code == 204


def wait_for(http: httpx.Client, path: str, status: str) -> dict[str, Any]:
    """Return the job once it stands so."""
    while (job := http.get(path).json())["status"] != status:
        time.sleep(0.02)
    return dict(job)


def test_a_file_that_is_no_audio_fails_the_job(http: httpx.Client) -> None:
    answer = http.post("/files", files={"file": ("a.wav", b"no audio", "audio/wav")})
    fields = {**MODEL, "file_id": answer.json()["id"]}
    job_id = http.post("/transcriptions", json=fields).json()["id"]
    job = wait_for(http, f"/transcriptions/{job_id}", "error")
    assert job["error_type"] == "invalid_audio_file"


def test_the_key_is_wanted_in_the_header_alone(service: Emulated) -> None:
    assert httpx.get(f"{service.url}/v1/files").status_code == 401
    in_query = httpx.get(f"{service.url}/v1/files?api_key={KEY}")
    assert in_query.status_code == 401
    assert KEY not in str(service.log)


def test_without_a_transcript_the_local_engine_hears() -> None:
    from tests.audio.tones import WEATHER

    with emulated("soniox", transcripts=()) as service:
        client = httpx.Client(base_url=f"{service.url}/v1", headers=BEARER, timeout=60)
        with client as http:
            data = WEATHER.read_bytes()
            answer = http.post("/files", files={"file": ("w.wav", data)})
            fields = {**MODEL, "file_id": answer.json()["id"]}
            job_id = http.post("/transcriptions", json=fields).json()["id"]
            wait_for(http, f"/transcriptions/{job_id}", "completed")
            text = http.get(f"/transcriptions/{job_id}/transcript").json()["text"]
    assert "weather" in text
