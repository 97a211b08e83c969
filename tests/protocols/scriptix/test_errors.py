"""Scriptix' errors, by the HTTP status, in every shape of body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.http_message import HttpResponse
from stt_cli.protocols.scriptix.errors import error_of


def answer(status: int, body: Any, *headers: tuple[str, str]) -> HttpResponse:
    return HttpResponse(status, headers, json.dumps(body).encode())


@pytest.mark.conformance("SX-04")
def test_a_missing_session_names_its_three_causes() -> None:
    body = {
        "error": "Not Found",
        "message": "Session not found",
        "error_code": "SESSION_NOT_FOUND",
    }
    error = error_of(answer(404, body), session_id="abc")
    assert (error.exit_status, error.provider_code) == (5, "SESSION_NOT_FOUND")
    assert error.message == "Scriptix: Session not found"
    for cause in ("ID may be wrong", "deleted", "a different organization"):
        assert cause in (error.hint or "")
    assert error.ids.session_id == "abc"


@pytest.mark.conformance("SX-12")
@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_token_says_that_a_batch_token_is_needed(status: int) -> None:
    error = error_of(answer(status, {"error": "Unauthorized"}))
    assert error.exit_status == 4
    assert "type Batch" in (error.hint or "")


@pytest.mark.parametrize(
    ("status", "exit_status", "transient"),
    [
        (400, 2, False),
        (402, 4, False),
        (404, 5, False),
        (408, 8, True),
        (409, 8, False),
        (413, 10, False),
        (415, 10, False),
        (422, 2, False),
        (429, 9, True),
        (500, 8, True),
        (503, 8, True),
        (418, 8, False),
    ],
)
def test_every_documented_status_has_its_exit_code(
    status: int, exit_status: int, transient: bool
) -> None:
    error = error_of(answer(status, {}))
    assert (error.exit_status, error.transient) == (exit_status, transient)


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"error": "Validation Error", "message": "bad"}, "bad", None),
        (
            {"error": "rate_limit_exceeded", "message": "slow"},
            "slow",
            "rate_limit_exceeded",
        ),
        (
            {
                "error": {
                    "code": 422,
                    "message": "no",
                    "details": {"field": "language", "issue": "unknown"},
                }
            },
            "no (language: unknown)",
            "422",
        ),
        ({"error": "plain"}, "plain", None),
        ({"err": "old upload"}, "old upload", None),
        ([1], "[1]", None),
    ],
)
def test_every_shape_gives_its_words(body: Any, message: str, code: str | None) -> None:
    error = error_of(answer(422, body))
    assert (error.message, error.provider_code) == (f"Scriptix: {message}", code)


def test_retry_after_is_kept() -> None:
    assert error_of(answer(429, {}, ("Retry-After", "3"))).retry_after == 3


@given(st.integers(400, 599), st.binary(max_size=200))
def test_any_body_becomes_an_error(status: int, body: bytes) -> None:
    assert error_of(HttpResponse(status, body=body)).message


VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=6)


@given(
    st.dictionaries(
        st.sampled_from(["error", "message", "error_code", "err"]),
        VALUE | st.dictionaries(st.sampled_from(["code", "message", "details"]), VALUE),
    )
)
def test_any_error_object_becomes_an_error(fields: dict[str, Any]) -> None:
    assert error_of(answer(400, fields)).message
