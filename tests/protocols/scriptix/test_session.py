"""Scriptix' sessions: bare or wrapped, whatever the words, nothing documented lost."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.core.job import JobState
from stt_cli.protocols.scriptix.errors import remedy
from stt_cli.protocols.scriptix.polling import (
    Estimate,
    estimate,
    interval,
    time_limit,
)
from stt_cli.protocols.scriptix.session import (
    read_page,
    read_session,
    session_id_of,
    status_filter,
)

WHOLE: dict[str, Any] = {
    "id": 12345,
    "session_id": "abc123def456",
    "status": "completed",
    "filename": "meeting.mp3",
    "duration": 3600.5,
    "language": "en",
    "media_type": "audio/mpeg",
    "media_url": "https://storage.scriptix.io/media/abc123def456/meeting.mp3",
    "error": None,
    "created_at": "2025-01-17T10:00:00Z",
    "started_at": "2025-01-17T10:00:30Z",
    "finished_at": "2025-01-17T10:15:00Z",
    "document": {"id": 67890, "name": "meeting", "type": "transcript"},
    "session_mode": "decode",
    "custom_model_id": None,
}
OPTIONAL = sorted(set(WHOLE) - {"session_id", "status"})


@pytest.mark.conformance("SX-01")
@pytest.mark.parametrize("wrapped", [False, True])
def test_every_documented_field_is_kept(wrapped: bool) -> None:
    job = read_session({"result": WHOLE} if wrapped else WHOLE)
    assert job.id == job.ids.session_id == "abc123def456"
    assert job.ids.get("document_id") == "67890"
    assert job.duration == 3600.5
    assert job.created == datetime(2025, 1, 17, 10, tzinfo=UTC)
    assert job.started == datetime(2025, 1, 17, 10, 0, 30, tzinfo=UTC)
    assert job.finished == datetime(2025, 1, 17, 10, 15, tzinfo=UTC)
    said = {"session_id", "status", "duration", "error"}
    said |= {"created_at", "started_at", "finished_at"}
    assert dict(job.details) == {k: v for k, v in WHOLE.items() if k not in said}


@pytest.mark.conformance("SX-01")
@pytest.mark.parametrize("name", OPTIONAL)
def test_null_and_absent_are_alike(name: str) -> None:
    absent = {key: value for key, value in WHOLE.items() if key != name}
    assert (
        read_session(absent).to_dict() == read_session({**WHOLE, name: None}).to_dict()
    )


@pytest.mark.conformance("SX-01")
def test_a_duration_of_nought_is_not_known_yet() -> None:
    assert read_session({**WHOLE, "duration": 0}).duration is None


@pytest.mark.conformance("SX-02")
@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("new", JobState.QUEUED),
        ("uploaded", JobState.QUEUED),
        ("queued", JobState.QUEUED),
        ("pending", JobState.QUEUED),
        ("processing", JobState.RUNNING),
        ("running", JobState.RUNNING),
        ("completed", JobState.SUCCEEDED),
        ("done", JobState.SUCCEEDED),
        ("failed", JobState.FAILED),
        ("error", JobState.FAILED),
    ],
)
def test_every_vocabulary_is_mapped_and_the_word_kept(
    word: str, state: JobState
) -> None:
    job = read_session({"session_id": "s", "status": word})
    assert (job.state, job.provider_state) == (state, word)


@pytest.mark.conformance("SX-02")
def test_the_second_apis_boolean_is_understood() -> None:
    assert read_session({"zoom_id": "s", "done": True}).state is JobState.SUCCEEDED
    assert read_session({"zoom_id": "s", "done": False}).state is JobState.RUNNING
    failed = read_session({"zoom_id": "s", "done": False, "error": "x"})
    assert failed.state is JobState.FAILED


@pytest.mark.parametrize("word", [0, None, "", " ", True, []])
def test_a_session_without_a_status_is_an_error(word: Any) -> None:
    with pytest.raises(ProviderError, match="without a status") as raised:
        read_session({"session_id": "s", "status": word})
    assert raised.value.ids.session_id == "s"


def test_a_status_that_nobody_knows_is_kept_as_it_is() -> None:
    session = read_session({"session_id": "s", "status": "Cancelled"})
    assert (session.state, session.provider_state) == (JobState.UNKNOWN, "Cancelled")


@pytest.mark.conformance("SX-03")
@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("Audio format could not be decoded. Check file integrity.", "MP3 or WAV"),
        ("AUDIO FORMAT could not be decoded", "MP3 or WAV"),
        ("Audio file is too short", "1 second"),
        ("Language detection failed", "set the language with -l"),
        ("Processing timeout", "support with the session ID"),
        ("Something new", "support with the session ID"),
        (None, "support with the session ID"),
    ],
)
def test_a_failed_session_has_its_remedy(message: str | None, advice: str) -> None:
    job = read_session({"session_id": "s", "status": "failed", "error": message})
    assert job.error is not None
    assert advice in (job.error.hint or "")
    assert (message or "no reason given").rstrip(".") in job.error.message
    assert job.error.ids.session_id == "s"


def test_the_remedies_are_tried_in_the_pages_order() -> None:
    assert "MP3" in remedy("too short for this format")


def test_the_seeds_failed_example_with_five_keys_is_read() -> None:
    job = read_session(
        {
            "id": 1,
            "session_id": "s",
            "status": "failed",
            "error": "Audio file is too short",
            "filename": "a.mp3",
        }
    )
    assert (job.state, job.input) == (JobState.FAILED, "a.mp3")


@pytest.mark.conformance("SX-08")
@pytest.mark.parametrize(
    ("fields", "session_id"),
    [
        ({"result": {"session_id": "a", "status": "new"}}, "a"),
        ({"session_id": "a", "id": 7}, "a"),
        ({"id": "stt_abc123"}, "stt_abc123"),
        ({"sessionId": "b"}, "b"),
        ({"zoom_id": "c"}, "c"),
        ({"id": 7}, None),
        ({}, None),
    ],
)
def test_the_session_id_is_found_under_every_name_but_the_internal_number(
    fields: dict[str, Any], session_id: str | None
) -> None:
    assert session_id_of(fields) == session_id


@pytest.mark.conformance("SX-06")
def test_pages_end_by_the_total_and_not_by_their_own_count() -> None:
    page = read_page({"count": 2, "total_results": 5, "result": [{}, {}]})
    assert page.next_offset(0, 2) == 2
    assert page.next_offset(2, 2) == 4
    assert page.next_offset(3, 2) is None
    without = read_page({"count": 2, "result": [{}, {}]})
    assert without.next_offset(0, 2) == 2
    assert without.next_offset(0, 25) is None
    assert read_page({"total_results": 9, "result": []}).next_offset(0, 2) is None


@pytest.mark.conformance("SX-06")
def test_one_state_is_filtered_by_the_service() -> None:
    assert status_filter(("running",)) == "processing"
    assert status_filter(("succeeded",)) == "completed"
    assert status_filter(()) is None
    assert status_filter(("queued", "running")) is None


@pytest.mark.conformance("SX-05")
@pytest.mark.parametrize(
    ("elapsed", "pause"),
    [(0, 3), (59.99, 3), (60, 5), (299.99, 5), (300, 10), (9999, 10)],
)
def test_intervals_are_the_documented_ones(elapsed: float, pause: float) -> None:
    assert interval(elapsed) == pause


@pytest.mark.conformance("SX-05")
@pytest.mark.parametrize(
    ("audio", "limit"), [(None, 600), (0, 600), (300, 600), (1800, 1020), (3600, 1740)]
)
def test_the_time_limit_grows_with_the_audio(audio: float | None, limit: float) -> None:
    assert time_limit(audio) == pytest.approx(limit)


@pytest.mark.conformance("SX-11")
@pytest.mark.parametrize(
    ("minutes", "low", "high"),
    [(5, 1, 3), (30, 3, 12), (60, 6, 22), (180, 20, 65), (45, 4.5, 17)],
)
def test_the_estimate_is_the_pages_table(
    minutes: float, low: float, high: float
) -> None:
    found = estimate(minutes * 60)
    assert isinstance(found, Estimate)
    assert dataclasses.astuple(found) == pytest.approx((low * 60, high * 60))


@given(st.floats(min_value=0.01, max_value=1e5), st.floats(min_value=0, max_value=1e5))
def test_the_estimate_grows_and_stays_within_the_time_limit(
    audio: float, more: float
) -> None:
    one, other = estimate(audio), estimate(audio + more)
    assert one is not None
    assert other is not None
    assert one.shortest <= other.shortest + 1e-6
    assert one.longest <= other.longest + 1e-6
    assert one.shortest < one.longest <= time_limit(audio) + 1e-6


VALUE = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats()


@given(
    st.dictionaries(
        st.sampled_from([*sorted(WHOLE), "done", "result"]),
        VALUE | st.dictionaries(st.sampled_from(["id", "session_id", "status"]), VALUE),
    )
)
def test_any_session_object_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        job = read_session(fields)
    except ProviderError:
        return
    assert job.to_dict()["id"] == job.id
