"""Segments of tokens, and the translations that belong to them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stt_cli.protocols.soniox.segments import SegmentBuilder, segments_of
from stt_cli.protocols.soniox.tokens import ENDPOINT_MARK, Token

END = Token(ENDPOINT_MARK, is_final=True)


def said(text: str, start: float, speaker: str | None = None) -> Token:
    return Token(
        text,
        start,
        start + 0.2,
        speaker=speaker,
        language="en",
        translation_status="original",
    )


def translated(text: str, language: str = "fr", speaker: str | None = None) -> Token:
    return Token(
        text,
        speaker=speaker,
        language=language,
        translation_status="translation",
    )


def found(*tokens: Token, **more: Any) -> list[tuple[str, dict[str, str]]]:
    return [(s.text, dict(s.translations)) for s in segments_of(tokens, **more)]


def test_a_translation_stands_beside_what_it_translates() -> None:
    assert found(
        said("Good", 0.0),
        said(" day.", 0.2),
        translated("Bon"),
        translated("jour."),
        said(" All", 1.0),
        translated(" Tous"),
    ) == [("Good day.", {"fr": "Bonjour."}), ("All", {"fr": "Tous"})]


def test_speech_that_goes_on_has_one_translation() -> None:
    assert found(
        said("Good", 0.0),
        translated("Bonne"),
        said(" day", 0.2),
        translated(" journée"),
    ) == [("Good day", {"fr": "Bonne journée"})]


def test_a_pause_before_the_translation_divides_neither() -> None:
    assert found(said("One.", 0.0), said(" Two.", 3.0), translated("Un. Deux.")) == [
        ("One. Two.", {"fr": "Un. Deux."})
    ]


def test_each_speaker_has_the_translation_that_names_them() -> None:
    assert found(
        said("Yes.", 0.0, "1"),
        said(" No.", 0.3, "2"),
        translated("Oui.", speaker="1"),
        translated(" Non.", speaker="2"),
    ) == [("Yes.", {"fr": "Oui."}), ("No.", {"fr": "Non."})]


def test_segments_without_translation_do_not_wait() -> None:
    builder = SegmentBuilder()
    assert builder.feed(Token("One.", 0.0, 0.2, translation_status="none")) == []
    (done,) = builder.feed(Token(" Two.", 3.0, 3.2, translation_status="none"))
    assert (done.text, done.translations) == ("One.", {})


def test_an_endpoint_ends_the_wait() -> None:
    assert found(said("One.", 0.0), END, translated("Un."), said("Two.", 2.0)) == [
        ("One.", {}),
        ("", {"fr": "Un."}),
        ("Two.", {}),
    ]


def test_translations_are_called_as_they_were_asked_for() -> None:
    tokens = (said("Yes.", 0.0), translated("Oui."), translated("", "fr"))
    assert found(*tokens, tags={"fr": "fr-CA"}) == [("Yes.", {"fr-CA": "Oui."})]


def test_the_live_view_has_what_is_tentative_too() -> None:
    builder = SegmentBuilder()
    builder.feed(said("Good", 0.0))
    builder.feed(translated("Bon"))
    assert builder.text == "Good"
    assert builder.translations_with([translated("jour")]) == {"fr": "Bonjour"}


TOKENS = st.lists(
    st.builds(
        Token,
        st.sampled_from(["a", " b.", "c", " ", ENDPOINT_MARK]),
        st.one_of(st.none(), st.floats(0, 9)),
        st.one_of(st.none(), st.floats(0, 9)),
        speaker=st.sampled_from([None, "1", "2"]),
        language=st.sampled_from([None, "en", "fr"]),
        translation_status=st.sampled_from([None, "none", "original", "translation"]),
    ),
    max_size=30,
)


@given(TOKENS)
def test_no_piece_is_lost_whatever_the_order(tokens: list[Token]) -> None:
    segments = segments_of(tokens)
    marks = [token for token in tokens if not token.is_mark]
    spoken = "".join(t.text for t in marks if not t.is_translation)
    other = "".join(t.text for t in marks if t.is_translation)
    assert "".join("".join(s.text for s in segments).split()) == "".join(spoken.split())
    kept = "".join(text for s in segments for text in s.translations.values())
    assert sorted("".join(kept.split())) == sorted("".join(other.split()))
