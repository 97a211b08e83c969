"""Error rates as the field counts them, on what a named normalization leaves."""

from __future__ import annotations

import pytest

from stt_cli.core.errors import UsageError
from stt_cli.workflows.scoring import (
    Difference,
    Normalization,
    normalized,
    pooled_word_error_rate,
    score,
)


def test_errors_are_counted_against_the_references_words() -> None:
    found = score("the cat sat on the mat", "the bat sat the mat today", "a")
    assert (found.substitutions, found.deletions, found.insertions) == (1, 1, 1)
    assert found.word_error_rate == pytest.approx(3 / 6)
    assert found.reference_words == 6


def test_the_alignment_shows_both_sides_of_every_difference() -> None:
    found = score("one two three", "one four three five", "a")
    assert [(p.difference, p.reference, p.hypothesis) for p in found.alignment] == [
        (Difference.EQUAL, ("one",), ("one",)),
        (Difference.SUBSTITUTED, ("two",), ("four",)),
        (Difference.EQUAL, ("three",), ("three",)),
        (Difference.INSERTED, (), ("five",)),
    ]


def test_case_and_punctuation_do_not_count_by_default() -> None:
    assert score("What’s UP, Doc?", "what's up doc", "a").word_error_rate == 0
    strict = score("What's up?", "what's up", "a", Normalization.NONE)
    assert strict.word_error_rate == 1


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It's 3.5 km — 'quite' far!", "it's 3 5 km quite far"),
        ("ﬁne\u00a0Straße", "fine strasse"),
        ("don’t_stop", "don't stop"),
        ("今日は、天気。", "今日は 天気"),
        ("…", ""),
    ],
)
def test_what_basic_normalization_leaves(text: str, plain: str) -> None:
    assert normalized(text) == plain


def test_a_missing_result_is_all_deletions() -> None:
    found = score("one two", "", "a")
    assert (found.word_error_rate, found.character_error_rate) == (1, 1)


def test_a_reference_without_words_has_no_rate() -> None:
    with pytest.raises(UsageError, match="no words"):
        score(" … ", "one", "a")


def test_the_pooled_rate_weighs_by_length() -> None:
    long = score("a b c d e f g h i j", "a b c d e f g h i j", "long")
    short = score("a", "b", "short")
    assert pooled_word_error_rate([long, short]) == pytest.approx(1 / 11)
