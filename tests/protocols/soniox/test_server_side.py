"""The emulator's reading of requests: whatever arrives is taken or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.soniox.realtime_server import Refused
from stt_cli.protocols.soniox.rest_server import CreateRequest, Refusal
from stt_cli.protocols.soniox.speech import error_body, read_request

VALUE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=40)
    | st.lists(st.text(max_size=12) | st.integers(), max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "target_language", "language_a"]), st.text(max_size=8)
    )
)
NAMES = st.sampled_from(
    [
        "model",
        "audio_url",
        "file_id",
        "language_hints",
        "enable_speaker_diarization",
        "translation",
        "webhook_url",
        "client_reference_id",
    ]
)
SPEECH_NAMES = st.sampled_from(
    [
        "model",
        "language",
        "voice",
        "audio_format",
        "text",
        "sample_rate",
        "bitrate",
        "speed",
    ]
)


@given(st.binary(max_size=60))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    read = CreateRequest.read(body)
    assert isinstance(read, CreateRequest | Refusal)


@given(st.dictionaries(NAMES, VALUE))
def test_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    read = CreateRequest.read(json.dumps(fields).encode())
    if isinstance(read, Refusal):
        told = json.loads(read.body("r"))
        assert told["validation_errors"]
        assert told["request_id"] == "r"
    else:
        assert read.echoed()["model"] == fields["model"]


@given(st.dictionaries(SPEECH_NAMES, VALUE))
def test_any_speech_request_is_read_or_refused(fields: dict[str, Any]) -> None:
    told: dict[str, Any] = {}
    try:
        told = dict(read_request(json.dumps(fields).encode()))
    except Refused as refused:
        told = json.loads(error_body(refused, "r"))
    assert told.get("error_code") == 400 or told["audio_format"]


def test_speech_limits_are_those_of_the_page() -> None:
    good = {
        "model": "tts-rt-v2",
        "language": "en",
        "voice": "Adrian",
        "audio_format": "wav",
        "text": "x" * 5000,
        "sample_rate": 48_000,
        "bitrate": 32_000,
        "speed": 0.7,
    }
    assert read_request(json.dumps(good).encode()) == good
    for wrong in (
        {"text": "x" * 5001},
        {"sample_rate": 22_050},
        {"bitrate": 1},
        {"speed": 1.31},
        {"audio_format": "ogg"},
        {"model": "stt-rt-v5"},
        {"voice": None},
    ):
        with pytest.raises(Refused):
            read_request(json.dumps({**good, **wrong}).encode())
