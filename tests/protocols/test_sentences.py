"""Sentences, and text cut into pieces that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.sentences import pieces, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("It costs 3.50 today. Fine.", ["It costs 3.50 today. ", "Fine."]),
        ("He said: “Go.” She went.", ["He said: “Go.” ", "She went."]),
        ("今日は。元気ですか？はい", ["今日は。", "元気ですか？", "はい"]),
        ("A title\n\nThe text", ["A title\n\n", "The text"]),
        ("no end", ["no end"]),
    ],
)
def test_sentences_end_where_readers_think_so(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


@given(st.text())
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_as_few_pieces_as_whole_sentences_allow() -> None:
    text = "One two. Three four. Five six."
    assert list(pieces(text, lambda piece: len(piece) <= 20)) == [
        "One two. Three four.",
        "Five six.",
    ]


def test_a_long_sentence_is_cut_at_commas_then_between_words_then_anywhere() -> None:
    def fits(piece: str) -> bool:
        return len(piece) <= 12

    assert list(pieces("one two, three four five", fits)) == [
        "one two,",
        "three four",
        "five",
    ]
    assert "".join(pieces("abcdefghijklmnopqrstuvwxyz", fits)) == (
        "abcdefghijklmnopqrstuvwxyz"
    )


@given(st.text(), st.integers(1, 40))
def test_every_piece_fits_and_no_word_is_lost(text: str, limit: int) -> None:
    found = list(pieces(text, lambda piece: len(piece) <= limit))
    assert all(0 < len(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())
