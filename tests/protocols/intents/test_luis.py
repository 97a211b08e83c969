"""The query form of LUIS, and where services have the intent in their answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt_cli.core.errors import ProviderError
from stt_cli.protocols.intents.luis import (
    answer_of,
    intent_name,
    parse_answer,
    query_url,
    slots_of,
)
from stt_cli.protocols.intents.patterns import match, parse_patterns


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://h/x", "http://h/x?q=a%20b%26c"),
        ("http://h/x?q=", "http://h/x?q=a%20b%26c"),
        ("http://h/x?verbose=true&q=old", "http://h/x?verbose=true&q=a%20b%26c"),
        ("http://h/x?key=1#part", "http://h/x?key=1&q=a%20b%26c"),
    ],
)
def test_the_phrase_is_the_parameter_q(url: str, asked: str) -> None:
    assert query_url(url, "a b&c") == asked


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_any_phrase_arrives_as_it_was_said(text: str) -> None:
    query = urlsplit(query_url("http://h/?a=1", text)).query
    assert parse_qsl(query, keep_blank_values=True) == [("a", "1"), ("q", text)]


LUIS_2 = {
    "query": "go to floor 5",
    "topScoringIntent": {"intent": "Go", "score": 0.9},
    "entities": [{"entity": "5", "type": "floor", "startIndex": 12, "endIndex": 12}],
}
LUIS_3 = {"query": "x", "prediction": {"topIntent": "Go", "entities": {"floor": ["5"]}}}
RASA = {
    "text": "x",
    "intent": {"name": "Go", "confidence": 0.9},
    "entities": [{"entity": "floor", "value": "5"}],
}


@pytest.mark.conformance("IN-01")
@pytest.mark.parametrize(
    ("answer", "name", "slots"),
    [
        (LUIS_2, "Go", [("floor", "5")]),
        (LUIS_3, "Go", []),
        (RASA, "Go", [("floor", "5")]),
        ({"topScoringIntent": {"intent": "None", "score": 0.1}}, None, []),
        ({"topScoringIntent": None, "entities": {"odd": 1}}, None, []),
        ({"intent": "Go", "entities": [1, {"type": 2}]}, None, []),
        ({}, None, []),
    ],
)
def test_the_intent_is_found_where_a_service_has_it(
    answer: dict[str, Any], name: str | None, slots: list[tuple[str, str]]
) -> None:
    assert intent_name(answer) == name
    assert slots_of(answer) == slots


def test_a_match_has_the_form_of_a_services_answer() -> None:
    text = "Go to floor 5"
    patterns = parse_patterns("[Go]\ngo to floor {floor}", "f")
    answer = answer_of(text, match(text, patterns))
    assert answer == {
        "query": text,
        "topScoringIntent": {"intent": "Go", "score": 1.0},
        "entities": LUIS_2["entities"],
    }
    assert intent_name(answer_of("what?", None)) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'"x"', b"\xff", b"[" * 9999])
def test_what_is_no_json_object_is_no_answer(body: bytes) -> None:
    with pytest.raises(ProviderError):
        parse_answer(body)
