"""The real-time socket's messages, both sides, and its web hooks."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.core.secret import Secret
from stt_cli.protocols.soniox.realtime import (
    KEEPALIVE,
    configuration,
    finalize,
    read_update,
)
from stt_cli.protocols.soniox.realtime_server import (
    RAW_FORMATS,
    Refused,
    ServerSession,
    error_frame,
    mark,
    response,
    token,
)
from stt_cli.protocols.soniox.webhook import (
    is_authentic,
    notification_body,
    read_notification,
)

CONFIG = {
    "model": "stt-rt-v5",
    "audio_format": "pcm_s16le",
    "sample_rate": 16000,
    "num_channels": 1,
}


@pytest.mark.conformance("SN-08")
def test_an_update_parts_final_from_tentative_tokens() -> None:
    message = response(
        [
            token("Hel", final=True, start_ms=10, end_ms=90, confidence=0.9),
            token("lo", final=False, start_ms=90, end_ms=120),
            token(" wor", final=False),
            mark("endpoint"),
        ],
        final_ms=90,
        total_ms=480,
        finished=True,
    )
    update = read_update(message, offset=5.0)
    assert [t.text for t in update.final] == ["Hel", "<end>"]
    assert update.final[0].start == pytest.approx(5.01)
    assert update.tentative_text == "lo wor"
    assert update.final_until == pytest.approx(5.09)
    assert update.heard_until == pytest.approx(5.48)
    assert update.finished
    assert update.failure is None


def test_an_error_frame_is_no_exception_but_a_failure() -> None:
    frame = error_frame(Refused(408, "request_timeout", "Too slow."), "req-1")
    failure = read_update(frame).failure
    assert failure is not None
    assert (failure.status, failure.error_type) == (408, "request_timeout")
    assert failure.request_id == "req-1"


def test_a_null_error_code_beside_tokens_is_no_error() -> None:
    update = read_update('{"tokens":[{"text":"a"}],"error_code":null}')
    assert update.failure is None
    assert len(update.tentative) == 1


@pytest.mark.parametrize("message", ["", "[]", "null", "{", b"\xff", "3"])
def test_what_is_no_object_is_a_provider_error(message: str | bytes) -> None:
    with pytest.raises(ProviderError):
        read_update(message)


@pytest.mark.conformance("SN-08")
def test_the_server_takes_messages_in_their_order_only() -> None:
    session = ServerSession()
    assert session.take_text(configuration(CONFIG)) == "config"
    session.take_audio(b"ab")
    assert session.take_text(KEEPALIVE) == "keepalive"
    assert session.take_text(finalize(300)) == "finalize"
    assert session.take_text("") == "end"
    assert (bytes(session.audio), session.ended) == (b"ab", True)
    with pytest.raises(Refused, match="text message"):
        ServerSession().take_audio(b"ab")


@pytest.mark.parametrize(
    ("change", "error_type"),
    [
        ({"model": None}, "invalid_request"),
        ({"model": "stt-async-v5"}, "model_not_available"),
        ({"audio_format": None}, "invalid_request"),
        ({"audio_format": "s16le"}, "invalid_request"),
        ({"audio_format": "m4a"}, "invalid_request"),
        ({"sample_rate": None}, "invalid_request"),
        ({"num_channels": None}, "invalid_request"),
        ({"language_hints": ["en", "en"]}, "invalid_request"),
        ({"client_reference_id": "x" * 257}, "invalid_request"),
        ({"api_key": "k"}, "invalid_request"),
    ],
)
def test_the_server_refuses_a_wrong_configuration(
    change: dict[str, Any], error_type: str
) -> None:
    with pytest.raises(Refused) as refused:
        ServerSession(key_in_header=True).take_text(configuration({**CONFIG, **change}))
    assert (refused.value.code, refused.value.error_type) == (400, error_type)


def test_raw_formats_are_those_of_the_page() -> None:
    assert {"pcm_s8", "pcm_u8", "pcm_s24be", "pcm_f64le", "mulaw"} <= RAW_FORMATS
    assert len(RAW_FORMATS) == 20


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_message_is_read_or_refused(message: str | bytes) -> None:
    with suppress(ProviderError):
        read_update(message)
    if isinstance(message, str):
        with pytest.raises(Refused):
            ServerSession().take_text(message)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["text", "start_ms", "is_final", "translation_status"]),
            st.none() | st.booleans() | st.text(max_size=3) | st.floats(),
        )
    )
)
def test_any_token_list_is_read(tokens: list[dict[str, Any]]) -> None:
    update = read_update(json.dumps({"tokens": tokens}))
    assert len(update.final) + len(update.tentative) == len(tokens)


def test_a_notification_is_an_id_and_a_word() -> None:
    read = read_notification(notification_body("t-1", "completed"))
    assert read is not None
    assert (read.job_id, read.status) == ("t-1", "completed")
    assert read_notification(b'{"status": "completed"}') is None
    assert read_notification(b"[") is None


def test_a_web_hook_without_or_with_a_forged_header_is_not_believed() -> None:
    secret = Secret("s3cret-value")
    good = [("x-soniox-webhook-secret", "s3cret-value")]
    assert is_authentic(good, None, secret)
    assert is_authentic([("X-A", "s3cret-value")], "x-a", secret)
    assert not is_authentic([("X-Soniox-Webhook-Secret", "s3cret")], None, secret)
    assert not is_authentic([], None, secret)
    assert not is_authentic(good * 2, None, secret)
    # The vendor's own helper lets everything pass without a secret.
    assert not is_authentic(good, None, None)


@given(st.binary(max_size=80))
def test_any_web_hook_body_is_read_or_left(body: bytes) -> None:
    found = read_notification(body)
    assert found is None or found.job_id
