"""Soniox's REST objects: nulls and missing keys alike, nothing documented lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.core.job import JobState
from stt_cli.protocols.soniox.objects import (
    File,
    Page,
    TranscriptBody,
    read_job,
    read_models,
)

ID = "73d4357d-cad2-4338-a60d-ec6f2044f721"
WHOLE: dict[str, Any] = {
    "id": ID,
    "status": "completed",
    "created_at": "2024-11-26T00:00:00Z",
    "model": "stt-async-v5",
    "audio_url": None,
    "file_id": "84c32fc6-4fb5-4e7a-b656-b5ec70493753",
    "filename": "coffee_shop.mp3",
    "language_hints": ["en", "fr"],
    "enable_speaker_diarization": True,
    "enable_language_identification": False,
    "context": {"terms": ["Zyrtec"]},
    "audio_duration_ms": 16079,
    "error_type": None,
    "error_message": None,
    "webhook_url": "https://example.com/hook",
    "webhook_auth_header_name": "Authorization",
    "webhook_auth_header_value": "******************",
    "webhook_status_code": 200,
    "client_reference_id": "order-7",
}
OPTIONAL = sorted(set(WHOLE) - {"id", "status"})


@pytest.mark.conformance("SN-01")
def test_every_documented_field_is_kept() -> None:
    job = read_job(WHOLE)
    assert job.id == job.ids.transcription_id == ID
    assert job.created == datetime(2024, 11, 26, tzinfo=UTC)
    assert job.duration == 16.079
    assert job.input == "coffee_shop.mp3"
    assert job.ids.get("file_id") == WHOLE["file_id"]
    assert job.ids.get("client_reference_id") == "order-7"
    said = {"id", "status", "created_at", "error_type", "error_message"}
    assert dict(job.details) == {k: v for k, v in WHOLE.items() if k not in said}


@pytest.mark.conformance("SN-01")
@pytest.mark.parametrize("name", OPTIONAL)
def test_null_and_absent_are_alike(name: str) -> None:
    absent = {key: value for key, value in WHOLE.items() if key != name}
    assert read_job(absent).to_dict() == read_job({**WHOLE, name: None}).to_dict()


def test_the_documents_own_example_without_the_switches_is_read() -> None:
    job = read_job({"id": ID, "status": "queued"})
    assert job.details["enable_speaker_diarization"] is None
    assert job.details["enable_language_identification"] is None
    assert job.duration is None


@pytest.mark.conformance("SN-02")
@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", JobState.QUEUED),
        ("processing", JobState.RUNNING),
        ("completed", JobState.SUCCEEDED),
        ("error", JobState.FAILED),
        ("failed", JobState.FAILED),
        ("Completed", JobState.SUCCEEDED),
        ("paused", JobState.UNKNOWN),
    ],
)
def test_states_are_mapped_and_the_providers_word_kept(
    word: str, state: JobState
) -> None:
    job = read_job({"id": ID, "status": word})
    assert (job.state, job.provider_state) == (state, word)


@pytest.mark.parametrize("word", ["", None, [], {}])
def test_a_transcription_without_a_status_is_an_error(word: Any) -> None:
    with pytest.raises(ProviderError, match="without a status") as raised:
        read_job({"id": ID, "status": word})
    assert raised.value.ids.transcription_id == ID


@pytest.mark.conformance("SN-02")
def test_a_failed_job_carries_type_and_message() -> None:
    job = read_job(
        {
            "id": ID,
            "status": "error",
            "error_type": "invalid_audio_file",
            "error_message": "Could not decode audio.",
        }
    )
    assert job.error is not None
    assert job.error.provider_code == "invalid_audio_file"
    assert "Could not decode audio" in job.error.message


@pytest.mark.conformance("SN-07")
def test_a_masked_secret_stays_masked_even_if_the_service_forgot_to() -> None:
    job = read_job({**WHOLE, "webhook_auth_header_value": "hunter2-hunter2"})
    assert "hunter2" not in str(job.to_dict())
    assert job.details["webhook_auth_header_value"] == "*" * 18


@pytest.mark.conformance("SN-01")
@pytest.mark.parametrize(
    ("status", "told"), [(200, False), (204, False), (None, False), (500, True)]
)
def test_a_web_hook_that_was_refused_is_reported(
    status: int | None, told: bool
) -> None:
    warnings = read_job({**WHOLE, "webhook_status_code": status}).warnings
    refusal = "https://example.com/hook rejected the notification with HTTP 500"
    assert warnings == ((refusal,) if told else ())


def test_a_url_job_is_named_by_its_address() -> None:
    url = "https://soniox.com/media/examples/coffee_shop.mp3"
    assert read_job({**WHOLE, "audio_url": url}).input == url


def test_a_file_needs_only_its_id() -> None:
    whole = {
        "id": "f",
        "filename": "a.wav",
        "size": 123,
        "created_at": "2024-11-26T00:00:00Z",
        "client_reference_id": "r",
    }
    assert File.read(whole).client_reference_id == "r"
    assert File.read(whole).size == 123
    assert File.read({"id": "f"}) == File("f")
    with pytest.raises(ProviderError, match="without an ID"):
        File.read({"id": None})


def test_the_last_page_has_no_cursor() -> None:
    page = Page.read({"files": [{"id": "f"}, 3], "next_page_cursor": "c"}, "files")
    assert (page.objects, page.next_cursor) == (({"id": "f"},), "c")
    assert Page.read({"files": []}, "files").next_cursor is None
    assert Page.read({"next_page_cursor": None}, "files") == Page((), None)


def test_models_keep_what_they_say() -> None:
    models = read_models(
        {
            "models": [
                {
                    "id": "stt-rt-v5",
                    "aliased_model_id": None,
                    "name": "Real-time v5",
                    "transcription_mode": "real_time",
                    "languages": [{"code": "en", "name": "English"}],
                    "two_way_translation": "all_languages",
                },
                {"name": "without an ID"},
            ]
        }
    )
    assert [model.id for model in models] == ["stt-rt-v5"]
    assert models[0].languages == ("en",)
    assert models[0].details["transcription_mode"] == "real_time"


VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats()


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), VALUE | st.lists(VALUE)))
def test_any_transcription_object_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        job = read_job(fields)
    except ProviderError:
        return
    assert job.to_dict()["id"] == job.id


@given(
    st.dictionaries(
        st.sampled_from(["id", "text", "tokens"]),
        VALUE
        | st.lists(
            st.dictionaries(st.sampled_from(["text", "start_ms", "speaker"]), VALUE)
        ),
    )
)
def test_any_transcript_object_is_read(fields: dict[str, Any]) -> None:
    assert isinstance(TranscriptBody.read(fields).text, str)
