"""Translation messages in each of their forms, read as one and written back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.events import Notice, Partial, Phrase, RecognitionEvent
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.protocols.usp.client_turn import ClientTurn, PhraseFault
from stt_cli.protocols.usp.framing import FramingError
from stt_cli.protocols.usp.messages import LanguageIdentification, TurnContext
from stt_cli.protocols.usp.translation import (
    PATHS,
    TranslationRequest,
    Translations,
    message,
    read_message,
    read_request,
)
from tests.protocols.test_usp_turn import said, started

NOW = datetime(2026, 11, 20, 14, 3, 5, tzinfo=UTC)
SPEECH = {
    "RecognitionStatus": "Success",
    "DisplayText": "Hello.",
    "Offset": 10_000_000,
    "Duration": 5_000_000,
}
BOTH = [{"Language": "de", "Text": "Hallo."}, {"Language": "fr", "Text": "Bonjour."}]
SHOWN = [{"Language": e["Language"], "DisplayText": e["Text"]} for e in BOTH]
OF_2019 = {
    "RecognitionStatus": "Success",
    "Text": "Hello.",
    "Offset": 10_000_000,
    "Duration": 5_000_000,
    "TranslationStatus": "Success",
    "Translations": BOTH,
}
OF_THE_SDK = {
    **{key: OF_2019[key] for key in ("RecognitionStatus", "Text", "Offset")},
    "Duration": 5_000_000,
    "Translation": {"TranslationStatus": "Success", "Translations": BOTH},
}
RESPONSE = {
    "Extensions": ["TranslationSourceRef", "SpeechPhrase"],
    "SpeechPhrase": {
        **SPEECH,
        "PrimaryLanguage": {"Language": "en-US", "Confidence": "High"},
    },
    "TranslationStatus": "Success",
    "Translations": SHOWN,
}


def translating(*targets: str, **more: Any) -> ClientTurn:
    return started(translate_to=targets or ("de", "fr"), **more)


def received(turn: ClientTurn, path: str, body: Any = None) -> list[RecognitionEvent]:
    return turn.receive(said(path, body), NOW)


@pytest.mark.conformance("TR-01")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("translation.phrase", OF_THE_SDK),
        ("translation.phrase", OF_2019),
        ("translation.response", RESPONSE),
    ],
)
def test_a_phrase_has_its_translations_in_each_form(path: str, body: Any) -> None:
    (event,) = received(translating(), path, body)
    assert isinstance(event, Phrase)
    assert (event.segment.text, event.segment.start, event.segment.end) == (
        "Hello.",
        1.0,
        1.5,
    )
    assert event.segment.translations == {"de": "Hallo.", "fr": "Bonjour."}
    assert event.segment.details == {}  # all of it is known


@pytest.mark.conformance("TR-01")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("translation.hypothesis", {"Text": "hello", "Translations": BOTH}),
        (
            "translation.hypothesis",
            {"Text": "hello", "Translation": {"Translations": BOTH}},
        ),
        (
            "translation.response",
            {"SpeechHypothesis": {"Text": "hello"}, "Translations": SHOWN},
        ),
    ],
)
def test_a_hypothesis_has_them_as_well(path: str, body: Any) -> None:
    (event,) = received(translating(), path, body)
    assert isinstance(event, Partial)
    assert event.text == "hello"
    assert event.translations == {"de": "Hallo.", "fr": "Bonjour."}


def test_the_language_found_is_the_phrases() -> None:
    (event,) = received(translating(), "translation.response", RESPONSE)
    assert isinstance(event, Phrase)
    assert event.segment.language == "en-US"


def test_raw_is_the_message_as_it_came() -> None:
    turn = translating(keep_raw=True)
    received(turn, "translation.response", RESPONSE)
    assert turn.raw == [RESPONSE]


def test_a_phrase_that_is_not_translated_is_kept_with_the_reason() -> None:
    failed = {"TranslationStatus": "Error", "FailureReason": "no such pair"}
    body = {**OF_THE_SDK, "Translation": failed}
    notice, event = received(translating(), "translation.phrase", body)
    assert isinstance(notice, Notice)
    assert notice.message == "no translation into de, fr: no such pair"
    assert isinstance(event, Phrase)
    assert (event.segment.text, event.segment.translations) == ("Hello.", {})


def test_a_language_that_is_missing_is_named() -> None:
    notice, event = received(
        translating("de", "fr", "fi"), "translation.phrase", OF_THE_SDK
    )
    assert isinstance(notice, Notice)
    assert notice.message == "no translation into fi"
    assert isinstance(event, Phrase)


def test_a_plain_phrase_waits_for_its_translation_and_is_told_once() -> None:
    turn = translating()
    assert received(turn, "speech.phrase", SPEECH) == []
    (event,) = received(turn, "translation.phrase", OF_THE_SDK)
    assert isinstance(event, Phrase)
    assert event.segment.translations == {"de": "Hallo.", "fr": "Bonjour."}
    assert received(turn, "turn.end") == []
    assert turn.outcomes == [RecognitionStatus.SUCCESS]


def test_a_plain_phrase_that_nobody_translates_is_not_lost() -> None:
    turn = translating()
    later = {**SPEECH, "Offset": 40_000_000, "DisplayText": "Bye."}
    received(turn, "speech.phrase", SPEECH)
    told = received(turn, "speech.phrase", later) + received(turn, "turn.end")
    phrases = [event.segment.text for event in told if isinstance(event, Phrase)]
    assert phrases == ["Hello.", "Bye."]
    assert turn.phrase_count == 2
    assert any(isinstance(event, Notice) for event in told)


def test_a_translation_of_another_phrase_does_not_swallow_the_one_that_waits() -> None:
    turn = translating()
    received(turn, "speech.phrase", {**SPEECH, "Offset": 1, "DisplayText": "Oh."})
    told = received(turn, "translation.phrase", OF_THE_SDK)
    phrases = [event.segment.text for event in told if isinstance(event, Phrase)]
    assert phrases == ["Oh.", "Hello."]


def test_plain_hypotheses_do_not_flicker_between_translated_ones() -> None:
    turn = translating()
    plain = {"Text": "hello", "Offset": 0, "Duration": 0}
    assert received(turn, "speech.hypothesis", plain)
    received(turn, "translation.hypothesis", {**plain, "Translations": BOTH})
    assert received(turn, "speech.hypothesis", plain) == []


@pytest.mark.parametrize("path", ["speech.phrase", "translation.phrase"])
def test_a_failure_of_the_service_ends_the_turn(path: str) -> None:
    with pytest.raises(PhraseFault):
        received(translating(), path, {"RecognitionStatus": "Error"})


def test_a_phrase_that_was_heard_before_a_reconnection_is_told_once() -> None:
    turn = translating(base_ticks=0, known_ticks=20_000_000)
    assert received(turn, "translation.phrase", OF_THE_SDK) == []


def test_a_response_about_something_else_is_passed_over() -> None:
    assert received(translating(), "translation.response", {"Other": {}}) == []


def test_a_body_that_is_no_object_is_a_framing_error() -> None:
    with pytest.raises(FramingError):
        received(translating(), "translation.phrase", [1])


@pytest.mark.parametrize(
    ("asked", "told", "found"),
    [
        (("de", "fr"), {"fr": "f", "de": "d"}, {"de": "d", "fr": "f"}),
        (("DE",), {"de": "d"}, {"DE": "d"}),
        (("de-DE",), {"de": "d"}, {"de-DE": "d"}),
        (("fr", "fr-CA"), {"fr-ca": "c", "fr": "f"}, {"fr": "f", "fr-CA": "c"}),
        (("de",), {"zz": "z", "de": "d"}, {"de": "d", "zz": "z"}),
        (("fi",), {"fil": "no"}, {"fil": "no"}),
    ],
)
def test_texts_stand_under_the_languages_that_were_asked_for(
    asked: tuple[str, ...], told: dict[str, str], found: dict[str, str]
) -> None:
    sorted_out = Translations(told).under(asked)
    assert list(sorted_out.items()) == list(found.items())


@pytest.mark.parametrize("as_response", [False, True])
@pytest.mark.parametrize("is_phrase", [False, True])
def test_what_is_written_is_read_back(as_response: bool, is_phrase: bool) -> None:
    translations = Translations({"de": "Hallo.", "zh-Hans": "你好。"})
    path, body = message(
        SPEECH, translations, is_phrase=is_phrase, as_response=as_response
    )
    found = read_message(path, body)
    assert found is not None
    assert (found.is_phrase, found.translations) == (is_phrase, translations)
    assert found.speech["DisplayText" if is_phrase else "Text"] == "Hello."


@pytest.mark.conformance("TR-01")
def test_the_context_asks_as_microsofts_sdk_does() -> None:
    context = TurnContext(
        "conversation", "en-US", translation=TranslationRequest(("de", "fr"))
    ).to_json()
    assert context["phraseDetection"]["onSuccess"] == {"action": "Translate"}
    assert context["phraseDetection"]["onInterim"] == {"action": "Translate"}
    assert context["translation"]["targetLanguages"] == ["de", "fr"]
    assert context["translation"]["output"]["includePassThroughResults"] is True
    assert read_request(context) == TranslationRequest(("de", "fr"))


def test_without_partials_only_phrases_are_translated() -> None:
    asked = TranslationRequest(("de",), interim=False)
    context = TurnContext("conversation", "en-US", translation=asked).to_json()
    assert "onInterim" not in context["phraseDetection"]
    assert read_request(context) == asked


def test_with_languages_to_choose_from_only_translations_are_told() -> None:
    context = TurnContext(
        "conversation",
        None,
        languages=LanguageIdentification(("en-US", "de-DE")),
        translation=TranslationRequest(("fr",)),
    ).to_json()
    assert context["phraseOutput"] == {
        "interimResults": {"resultType": "None"},
        "phraseResults": {"resultType": "None"},
    }


@pytest.mark.parametrize(
    "section", [{}, [], {"targetLanguages": []}, {"targetLanguages": [1]}]
)
def test_a_context_without_languages_is_refused(section: Any) -> None:
    with pytest.raises(ValueError, match="targetLanguages"):
        read_request({"translation": section})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*OF_2019, *RESPONSE, "Translation", "Language"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(path=st.sampled_from(PATHS), body=_json)
def test_whatever_comes_is_read_or_refused(path: str, body: Any) -> None:
    try:
        found = read_message(path, body)
    except ValueError:
        return
    if found is not None:
        assert all(isinstance(text, str) for text in found.translations.texts.values())
        found.translations.under(("de", "fr"))
