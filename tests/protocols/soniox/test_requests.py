"""Requests to Soniox: what is sent for what was asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.secret import Secret
from stt_cli.protocols.soniox.fields import recognition_fields
from stt_cli.protocols.soniox.hosts import Hosts
from stt_cli.protocols.soniox.requests import Requests

REQUESTS = Requests("https://api.soniox.com", Secret(" key-1234 \n"))


@pytest.mark.conformance("SN-01")
def test_the_key_is_a_bearer_token_and_no_part_of_a_url_or_repr() -> None:
    request = REQUESTS.transcription("a/b?c")
    assert request.url == "https://api.soniox.com/v1/transcriptions/a%2Fb%3Fc"
    assert [(n, v.reveal()) for n, v in request.credentials] == [
        ("Authorization", "Bearer key-1234")
    ]
    assert "key-1234" not in repr(request)


def test_pages_are_asked_for_without_an_empty_cursor() -> None:
    assert REQUESTS.files().url.endswith("/v1/files?limit=100")
    assert REQUESTS.transcriptions("c=2", 5000).url.endswith("limit=1000&cursor=c%3D2")


@pytest.mark.conformance("SN-05")
def test_without_a_language_there_are_no_hints() -> None:
    assert recognition_fields(RecognizeOptions(), "m") == {"model": "m"}
    request = REQUESTS.create({"model": "m", "file_id": "f", "audio_url": None})
    assert json.loads(request.body or b"") == {"model": "m", "file_id": "f"}  # type: ignore[arg-type]


@pytest.mark.conformance("SN-05")
def test_every_documented_field_can_be_given() -> None:
    options = RecognizeOptions(
        language="en-US",
        speakers=True,
        model="stt-async-v4",
        phrases=("Zyrtec", "Celebrex", "Zyrtec"),
        params={
            "language_hints": ("en", "es", "en-GB"),
            "language_hints_strict": ("true",),
            "enable_language_identification": ("yes",),
            "translation": ("fr",),
            "context": ('{"general":[{"key":"domain","value":"Health"}]}',),
            "webhook_auth_header_name": ("X-A",),
            "webhook_auth_header_value": ("123",),
            "future_field": ('{"a": 1}',),
            "future_list": ("x", "2"),
        },
    )
    assert recognition_fields(options, "stt-async-v5") == {
        "model": "stt-async-v4",
        "language_hints": ["en", "es"],
        "language_hints_strict": True,
        "enable_speaker_diarization": True,
        "enable_language_identification": True,
        "translation": {"type": "one_way", "target_language": "fr"},
        "context": {
            "general": [{"key": "domain", "value": "Health"}],
            "terms": ["Zyrtec", "Celebrex"],
        },
        "webhook_auth_header_name": "X-A",
        "webhook_auth_header_value": "123",
        "future_field": {"a": 1},
        "future_list": ["x", 2],
    }


@pytest.mark.parametrize(
    ("value", "translation"),
    [
        ("fr", {"type": "one_way", "target_language": "fr"}),
        ("en,es", {"type": "two_way", "language_a": "en", "language_b": "es"}),
        ('{"type":"one_way"}', {"type": "one_way"}),
    ],
)
def test_translation_has_a_short_form(value: str, translation: object) -> None:
    options = RecognizeOptions(params={"translation": (value,)})
    assert recognition_fields(options, "m")["translation"] == translation


def test_a_plain_context_becomes_its_text() -> None:
    options = RecognizeOptions(params={"context": ("about boats",)})
    assert recognition_fields(options, "m")["context"] == {"text": "about boats"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language_hints_strict", "perhaps"),
        ("max_endpoint_delay_ms", "soon"),
        ("max_endpoint_delay_ms", "100"),
        ("endpoint_sensitivity", "-1.5"),
        ("endpoint_latency_adjustment_level", "4"),
        ("language_hints", "abcdefghijk"),
        ("client_reference_id", "x" * 257),
        ("translation", "a,b,c"),
        ("translation", "{"),
        ("context", "{nope"),
    ],
)
def test_what_the_service_would_refuse_is_refused_here(name: str, value: str) -> None:
    with pytest.raises(UsageError):
        recognition_fields(RecognizeOptions(params={name: (value,)}), "m")


def test_regions_have_their_hosts() -> None:
    assert Hosts.of_region(None).api == Hosts.of_region("US").api
    assert Hosts.of_region("us").api == "https://api.soniox.com"
    assert Hosts.of_region("eu") == Hosts(
        "https://api.eu.soniox.com",
        "wss://stt-rt.eu.soniox.com",
        "https://tts-rt.eu.soniox.com",
    )
    with pytest.raises(ConfigurationError, match="unknown Soniox region"):
        Hosts.of_region("mars")


def test_an_endpoint_serves_everything_with_or_without_its_version() -> None:
    assert Hosts.at("http://127.0.0.1:8080/v1") == Hosts.at("http://127.0.0.1:8080/")


@given(st.dictionaries(st.text(max_size=12), st.tuples(st.text(max_size=12))))
def test_any_parameter_is_passed_on_or_refused(params: dict[str, tuple[str]]) -> None:
    try:
        fields = recognition_fields(RecognizeOptions(params=params), "m")
    except UsageError:
        return
    assert set(fields) == {"model", *params}
