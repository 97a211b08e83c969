from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.coverage import CoverageRule, Shortfall, shortfall
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript, Word


def transcript(*ends: float | None, duration: float | None = None) -> Transcript:
    return Transcript(
        provider="parrot",
        input="a.wav",
        status=RecognitionStatus.SUCCESS,
        duration=duration,
        segments=tuple(Segment("word", start=0.0, end=end) for end in ends),
    )


def test_a_transcript_that_ends_well_before_its_audio_falls_short() -> None:
    missing = shortfall(transcript(10.0, 30.0, duration=120.0))
    assert missing == Shortfall(30.0, 120.0)
    assert missing.share == 0.25
    assert missing.message == "the transcript ends at 30.0 s of 120.0 s (25%)"


@pytest.mark.parametrize(("end", "falls_short"), [(71.9, True), (72.0, False)])
def test_sixty_percent_is_enough(end: float, falls_short: bool) -> None:
    assert (shortfall(transcript(end, duration=120.0)) is not None) is falls_short


@pytest.mark.parametrize(("length", "falls_short"), [(60.0, False), (60.1, True)])
def test_audio_of_a_minute_is_left_alone(length: float, falls_short: bool) -> None:
    assert (shortfall(transcript(1.0, duration=length)) is not None) is falls_short


def test_a_service_that_heard_less_does_not_shorten_the_recording() -> None:
    known = transcript(30.0, duration=31.0)
    assert shortfall(known) is None
    assert shortfall(known, 120.0) == Shortfall(30.0, 120.0)


def test_the_last_word_counts_where_a_phrase_has_no_time() -> None:
    words = (Word("a", end=1.0), Word("b", end=118.0))
    known = replace(transcript(duration=120.0), segments=(Segment("a b", words=words),))
    assert shortfall(known) is None


@pytest.mark.parametrize(
    "known",
    [
        transcript(None, duration=120.0),
        transcript(1.0, None, duration=120.0),
        transcript(duration=120.0),
        transcript(1.0),
        replace(transcript(1.0, duration=120.0), status=RecognitionStatus.FAILED),
        replace(transcript(1.0, duration=120.0), mode="interactive"),
    ],
    ids=["no time", "last unknown", "empty", "no length", "failed", "one utterance"],
)
def test_what_is_not_known_or_told_elsewhere_is_no_shortfall(known: Transcript) -> None:
    assert shortfall(known) is None


@given(
    ends=st.lists(st.floats(0, 1e5), max_size=5),
    length=st.none() | st.floats(0, 1e5),
    rule=st.builds(
        CoverageRule, over_seconds=st.floats(1, 1e4), least_share=st.floats(0, 1)
    ),
)
def test_a_shortfall_always_breaks_the_rule(
    ends: list[float], length: float | None, rule: CoverageRule
) -> None:
    missing = shortfall(transcript(*ends), length, rule)
    if missing is not None:
        assert missing.length > rule.over_seconds
        assert missing.end == max(ends)
        assert missing.share < rule.least_share


@pytest.mark.parametrize(
    ("turns", "falls_short"), [(None, True), (1, False), (9, False)]
)
def test_some_turns_of_a_recording_are_no_shortfall(
    turns: int | None, falls_short: bool
) -> None:
    known = transcript(10.0, duration=120.0)
    assert (shortfall(known, 120.0, turns=turns) is not None) is falls_short


def test_a_phrase_without_words_says_nothing_of_the_end() -> None:
    said = transcript(10.0, duration=120.0)
    silent = Segment("", start=11.0, end=100.0)
    told = replace(
        said, segments=(silent, *said.segments, silent, Segment("x", end=20))
    )
    assert shortfall(told) == Shortfall(20, 120.0)


def test_a_rule_may_be_about_any_length() -> None:
    """What is not known is nothing, not a second."""
    short = CoverageRule(over_seconds=0.2, least_share=0.9)
    assert shortfall(transcript(0.1), 0.5, short) == Shortfall(0.1, 0.5)
    assert shortfall(transcript(0.1, duration=0.5), None, short) == Shortfall(0.1, 0.5)
