"""Sub-word tokens become words, segments, speakers; nothing is glued or lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.soniox.segments import segments_of
from stt_cli.protocols.soniox.tokens import (
    Token,
    begins_segment,
    words_of,
)


def tokens(*pieces: str, **more: Any) -> list[Token]:
    """Make tokens of 100 ms each, one after the other."""
    return [
        Token(piece, start=i / 10, end=(i + 1) / 10, **more)
        for i, piece in enumerate(pieces)
    ]


@pytest.mark.conformance("SN-06")
@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["Hel", "lo", " wor", "ld", "."], ["Hello", "world."]),
        (["Hello", " ", "world"], ["Hello", "world"]),
        (["It", "'s", " 3", ".", "5", " %"], ["It's", "3.5", "%"]),
        ([" ", "A", "  ", "b"], ["A", "b"]),
        (["今", "日", "は", "。"], ["今", "日", "は。"]),
        (["Hi", "今", "日"], ["Hi", "今", "日"]),
        ([], []),
        ([" "], []),
    ],
)
def test_pieces_are_joined_into_words(pieces: list[str], words: list[str]) -> None:
    assert [word.text for word in words_of(tokens(*pieces))] == words


def test_a_word_has_the_times_of_its_pieces_and_the_least_confidence() -> None:
    word = words_of(
        [
            Token("Hel", 0.1, 0.2, confidence=0.9),
            Token("lo", 0.2, 0.35, confidence=0.4),
        ]
    )[0]
    assert (word.start, word.end, word.confidence) == (0.1, 0.35, 0.4)


@pytest.mark.conformance("SN-06")
def test_a_change_of_speaker_or_language_begins_a_segment() -> None:
    heard = [
        *tokens("Good", " day", speaker="3", language="en"),
        *tokens(" Bon", "jour", speaker="1", language="fr"),
        *tokens(" Ça", " va", speaker="1", language="fr"),
        *tokens(" yes", speaker="1", language="en"),
    ]
    assert [(s.text, s.speaker, s.language) for s in segments_of(heard)] == [
        ("Good day", "3", "en"),
        ("Bonjour Ça va", "1", "fr"),
        ("yes", "1", "en"),
    ]


def test_a_pause_or_an_endpoint_begins_a_segment() -> None:
    heard = [
        Token("One", 0.0, 0.3),
        Token(" two.", 0.4, 0.8),
        Token(" Three", 1.2, 1.5),
        Token("<end>", is_final=True),
        Token("Four", 1.6, 1.8),
        Token(" five", 3.0, 3.3),
    ]
    assert [s.text for s in segments_of(heard)] == [
        "One two.",
        "Three",
        "Four",
        "five",
    ]


def test_a_decimal_point_begins_no_segment_in_the_middle_of_a_word() -> None:
    heard = [Token("3.", 0.0, 0.3), Token("5", 2.0, 2.3)]
    assert [s.text for s in segments_of(heard)] == ["3.5"]


@pytest.mark.conformance("SN-08")
def test_marks_and_audio_events_are_no_speech() -> None:
    heard = [
        Token("Hello", 0.0, 0.3),
        Token("<fin>", is_final=True),
        Token(" [laughter]", 0.4, 0.5, is_audio_event=True),
        Token(" there", 0.5, 0.6),
        Token("<end>", is_final=True),
    ]
    assert [s.text for s in segments_of(heard)] == ["Hello there"]


def test_wire_times_are_milliseconds_and_may_be_missing() -> None:
    token = Token.read({"text": "a", "start_ms": 10, "end_ms": 90, "speaker": 3}, 2.0)
    assert (token.start, token.end, token.speaker) == (2.01, 2.09, "3")
    bare = Token.read({"text": "a", "start_ms": None, "confidence": "high"})
    assert (bare.start, bare.end, bare.confidence) == (None, None, None)
    assert Token.read({"text": None}).text == ""


PIECES = st.lists(
    st.text(
        alphabet=st.sampled_from("ab.,' 今は\n"),
        min_size=1,
        max_size=4,
    ),
    max_size=20,
)


@given(PIECES)
def test_no_character_is_lost_or_added_in_words(pieces: list[str]) -> None:
    joined = "".join(word.text for word in words_of(tokens(*pieces)))
    assert "".join(joined.split()) == "".join("".join(pieces).split())


@given(PIECES, st.lists(st.sampled_from(["1", "2", None]), min_size=20, max_size=20))
def test_segments_hold_every_piece_in_order(
    pieces: list[str], speakers: list[str | None]
) -> None:
    heard = [
        Token(piece, i / 2, i / 2 + 0.4, speaker=speakers[i])
        for i, piece in enumerate(pieces)
    ]
    said = "".join(segment.text for segment in segments_of(heard))
    assert "".join(said.split()) == "".join("".join(pieces).split())


@pytest.mark.parametrize(
    ("spoken", "token", "begins"),
    [
        ([], Token("One", 0.0, 0.3), False),
        ([Token("One", 0.0, 0.3)], Token(" two", 0.4, 0.8), False),
        ([Token("One", 0.0, 0.3)], Token(" two", 1.29, 1.5), False),
        ([Token("One", 0.0, 0.3)], Token(" two", 1.3, 1.5), True),  # a pause
        ([Token("One.", 0.0, 0.3)], Token(" Two", 0.59, 0.9), False),
        ([Token("One.", 0.0, 0.3)], Token(" Two", 0.6, 0.9), True),  # and a breath
        ([Token("One", 0.0, 0.3)], Token(" two", 0.6, 0.9), False),
        ([Token("One", 0.0, 30.0)], Token(" two", 30.1, 31.0), False),
        ([Token("One.", 0.0, 30.0)], Token(" Two", 30.1, 31.0), True),  # for long
        ([Token("One.", 0.1, 30.0)], Token(" Two", 30.1, 31.0), False),
        ([Token("3.", 0.0, 0.3)], Token("5", 9.0, 9.3), False),  # within a word
        ([Token("One", 0.0, 0.3), Token(" ", 0.3, 0.4)], Token("two", 9.0, 9.3), False),
        ([Token("One", 0.0, 0.3)], Token(" two", None, None), False),
        ([Token("One", 0.0, 0.3, speaker="1")], Token(" two", speaker="2"), True),
        ([Token("One", 0.0, 0.3, language="en")], Token(" deux", language="fr"), True),
        ([Token("One", 0.0, 0.3, language="en")], Token(" two"), False),
    ],
)
def test_where_a_segment_begins(
    spoken: list[Token], token: Token, begins: bool
) -> None:
    assert begins_segment(spoken, token) is begins
