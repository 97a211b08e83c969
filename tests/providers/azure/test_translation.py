"""Speech translation against the emulator, over real sockets."""

from __future__ import annotations

from typing import Any

import pytest

from stt_cli.core.errors import UsageError
from stt_cli.core.events import (
    Ended,
    Notice,
    Partial,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.options import Mode, TextForm, Transport
from tests.providers.azure.realtime_kit import (
    SECOND,
    recognized,
    serving,
    silence,
    texts,
    tone,
)

SPOKEN = "Hello. [de: Hallo.] [fr: Bonjour.] | See you. [de: Bis bald.]"
TWO_PHRASES = tone(1) + silence(0.7) + tone(1)


def translated(events: list[RecognitionEvent]) -> list[dict[str, str]]:
    return [dict(e.segment.translations) for e in events if isinstance(e, Phrase)]


@pytest.mark.conformance("TR-01")
def test_phrases_and_partials_come_with_their_translations() -> None:
    with serving(SPOKEN) as service:
        events = recognized(service, TWO_PHRASES, translate_to=("de", "fr"))
        sent = {entry["path"] for entry in service.journal.all("sent")}
    assert isinstance(events[0], Started)
    assert texts(events) == ["Hello.", "See you."]
    assert translated(events) == [
        {"de": "Hallo.", "fr": "Bonjour."},
        {"de": "Bis bald.", "fr": "See you. (fr)"},
    ]
    partials = [event for event in events if isinstance(event, Partial)]
    assert partials[0].translations == {"de": "hallo", "fr": "bonjour"}
    assert {"translation.hypothesis", "translation.phrase"} <= sent
    assert "speech.phrase" not in sent


def test_the_universal_path_is_asked_with_the_languages() -> None:
    with serving(SPOKEN) as service:
        recognized(service, tone(1), translate_to=("de",), language="en-GB")
        connect = service.journal.all("connect")[0]
        context = service.journal.all("speech.context")[0]["body"]
    assert connect["path"] == "/stt/speech/universal/v2"
    assert (connect["query"]["from"], connect["query"]["to"]) == ("en-GB", "de")
    assert context["translation"]["targetLanguages"] == ["de"]


def test_an_endpoint_of_translation_alone_is_told_by_its_query() -> None:
    with serving(SPOKEN) as service:
        path = "/speech/translation/cognitiveservices/v1"
        events = recognized(service.base_url + path, tone(1), translate_to=("de",))
    assert translated(events) == [{"de": "Hallo. Bis bald."}]


def test_without_partials_none_come() -> None:
    with serving(SPOKEN) as service:
        events = recognized(service, tone(1), translate_to=("de",), interim=False)
    assert not any(isinstance(event, Partial) for event in events)
    assert translated(events) == [{"de": "Hallo. Bis bald."}]


def test_the_language_is_found_among_candidates_and_translated() -> None:
    spoken = "[de-DE] Guten Tag. [fr: Bonjour.] | Hello. [fr: Salut.]"
    with serving(spoken) as service:
        events = recognized(
            service,
            TWO_PHRASES,
            translate_to=("fr",),
            language="en-US",
            candidates=("en-US", "de-DE"),
        )
        sent = {entry["path"] for entry in service.journal.all("sent")}
    assert translated(events) == [{"fr": "Bonjour."}, {"fr": "Salut."}]
    found = [e.segment.language for e in events if isinstance(e, Phrase)]
    assert found == ["de-DE", "en-US"]
    assert "translation.response" in sent


def test_one_utterance_is_translated_in_interactive_mode() -> None:
    with serving(SPOKEN) as service:
        events = recognized(
            service, TWO_PHRASES, translate_to=("de",), mode=Mode.INTERACTIVE
        )
    assert translated(events) == [{"de": "Hallo. Bis bald."}]


def test_a_language_unknown_to_the_service_costs_the_translation_not_the_text() -> None:
    with serving(SPOKEN) as service:
        events = recognized(service, TWO_PHRASES, translate_to=("de", "xx"))
    assert texts(events) == ["Hello.", "See you."]
    assert translated(events) == [{}, {}]
    notices = [event for event in events if isinstance(event, Notice)]
    assert len(notices) == 1  # for both phrases
    assert "into de, xx: Translation call failed" in notices[0].message
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.details == {"translation_failures": [notices[0].message]}


@pytest.mark.conformance("TR-01")
def test_a_broken_connection_is_taken_up_with_its_translations() -> None:
    faults = (f"drop-after:{2 * SECOND}",)
    with serving(SPOKEN, faults=faults) as service:
        events = recognized(service, TWO_PHRASES, translate_to=("de",))
        first, second = service.journal.wait_for("speech.context", 2)
        sessions = {entry["session"] for entry in service.journal.all("connect")}
    assert len(sessions) == 1
    assert "continuation" not in first["body"]
    assert second["body"]["continuation"]["audio"]
    assert second["body"]["translation"]["targetLanguages"] == ["de"]
    assert texts(events) == ["Hello.", "See you."]
    assert translated(events) == [{"de": "Hallo."}, {"de": "Bis bald."}]


def test_silence_is_silence_in_a_translation_too() -> None:
    with serving("[silence]") as service:
        events = recognized(service, silence(1), translate_to=("de",))
    assert texts(events) == []


def test_removed_profanity_is_removed_from_translations() -> None:
    from stt_cli.core.options import Profanity

    with serving("The damn cat.") as service:
        events = recognized(
            service, tone(1), translate_to=("de",), profanity=Profanity.REMOVED
        )
    assert translated(events) == [{"de": "The cat. (de)"}]


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"words": True}, "--words"),
        ({"detailed": True}, "--detailed"),
        ({"speakers": True}, "--speakers"),
        ({"text_form": TextForm.LEXICAL}, "--text-form"),
        ({"transport": Transport.REST}, "--translate-to"),
        ({"transport": Transport.FAST}, "--translate-to"),
    ],
)
def test_what_translation_lacks_is_refused_before_anything_is_sent(
    wish: dict[str, Any], named: str
) -> None:
    with serving(SPOKEN) as service:
        with pytest.raises(UsageError, match=named):
            recognized(service, tone(1), translate_to=("de",), **wish)
        assert service.journal.all("connect") == []


def test_the_socket_is_chosen_for_a_short_recording() -> None:
    with serving(SPOKEN) as service:
        events = recognized(
            service, tone(1), translate_to=("de",), transport=Transport.AUTO
        )
    assert isinstance(events[0], Started)
    assert (events[0].transport, events[0].reason) == (
        "websocket",
        "--translate-to requires the WebSocket",
    )
