"""Captions: how cues are cut, how long they stay, and what never happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import UsageError
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Alternative, Segment, Transcript, Word
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.captions import shape
from stt_cli.formats.line_breaking import width
from tests.formats.samples import spoken, transcript, transcripts

DEFAULT = CaptionOptions()

shapes = st.builds(
    lambda length, lines, shortest, more, gap: CaptionOptions(
        interpolate=True,
        max_line_length=length,
        max_lines=lines,
        min_seconds=shortest,
        max_seconds=max(shortest + more, 0.1),
        gap=gap,
    ),
    st.integers(10, 80),
    st.integers(1, 4),
    st.floats(0, 3),
    st.floats(0, 10),
    st.floats(0, 1),
)


def lines_of(*segments: Segment, **chosen: float) -> list[tuple[str, ...]]:
    options = CaptionOptions(**chosen)  # type: ignore[arg-type]
    return [cue.lines for cue in shape(transcript(*segments), options)]


@pytest.mark.conformance("CO-14")
@given(transcripts, shapes, st.booleans(), st.sampled_from(TextForm))
def test_cues_keep_to_every_limit_whatever_was_recognized(
    spoken: Transcript, options: CaptionOptions, labeled: bool, form: TextForm
) -> None:
    cues = shape(spoken, options, form, label_speakers=labeled)
    earliest = 0
    for cue in cues:
        assert cue.start >= earliest
        assert 0 < cue.end - cue.start <= round(options.max_seconds * 1000)
        earliest = cue.end + round(options.gap * 1000)
        assert 1 <= len(cue.lines) <= options.max_lines
        for line in cue.lines:
            assert line.strip()
            assert len(line.splitlines()) == 1
            assert width(line) <= options.max_line_length


@given(transcripts, shapes)
def test_no_letter_is_lost_or_added(
    spoken: Transcript, options: CaptionOptions
) -> None:
    from stt_cli.core.plain_text import one_line

    cues = shape(spoken, options)
    shown = "".join(line for cue in cues for line in cue.lines)
    said = "".join(one_line(segment.text) for segment in spoken.segments)
    assert sorted("".join(shown.split())) == sorted("".join(said.split()))


@pytest.mark.conformance("CO-14")
def test_a_long_phrase_is_cut_where_its_sentences_end() -> None:
    phrase = spoken(
        "We start at nine tomorrow morning. Please bring your own laptop along.", 0
    )
    assert lines_of(phrase) == [
        ("We start at nine tomorrow morning.",),
        ("Please bring your own laptop along.",),
    ]


def test_a_title_does_not_end_a_sentence() -> None:
    phrase = spoken("I told Dr. Miller about it and he laughed at me.", 0, each=0.2)
    assert lines_of(phrase) == [("I told Dr. Miller about", "it and he laughed at me.")]


def test_lines_are_as_even_as_they_can_be() -> None:
    phrase = spoken("one two three four five six seven eight nine ten", 0, each=0.3)
    assert lines_of(phrase) == [("one two three four five", "six seven eight nine ten")]


@pytest.mark.conformance("CO-14")
def test_options_choose_line_length_lines_and_duration() -> None:
    phrase = spoken("one two three four five six seven eight nine ten", 0, each=0.5)
    assert lines_of(phrase, max_line_length=15, max_lines=1) == [
        ("one two three",),
        ("four five six",),
        ("seven eight",),
        ("nine ten",),
    ]
    short = shape(transcript(phrase), CaptionOptions(max_seconds=2.0))
    assert len(short) >= 3
    assert all(cue.end - cue.start <= 2000 for cue in short)


@pytest.mark.conformance("CO-14")
def test_gaps_and_short_cues_are_shaped_by_options() -> None:
    talk = transcript(Segment("Yes.", 1.0, 1.2), Segment("Indeed.", 1.9, 2.0))
    first, second = shape(talk, CaptionOptions(gap=0.25, min_seconds=1.0))
    assert (first.start, first.end) == (1000, 1650)
    assert (second.start, second.end) == (1900, 2900)


def test_a_silence_ends_a_cue_though_the_phrase_goes_on() -> None:
    words = (Word("well", 0, 0.4), Word("yes", 3.0, 3.4))
    talk = transcript(Segment("Well yes", 0, 3.4, words=words))
    assert [(cue.lines, cue.start) for cue in shape(talk, DEFAULT)] == [
        (("Well",), 0),
        (("yes",), 3000),
    ]


def test_a_change_of_speaker_is_named_once() -> None:
    talk = transcript(
        Segment("Hello.", 0, 1, speaker="1"),
        Segment("How are you?", 1, 2, speaker="1"),
        Segment("Fine.", 2, 3, speaker="Guest-2"),
    )
    cues = shape(talk, DEFAULT, label_speakers=True)
    assert [cue.lines[0] for cue in cues] == [
        "Speaker 1: Hello.",
        "How are you?",
        "Guest-2: Fine.",
    ]


def test_text_without_spaces_breaks_between_characters_but_not_before_a_full_stop() -> (
    None
):
    phrase = Segment("今日は天気がいいから散歩しましょう。明日は雨です。", 0, 6)
    cues = lines_of(phrase, max_line_length=20)
    lines = [line for cue in cues for line in cue]
    assert all(width(line) <= 20 for line in lines)
    assert not any(line.startswith(("。", "ょ")) for line in lines)
    assert any(line.endswith("。") for line in lines[:-1])


def test_a_word_longer_than_a_line_is_cut_and_kept() -> None:
    lines = [line for cue in lines_of(Segment("a" * 100, 0, 5)) for line in cue]
    assert "".join(lines) == "a" * 100


def test_combining_marks_stay_with_their_letter() -> None:
    phrase = Segment("é" * 30, 0, 5)
    lines = [x for cue in lines_of(phrase, max_line_length=10) for x in cue]
    assert all(not line.startswith("\u0301") for line in lines)


def test_words_give_times_to_display_text_that_is_written_otherwise() -> None:
    words = [("it's", 1.0), ("twenty", 1.4), ("three", 1.8), ("euros", 5.0)]
    phrase = Segment(
        "It's 23 Euros.",
        1.0,
        5.5,
        words=tuple(Word(text, start, start + 0.4) for text, start in words),
    )
    first, second = shape(transcript(phrase), DEFAULT)
    assert (first.lines, first.start, first.end) == (("It's 23",), 1000, 2200)
    assert (second.lines, second.start) == (("Euros.",), 5000)


def test_the_form_asked_for_is_shown() -> None:
    phrase = Segment(
        "It's 23.", 0, 2, alternatives=(Alternative("x", lexical="it's twenty three"),)
    )
    (cue,) = shape(transcript(phrase), DEFAULT, TextForm.LEXICAL)
    assert cue.lines == ("it's twenty three",)


@pytest.mark.conformance("AZ-14")
def test_times_that_nobody_measured_are_refused_unless_asked_for() -> None:
    talk = transcript(Segment("One."), Segment("Twelve."), duration=5.5)
    with pytest.raises(UsageError, match="captions need times") as refused:
        shape(talk, DEFAULT)
    assert "--interpolate" in str(refused.value.hint)
    interpolated = CaptionOptions(interpolate=True)
    assert [(c.start, c.end) for c in shape(talk, interpolated)] == [
        (0, 1920),
        (2000, 5500),
    ]


def test_one_phrase_without_times_among_others_is_enough_to_refuse() -> None:
    with pytest.raises(UsageError, match="captions need times"):
        shape(transcript(Segment("One.", 0, 1), Segment("Two.")), DEFAULT)


def test_the_times_of_words_are_times_of_their_phrase() -> None:
    phrase = Segment("One.", words=(Word("one", 0.5, 1.0),))
    assert [cue.start for cue in shape(transcript(phrase), DEFAULT)] == [500]


def test_a_phrase_without_text_needs_no_times() -> None:
    assert shape(transcript(Segment(" ")), DEFAULT) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_line_length": 5},
        {"max_lines": 0},
        {"max_seconds": 0},
        {"max_seconds": float("nan")},
        {"min_seconds": 8},
        {"gap": -1},
    ],
)
def test_a_shape_that_no_caption_can_have_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        CaptionOptions(**wrong)  # type: ignore[arg-type]
