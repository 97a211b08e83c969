"""One turn as the client sees it, results, replay buffer, telemetry: no socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.events import Identified, Partial, Phrase, SpeechEnded, SpeechStarted
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.protocols.usp.client_turn import (
    ClientTurn,
    PhraseFault,
    TurnStateError,
    overall_status,
)
from stt_cli.protocols.usp.framing import FramingError, Message, parse
from stt_cli.protocols.usp.limits import bytes_to_ticks, ticks_to_bytes
from stt_cli.protocols.usp.results import parse_phrase
from stt_cli.protocols.usp.server_session import service_message
from stt_cli.protocols.usp.telemetry import (
    Metric,
    Receipts,
    status_error,
    step_error,
    telemetry_body,
)

NOW = datetime(2026, 11, 20, 14, 3, 5, 123_000, tzinfo=UTC)
REQUEST = "123e4567e89b12d3a456426655440000"
START = {"context": {"serviceTag": "7B33613B91714B32817815DC89633AFA"}}


def said(path: str, body: Any = None, request_id: str = REQUEST) -> Message:
    text = "" if body is None else json.dumps(body)
    return parse(service_message(path, request_id, text))


def started(**options: Any) -> ClientTurn:
    turn = ClientTurn(REQUEST, **options)
    turn.receive(said("turn.start", START), NOW)
    return turn


@pytest.mark.conformance("BS-28")
def test_turn_start_brings_the_service_tag() -> None:
    turn = ClientTurn(REQUEST)
    events = turn.receive(said("turn.start", START), NOW)
    tag = START["context"]["serviceTag"]
    assert isinstance(events[0], Identified)
    assert (events[0].ids.get("service_tag"), turn.service_tag) == (tag, tag)


@pytest.mark.conformance("BS-28")
@pytest.mark.parametrize("path", ["speech.hypothesis", "speech.phrase", "turn.end"])
def test_anything_before_turn_start_is_an_invalid_state(path: str) -> None:
    with pytest.raises(TurnStateError, match=f"received {path} before turn.start"):
        ClientTurn(REQUEST).receive(said(path, {}), NOW)


@pytest.mark.conformance("BS-17")
def test_a_phrase_alone_makes_a_turn() -> None:
    turn = started()
    phrase = {"RecognitionStatus": "Success", "DisplayText": "Hi.", "Offset": 1}
    assert len(turn.receive(said("speech.phrase", phrase), NOW)) == 1
    turn.receive(said("turn.end"), NOW)
    assert turn.is_ended


@pytest.mark.conformance("BS-17")
def test_unknown_paths_are_passed_over_and_acknowledged() -> None:
    turn = started()
    assert turn.receive(said("speech.mood", {"Mood": "good"}), NOW) == []
    assert {"speech.mood": "2026-11-20T14:03:05.123Z"} in turn.receipts.to_json()


def test_messages_of_another_turn_are_passed_over() -> None:
    turn = started()
    phrase = {"RecognitionStatus": "Success", "DisplayText": "Old."}
    assert turn.receive(said("speech.phrase", phrase, "f" * 32), NOW) == []
    assert turn.phrase_count == 0


@pytest.mark.conformance("BS-29")
@pytest.mark.parametrize("path", ["speech.hypothesis", "speech.fragment"])
def test_hypotheses_are_partials_and_never_results(path: str) -> None:
    turn = started(base_ticks=20_000_000)
    body = {"Text": "hello", "Offset": "10000000", "Duration": 5_000_000}
    assert turn.receive(said(path, body), NOW) == [Partial("hello", 3.0, 3.5)]
    assert (turn.phrase_count, turn.outcomes) == (0, [])


def test_start_and_end_of_speech_count_from_the_whole_input() -> None:
    turn = started(base_ticks=20_000_000)
    start = turn.receive(said("speech.startDetected", {"Offset": 100_000}), NOW)
    assert start == [SpeechStarted(2.01)]
    assert turn.wants_audio
    end = turn.receive(said("speech.endDetected", {"Offset": "10000000"}), NOW)
    assert end == [SpeechEnded(3.0)]
    assert not turn.wants_audio
    assert turn.end_detected_at == NOW


def test_an_empty_end_of_speech_has_no_time() -> None:
    assert started().receive(said("speech.endDetected"), NOW) == [SpeechEnded(None)]


def test_a_phrase_acknowledges_the_audio_up_to_its_end() -> None:
    turn = started(base_ticks=20_000_000)
    body = {
        "RecognitionStatus": "Success",
        "DisplayText": "Hi.",
        "Offset": 1_000_000,
        "Duration": 4_000_000,
    }
    event = turn.receive(said("speech.phrase", body), NOW)[0]
    assert isinstance(event, Phrase)
    assert (event.segment.start, event.segment.end) == (2.1, 2.5)
    assert turn.acknowledged == 25_000_000


def test_a_phrase_heard_twice_is_told_once() -> None:
    turn = started(known_ticks=30_000_000)
    body = {"RecognitionStatus": "Success", "DisplayText": "Hi.", "Offset": 0}
    known = {**body, "Duration": 29_000_000}
    assert turn.receive(said("speech.phrase", known), NOW) == []
    new = {**body, "Offset": 30_000_000, "Duration": 10_000_000}
    assert len(turn.receive(said("speech.phrase", new), NOW)) == 1


@pytest.mark.parametrize("status", ["Error", "TooManyRequests", "Forbidden", "Odd"])
def test_a_status_of_failure_is_a_fault(status: str) -> None:
    with pytest.raises(PhraseFault, match=status):
        started().receive(said("speech.phrase", {"RecognitionStatus": status}), NOW)


def test_the_end_of_a_dictation_is_no_result() -> None:
    turn = started()
    body = {"RecognitionStatus": "EndOfDictation", "Offset": 5, "Duration": 0}
    assert turn.receive(said("speech.phrase", body), NOW) == []
    assert turn.outcomes == []


@pytest.mark.parametrize("body", [[], "x", {}, {"RecognitionStatus": None}])
def test_a_phrase_that_makes_no_sense_is_a_framing_error(body: Any) -> None:
    with pytest.raises(FramingError):
        started().receive(said("speech.phrase", body), NOW)


@pytest.mark.conformance("BS-09")
def test_speech_that_was_all_profanity_is_no_match() -> None:
    turn = started()
    body = {"RecognitionStatus": "Success", "DisplayText": "", "Duration": 10}
    assert turn.receive(said("speech.phrase", body), NOW) == []
    assert overall_status(turn.outcomes) is RecognitionStatus.NO_MATCH
    assert overall_status([]) is RecognitionStatus.NO_MATCH


def test_one_success_makes_a_success() -> None:
    known = [RecognitionStatus.INITIAL_SILENCE, RecognitionStatus.SUCCESS]
    assert overall_status(known) is RecognitionStatus.SUCCESS
    assert overall_status(known[:1]) is RecognitionStatus.INITIAL_SILENCE


def test_the_trail_names_the_last_messages() -> None:
    turn = started()
    turn.receive(said("speech.hypothesis", {"Text": "a"}), NOW)
    assert turn.trail == "turn.start, speech.hypothesis"


DETAILED = {
    "RecognitionStatus": "Success",
    "Offset": "22500000",
    "Duration": 21_000_000,
    "PrimaryLanguage": {"Language": "en-US", "Confidence": "High"},
    "SpeakerId": "Guest-1",
    "Channel": 0,
    "NBest": [
        {
            "Confidence": "0.905",
            "Lexical": "what's the weather",
            "ITN": "what's the weather",
            "MaskedITN": "what's the weather",
            "Display": "What's the weather?",
            "Words": [{"Word": "what's", "Offset": 22_500_000, "Duration": "5000000"}],
        },
        {"Confidence": 0.925, "Display": "Watts the weather?"},
    ],
}


def test_the_first_reading_counts_and_strings_are_numbers() -> None:
    segment = parse_phrase(DETAILED, 10_000_000).segment
    assert (segment.text, segment.confidence) == ("What's the weather?", 0.905)
    assert (segment.start, segment.end) == (3.25, 5.35)
    assert (segment.speaker, segment.channel) == ("Guest-1", 0)
    assert segment.language == "en-US"
    assert [(w.text, w.start, w.end) for w in segment.words] == [("what's", 3.25, 3.75)]
    assert [a.confidence for a in segment.alternatives] == [0.905, 0.925]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


_FIELDS = (
    *("Offset", "Duration", "DisplayText", "NBest", "PrimaryLanguage"),
    *("Channel", "SpeakerId"),
)


@given(
    st.fixed_dictionaries(
        {"RecognitionStatus": st.text(min_size=1)},
        optional=dict.fromkeys(_FIELDS, JSON),
    )
)
def test_no_phrase_breaks_the_parser(body: dict[str, Any]) -> None:
    assert parse_phrase(body).status == body["RecognitionStatus"]


@given(st.integers(0, 10**12))
def test_bytes_stay_whole_samples(ticks: int) -> None:
    count = ticks_to_bytes(ticks)
    assert count % 2 == 0
    assert 0 <= ticks - bytes_to_ticks(count) < 625


@pytest.mark.conformance("BS-33")
def test_receipts_are_a_string_or_an_array_in_order_of_arrival() -> None:
    receipts = Receipts()
    later = NOW + timedelta(seconds=1)
    receipts.note("turn.start", NOW)
    receipts.note("speech.hypothesis", NOW)
    receipts.note("speech.hypothesis", later)
    assert receipts.to_json() == [
        {"turn.start": "2026-11-20T14:03:05.123Z"},
        {"speech.hypothesis": ["2026-11-20T14:03:05.123Z", "2026-11-20T14:03:06.123Z"]},
    ]


@pytest.mark.conformance("BS-34")
def test_errors_have_the_documented_names_and_length() -> None:
    assert [status_error(s) for s in (400, 401, 403, 500, 503, 418)] == [
        "BadRequest",
        "Unauthorized",
        "Forbidden",
        "ServerError",
        "ServerUnavailable",
        "HttpStatus418",
    ]
    assert [step_error(k) for k in ("dns", "network", "timeout", "authorization")] == [
        "DNSfailure",
        "NoNetwork",
        "Timeout",
        "NoAuthorization",
    ]
    metric = Metric("Connection", NOW, NOW, "x" * 80, "id")
    assert len(metric.to_json()["Error"]) == 50
    body = telemetry_body(None, [metric])
    assert list(body) == ["Metrics"]
    assert body["Metrics"][0]["Id"] == "id"
