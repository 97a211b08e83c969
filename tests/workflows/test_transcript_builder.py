"""Events become one transcript, whatever ends their stream."""

from __future__ import annotations

import itertools

import pytest

from stt_cli.core.errors import InterruptedRun, UnreachableError
from stt_cli.core.events import (
    Connected,
    Ended,
    Identified,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.workflows.transcript_builder import TranscriptBuilder


def built(*events: RecognitionEvent, error: Exception | None = None) -> Transcript:
    """Build it from events; the clock moves on by one second at every look."""
    ticks = itertools.count()
    builder = TranscriptBuilder(
        provider="test",
        input_name="a.wav",
        language="en-US",
        mode=None,
        clock=lambda: float(next(ticks)),
    )
    for event in events:
        builder.add(event)
    if error is not None:
        builder.fail(error)  # type: ignore[arg-type]
    return builder.transcript


def test_phrases_partials_and_ids_become_a_transcript() -> None:
    known = built(
        Started(
            Identifiers.of(session_id="s"), transport="websocket", mode="dictation"
        ),
        Connected(),
        Partial("hel"),
        Partial("hello"),
        Phrase(Segment("hello")),
        Identified(Identifiers.of(service_tag="t")),
        Phrase(Segment("world")),
        Notice("slow today"),
        Ended(RecognitionStatus.SUCCESS, duration=2.5),
    )
    assert known.status is RecognitionStatus.SUCCESS
    assert known.text == "hello world"
    assert (known.transport, known.mode) == ("websocket", "dictation")
    assert known.ids.to_dict() == {
        "session_id": "s",
        "request_id": None,
        "transcription_id": None,
        "service_tag": "t",
    }
    assert known.duration == 2.5


def test_times_run_from_the_start_and_only_the_first_partial_counts() -> None:
    timing = built(Connected(), Partial("a"), Partial("b"), Connected()).timing
    assert (timing.connect, timing.first_partial, timing.total) == (1.0, 2.0, 3.0)


def test_a_success_without_a_word_is_no_match() -> None:
    known = built(Ended(RecognitionStatus.SUCCESS, duration=1.0))
    assert known.status is RecognitionStatus.NO_MATCH


def test_a_failure_keeps_what_was_said_and_gets_the_ids() -> None:
    error = UnreachableError("gone", ids=Identifiers.of(request_id="r"))
    known = built(
        Started(Identifiers.of(session_id="s")), Phrase(Segment("half")), error=error
    )
    assert known.status is RecognitionStatus.FAILED
    assert known.text == "half"
    assert error.ids == known.ids == Identifiers.of(session_id="s", request_id="r")


def test_an_interruption_is_cancelled_not_failed() -> None:
    known = built(Phrase(Segment("half")), error=InterruptedRun())
    assert known.status is RecognitionStatus.CANCELLED


def test_no_key_of_the_json_object_vanishes() -> None:
    assert list(built().to_dict()) == [
        "provider",
        "transport",
        "input",
        "language",
        "mode",
        "status",
        "ids",
        "duration",
        "text",
        "translations",
        "segments",
        "timing",
        "error",
    ]


@pytest.mark.parametrize("status", list(RecognitionStatus))
def test_every_other_status_stays_as_the_provider_gave_it(
    status: RecognitionStatus,
) -> None:
    known = built(Phrase(Segment("word")), Ended(status))
    assert known.status is status
