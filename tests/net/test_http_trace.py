"""The trail of an operation's requests: which one tells, and what is kept."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from stt_cli.net.http_trace import (
    Trail,
    in_this_context,
    note_answer,
    note_request,
)

NOW = datetime(2026, 11, 20, 14, 0, 30, tzinfo=UTC)


def asked(method: str, url: str, status: int, body: bytes = b"") -> None:
    note_request(method, url, ())
    note_answer(method, url, (), status, "", (), body)


@pytest.fixture
def trail() -> Trail:
    return Trail(lambda: NOW).open()


def facts(trail: Trail) -> dict[str, str]:
    return trail.facts(lambda text: text.replace("hunter2", "***"))


def test_nothing_sent_is_nothing_told(trail: Trail) -> None:
    assert facts(trail) == {}


def test_the_request_that_did_the_work_tells_not_what_followed(trail: Trail) -> None:
    asked("POST", "https://a/files", 201)
    asked("POST", "https://a/jobs", 201, b"kept only of failures")
    asked("GET", "https://a/jobs/1", 200)
    asked("DELETE", "https://a/files/1", 404)
    assert facts(trail) == {
        "request": "POST https://a/jobs",
        "answer": "HTTP 201",
        "answered": "2026-11-20T14:00:30.000Z",
    }


def test_a_failure_tells_and_one_that_a_retry_made_good_does_not(trail: Trail) -> None:
    asked("POST", "https://a/jobs", 503)
    asked("POST", "https://a/jobs", 201)
    asked("GET", "https://a/jobs/1", 500, b"oh hunter2")
    assert facts(trail)["answer"] == "HTTP 500\n\noh ***"
    asked("GET", "https://a/jobs/1", 200)
    assert facts(trail)["request"] == "POST https://a/jobs"
    note_request("POST", "https://a/more", ())
    assert facts(trail) == {"request": "POST https://a/more"}


def test_secrets_go_before_anything_is_cut(trail: Trail) -> None:
    asked("POST", "https://a", 500, b"x" * 1_996 + b"hunter2")
    assert "hunt" not in facts(trail)["answer"]


def test_headers_of_credentials_are_left_out(trail: Trail) -> None:
    sent = (("Authorization", "Basic x"), ("Content-Type", "audio/wav"))
    received = (("Set-Cookie", "a=b"), ("Date", "Fri, 20 Nov 2026 14:00:00 GMT"))
    note_answer("POST", "https://a", sent, 500, "Oh", received)
    assert facts(trail)["request"] == "POST https://a\nContent-Type: audio/wav"
    assert facts(trail)["answer"].startswith("HTTP 500 Oh\nDate: Fri")
    assert "Cookie" not in facts(trail)["answer"]
    assert facts(trail)["clock_offset"] == "30.0"


def test_operations_side_by_side_keep_their_own(trail: Trail) -> None:
    other: list[Trail] = []

    def another() -> None:
        other.append(Trail(lambda: NOW).open())
        asked("POST", "https://other", 200)

    def helper() -> None:
        asked("POST", "https://mine", 200)

    for work in (another, in_this_context(helper)):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert facts(trail)["request"] == "POST https://mine"
    assert facts(other[0])["request"] == "POST https://other"
