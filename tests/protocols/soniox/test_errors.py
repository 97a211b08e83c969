"""Soniox's errors: which exit code, which hint, retried or not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import SttError
from stt_cli.core.http_message import HttpResponse
from stt_cli.protocols.soniox.errors import (
    error_of,
    failure_of_frame,
    job_error,
    read_failure,
)


def envelope(status: int, error_type: str, message: str = "told", **more: Any) -> bytes:
    return json.dumps(
        {
            "status_code": status,
            "error_type": error_type,
            "message": message,
            "validation_errors": [],
            "request_id": "3d37a3bd-5078-47ee-a369-b204e3bbedda",
            **more,
        }
    ).encode()


def error(status: int, body: bytes, *headers: tuple[str, str]) -> SttError:
    return error_of(read_failure(HttpResponse(status, headers, body)))


@pytest.mark.parametrize(
    ("status", "error_type", "exit_status", "transient"),
    [
        (400, "invalid_request", 2, False),
        (400, "invalid_cursor", 8, False),
        (400, "model_not_available", 5, False),
        (401, "unauthenticated", 4, False),
        (402, "organization_balance_exhausted", 4, False),
        (402, "organization_monthly_budget_exhausted", 4, False),
        (402, "project_monthly_budget_exhausted", 4, False),
        (403, "permission_denied", 4, False),
        (403, "temp_api_key_session_expired", 4, False),
        (404, "transcription_not_found", 5, False),
        (404, "file_not_found", 5, False),
        (408, "request_timeout", 8, True),
        (409, "transcription_invalid_state", 8, False),
        (413, "max_duration_reached", 10, False),
        (429, "limit_exceeded", 9, True),
        (429, "max_concurrent_connections_reached", 9, True),
        (500, "internal_error", 8, True),
        (503, "service_unavailable", 8, True),
    ],
)
def test_every_documented_error_type_has_its_exit_code(
    status: int, error_type: str, exit_status: int, transient: bool
) -> None:
    found = error(status, envelope(status, error_type))
    assert (found.exit_status, found.transient) == (exit_status, transient)
    assert found.provider_code == error_type
    assert found.ids.request_id == "3d37a3bd-5078-47ee-a369-b204e3bbedda"


@pytest.mark.conformance("SN-04")
@pytest.mark.parametrize(
    ("status", "body_says", "error_type"),
    [
        (404, 400, "transcription_not_found"),
        (400, 400, "transcription_not_found"),
        (400, 400, "file_not_found"),
        (404, 400, "something_else"),
        (404, 200, ""),
    ],
)
def test_not_found_is_decided_by_type_or_http_status_never_by_the_body(
    status: int, body_says: int, error_type: str
) -> None:
    assert error(status, envelope(body_says, error_type)).exit_status == 5


def test_a_conflict_whose_body_says_400_stays_a_conflict() -> None:
    found = error(409, envelope(400, "transcription_invalid_state"))
    assert "stt poll" in (found.hint or "")
    assert found.http_status == 409


def test_a_body_cannot_make_a_good_key_wrong() -> None:
    assert error(500, envelope(401, "internal_error")).exit_status == 8


@pytest.mark.parametrize(
    "message",
    [
        "Total file storage limit of 10 GB reached.",
        "Maximum number of files reached.",
        "You have too many transcriptions.",
        "Total transcriptions limit exceeded.",
    ],
)
def test_a_cap_that_waiting_never_clears_is_a_quota_and_not_retried(
    message: str,
) -> None:
    found = error(429, envelope(429, "limit_exceeded", message))
    assert (found.code, found.exit_status, found.transient) == ("quota", 4, False)
    assert "stt batch delete" in (found.hint or "")


@pytest.mark.parametrize(
    ("message", "headers"),
    [
        ("Too many requests per minute.", ()),
        ("Maximum number of concurrent requests reached.", ()),
        ("Too many pending transcriptions.", ()),
        ("Limit exceeded.", ()),
        ("Total file storage limit reached.", (("Retry-After", "7"),)),
    ],
)
def test_other_limits_pass_and_are_retried(
    message: str, headers: tuple[tuple[str, str], ...]
) -> None:
    found = error(429, envelope(429, "limit_exceeded", message), *headers)
    assert (found.exit_status, found.transient) == (9, True)
    assert found.retry_after == (7 if headers else None)


@pytest.mark.conformance("SN-03")
def test_validation_errors_are_told_with_their_location() -> None:
    items = [
        {
            "error_type": "missing",
            "location": "body.payload.file_id",
            "message": "Field required",
        },
        {"error_type": "value_error"},
        "not an object",
    ]
    body = envelope(400, "invalid_request", "Bad input.", validation_errors=items)
    found = error(400, body)
    assert (
        found.message
        == "Soniox: Bad input: body.payload.file_id: Field required; request: is wrong"
    )
    assert found.exit_status == 2


def test_a_wrong_model_is_not_found() -> None:
    item = {"location": "body.payload.model", "message": "Invalid model"}
    body = envelope(400, "invalid_request", validation_errors=[item])
    assert error(400, body).exit_status == 5


def test_a_file_that_is_refused_is_an_audio_error() -> None:
    item = {"location": "file.file", "message": "File is too large"}
    body = envelope(400, "invalid_request", validation_errors=[item])
    assert error(400, body).exit_status == 10


def test_the_request_id_is_read_from_the_header_where_the_body_has_none() -> None:
    found = error(500, b"{}", ("X-Request-ID", "abc"))
    assert found.ids.request_id == "abc"


def test_a_proxy_page_keeps_its_words_and_is_short() -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head>" + b"x" * 9000
    found = error(502, page)
    assert found.message == "Soniox: 502 Bad Gateway"
    assert found.transient


@pytest.mark.conformance("SN-08")
def test_both_shapes_of_an_error_frame_are_read() -> None:
    new = failure_of_frame(
        {
            "tokens": [],
            "error_code": 503,
            "error_type": "service_unavailable",
            "error_message": "Cannot continue request (code 3).",
            "request_id": "r",
        }
    )
    old = failure_of_frame({"error_code": 401, "error_message": "Bad key"})
    assert new is not None
    assert old is not None
    assert error_of(new).transient
    assert error_of(new).ids.request_id == "r"
    assert error_of(old).exit_status == 4
    assert failure_of_frame({"tokens": [], "error_code": None}) is None


@pytest.mark.conformance("SN-02")
@pytest.mark.parametrize(
    ("error_type", "advice"),
    [
        ("invalid_audio_file", "WAV, FLAC or MP3"),
        ("transcription_output_too_long", "split"),
        ("file_download_failed", "URL"),
        ("organization_balance_exhausted", "funds"),
        ("internal_error", "support@soniox.com"),
        (None, "support@soniox.com"),
    ],
)
def test_a_failed_job_tells_type_message_and_advice(
    error_type: str | None, advice: str
) -> None:
    found = job_error(error_type, "Could not do it.")
    assert found.exit_status == 6
    assert found.provider_code == error_type
    assert found.message == "the transcription failed: Could not do it"
    assert advice in (found.hint or "")


@given(st.integers(400, 599), st.binary(max_size=300))
def test_any_body_becomes_an_error(status: int, body: bytes) -> None:
    assert error(status, body).message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error_type", "message", "location", "request_id"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "status_code",
                "error_type",
                "message",
                "validation_errors",
                "request_id",
                "error_code",
                "error_message",
            ]
        ),
        JSON,
    )
)
def test_any_envelope_becomes_an_error(fields: dict[str, Any]) -> None:
    assert error(400, json.dumps(fields).encode()).message
    failure = failure_of_frame(fields)
    assert failure is None or error_of(failure).message
