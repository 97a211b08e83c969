"""The real-time socket's messages in both shapes, and the four web hooks."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import CredentialsError, ProviderError
from stt_cli.core.secret import Secret
from stt_cli.core.transcript import Word
from stt_cli.protocols.scriptix.realtime import (
    Failed,
    Final,
    Hypothesis,
    State,
    read_message,
    start,
)
from stt_cli.protocols.scriptix.requests import Requests, put_blob, tus_metadata
from stt_cli.protocols.scriptix.webhooks import (
    Notification,
    is_signed,
    read_notification,
    signature,
)


def read(**fields: Any) -> object:
    return read_message(json.dumps(fields))


def test_states_give_the_session_id() -> None:
    assert read(state="listening", session_id="s1") == State("listening", "s1")
    assert read(state="loading") == State("loading")
    assert read(state="shutting_down", at=1.7e9) == State("shutting_down", at=1.7e9)


def test_both_shapes_of_a_result_are_read() -> None:
    words = [["well,", 0, 320, 0.99], ["yes", 320, 500, 1.0]]
    newer = read(result=words, speaker="Speaker 1", text="well, yes")
    published = read(
        text="well, yes", is_final=True, offset_ms=0, words=words, speaker="Speaker 1"
    )
    assert newer == published
    assert isinstance(newer, Final)
    assert newer.segment.words[0] == Word("well,", 0, 0.32, 0.99)
    assert (newer.segment.start, newer.segment.end) == (0, 0.5)
    assert read(partial="wel") == Hypothesis("wel")
    assert read(text="wel", is_final=False, offset_ms=1500) == Hypothesis("wel", 1.5)


def test_an_error_is_read_and_a_tokens_fault_told_apart() -> None:
    wrong = read(error="Invalid token")
    other = read(error="engine failed")
    assert isinstance(wrong, Failed)
    assert isinstance(wrong.error, CredentialsError)
    assert "Realtime" in (wrong.error.hint or "")
    assert isinstance(other, Failed)
    assert isinstance(other.error, ProviderError)


def test_an_unknown_message_says_nothing() -> None:
    assert read(news="x") is None


def test_start_says_only_what_differs_from_the_defaults() -> None:
    assert json.loads(start()) == {"action": "start"}
    assert json.loads(start(partial=False, actual_numbers=True)) == {
        "action": "start",
        "partial": False,
        "actual_numbers": True,
    }


VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats()


@given(st.binary(max_size=50) | st.text(max_size=50))
def test_any_message_is_read_or_refused(message: str | bytes) -> None:
    with suppress(ProviderError):
        read_message(message)


@given(
    st.dictionaries(
        st.sampled_from(
            ["state", "error", "partial", "text", "is_final", "words", "result"]
        ),
        VALUE | st.lists(st.lists(VALUE, max_size=5), max_size=3),
    )
)
def test_any_object_is_read(fields: dict[str, Any]) -> None:
    read(**fields)


@pytest.mark.conformance("SX-10")
@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        ({"sessionId": "s", "zoom_id": "s"}, [], Notification("s")),
        ({"sessionId": "s", "documentId": 7}, [], Notification("s", "7")),
        (
            {
                "event": "transcription.completed",
                "data": {"id": "stt_1", "status": "completed", "document_id": "d"},
            },
            [],
            Notification("stt_1", "d", "completed", "transcription.completed"),
        ),
        (
            {"session_id": "s", "status": "completed", "document": {"id": 3}},
            [],
            Notification("s", "3", "completed"),
        ),
        ({}, [("x-scriptix-session", "h")], Notification("h")),
    ],
)
def test_four_shapes_of_a_notification_are_read(
    body: dict[str, Any], headers: list[tuple[str, str]], expected: Notification
) -> None:
    assert read_notification(json.dumps(body).encode(), headers) == expected


def test_what_names_no_session_is_no_notification() -> None:
    assert read_notification(b"{}") is None
    assert read_notification(b"x", [("X-Scriptix-Session", "s")]) is None


@pytest.mark.conformance("SX-10")
def test_a_forged_signature_is_found() -> None:
    secret, body = Secret("shared-secret"), b'{"data":{"id":"s"}}'
    good = [("X-Scriptix-Signature", signature(body, secret))]
    assert is_signed(body, good, secret) is True
    assert is_signed(body + b" ", good, secret) is False
    assert is_signed(body, [("x-scriptix-signature", "sha256=00")], secret) is False
    assert is_signed(body, good * 2, secret) is False
    assert is_signed(body, good, None) is False
    assert is_signed(body, [], secret) is None


@given(st.binary(max_size=60))
def test_any_notification_is_read_or_left(body: bytes) -> None:
    found = read_notification(body)
    assert found is None or found.session_id


def test_the_token_goes_to_the_service_and_never_to_the_blob_host() -> None:
    token = Secret("token-123")
    bearer = Requests("https://api.scriptix.io", token).session("a/b")
    assert bearer.url.endswith("/api/v3/speech-to-text/session/a%2Fb")
    assert bearer.credentials[0][1].reveal() == "Bearer token-123"
    header = Requests("https://api.scriptix.io", token, "header").account()
    assert [(n, v.reveal()) for n, v in header.credentials] == [
        ("x-zoom-s2t-key", "token-123")
    ]
    put = put_blob("https://blob.example/x?sig=1", "audio/wav", b"RIFF")
    assert put.credentials == ()
    assert ("x-ms-blob-type", "BlockBlob") in put.headers


def test_tus_metadata_is_base64() -> None:
    assert tus_metadata({"language": "en-US", "filename": "a.wav"}) == (
        "language ZW4tVVM=,filename YS53YXY="
    )
