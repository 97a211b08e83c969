"""The emulated Scriptix is as strict as its pages: shapes, refusals, storage."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from tests.commands.conftest import silent_wav
from tests.emulating import KEY, Emulated, emulated

BEARER = {"Authorization": f"Bearer {KEY}"}
SESSIONS = "/api/v3/speech-to-text/session"


@pytest.fixture
def service() -> Iterator[Emulated]:
    with emulated("scriptix") as running:
        yield running


@pytest.fixture
def http(service: Emulated) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, headers=BEARER, timeout=60) as client:
        yield client


def create(http: httpx.Client, **fields: Any) -> str:
    answer = http.post(SESSIONS, json={"language": "en-us", **fields})
    assert answer.status_code == 201
    return str(answer.json()["result"]["session_id"])


def done(http: httpx.Client, session_id: str) -> dict[str, Any]:
    while True:
        session = http.get(f"{SESSIONS}/{session_id}").json()
        if session["status"] in ("completed", "failed"):
            return dict(session)
        time.sleep(0.02)


def upload(http: httpx.Client, session_id: str, data: bytes) -> None:
    target = http.post(f"{SESSIONS}/{session_id}/upload-url").json()["result"]
    assert set(target) == {"upload_url", "expires_at", "session_id", "max_file_size"}
    kind = {"x-ms-blob-type": "BlockBlob", "Content-Type": "audio/wav"}
    put = httpx.put(target["upload_url"], content=data, headers=kind)
    assert put.status_code == 201


def test_a_session_has_the_documented_keys(http: httpx.Client) -> None:
    session_id = create(http)
    assert http.get(f"{SESSIONS}/{session_id}").json()["status"] == "new"
    upload(http, session_id, silent_wav(2.0))
    session = done(http, session_id)
    assert set(session) == {
        "id", "session_id", "status", "filename", "duration", "language", "media_type",
        "media_url", "error", "created_at", "started_at", "finished_at", "document",
        "session_mode", "custom_model_id",
    }  # fmt: skip
    assert session["duration"] == 2.0
    result = http.get(f"{SESSIONS}/{session_id}/result").json()
    assert result["result"]["results"][0]["result"][0][0] == "hello"


def test_a_failed_session_has_five_keys_only(http: httpx.Client) -> None:
    session_id = create(http)
    upload(http, session_id, b"no audio at all")
    session = done(http, session_id)
    assert set(session) == {"id", "session_id", "status", "error", "filename"}
    assert "could not be decoded" in session["error"]


def test_the_storage_wants_its_header_and_no_token(http: httpx.Client) -> None:
    session_id = create(http)
    url = http.post(f"{SESSIONS}/{session_id}/upload-url").json()["result"][
        "upload_url"
    ]
    kind = {"x-ms-blob-type": "BlockBlob"}
    assert httpx.put(url, content=b"x").status_code == 400
    assert httpx.put(url, content=b"x", headers={**kind, **BEARER}).status_code == 403
    unsigned = url.partition("?")[0]
    assert httpx.put(unsigned, content=b"x", headers=kind).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", SESSIONS, {"language": "?"}, 422),
        ("POST", SESSIONS, {}, 422),
        ("POST", SESSIONS, [], 400),
        ("POST", SESSIONS, {"language": "en", "webhook_method": "GET"}, 400),
        ("GET", f"{SESSIONS}/nope", None, 404),
        ("DELETE", f"{SESSIONS}/nope", None, 404),
        ("GET", f"{SESSIONS}/nope/result", None, 404),
        ("GET", f"{SESSIONS}/nope/document/1", None, 404),
        ("POST", f"{SESSIONS}/nope/upload-url", None, 404),
        ("GET", f"{SESSIONS}?limit=101", None, 400),
        ("GET", f"{SESSIONS}?offset=-1", None, 400),
        ("GET", f"{SESSIONS}?status=new", None, 400),
        ("POST", "/api/v3/stt", {}, 415),
        ("POST", "/api/v3/files/", None, 412),
    ],
)
def test_refusals_have_their_status(
    http: httpx.Client, method: str, path: str, body: Any, status: int
) -> None:
    assert http.request(method, path, json=body).status_code == status


def test_a_missing_session_is_told_as_documented(http: httpx.Client) -> None:
    assert http.get(f"{SESSIONS}/nope").json() == {
        "error": "Not Found",
        "message": "Session not found",
        "error_code": "SESSION_NOT_FOUND",
    }


def test_the_list_counts_page_and_whole(http: httpx.Client) -> None:
    for _ in range(3):
        create(http)
    page = http.get(f"{SESSIONS}?limit=2&offset=2").json()
    assert (page["count"], page["total_results"], len(page["result"])) == (1, 3, 1)


def test_a_wrong_token_is_401(service: Emulated) -> None:
    answer = httpx.get(f"{service.url}{SESSIONS}", headers={"x-zoom-s2t-key": "no"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("audio", "status", "error"),
    [(silent_wav(1.0), "completed", None), (b"no audio at all", "failed", "decoded")],
)
def test_the_end_of_a_session_is_told_to_its_web_hook(
    service: Emulated, http: httpx.Client, audio: bytes, status: str, error: str | None
) -> None:
    told: queue.Queue[dict[str, Any]] = queue.Queue()
    with receiving_posts(told.put) as url:
        session_id = create(http, webhook_url=url)
        upload(http, session_id, audio)
        body = told.get(timeout=60)
    assert set(body) == {"session_id", "status", "document", "error"}
    assert (body["session_id"], body["status"]) == (session_id, status)
    assert (error or "") in (body["error"] or "")


@contextmanager
def receiving_posts(told: Callable[[dict[str, Any]], None]) -> Iterator[str]:
    """Take JSON that is posted to the address which is yielded."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told(json.loads(self.rfile.read(length)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/end"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
