"""The query form of LUIS (version 2), which private services such as Rasa take too.

A GET with the phrase as ``q`` is answered by JSON: ``topScoringIntent`` with its
name and score, and ``entities`` with the characters of the query that they are
(``endIndex`` is the last one). What patterns on this machine find has the same form.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from stt_cli.core.errors import ProviderError
from stt_cli.protocols.intents.patterns import Match

KEY_HEADER = "Ocp-Apim-Subscription-Key"
KEY_PARAMETER = "subscription-key"
NO_INTENT = "None"
LONGEST_ANSWER = 1 << 20  # bytes; real ones have a few hundred


def query_url(url: str, text: str) -> str:
    """Return the address that asks for a phrase's intent.

    ``q`` is set where the address has it already, and added at its end otherwise.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "q"]
    query = urlencode([*kept, ("q", text)], quote_via=quote)
    return urlunsplit(parts._replace(query=query, fragment=""))


def parse_answer(body: bytes) -> dict[str, Any]:
    """Return a service's answer as it is.

    Raises:
        ProviderError: it is no JSON object.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise ProviderError("the intent service did not return JSON") from fault
    if not isinstance(answer, dict):
        raise ProviderError("the intent service did not return a JSON object")
    return answer


def intent_name(answer: dict[str, Any]) -> str | None:
    """Return the name of the intent that an answer is sure of, ``None`` without one.

    LUIS version 2, LUIS version 3 and Rasa each have it at a place of their own.
    """
    prediction = answer.get("prediction")
    for found in (
        _name_in(answer.get("topScoringIntent"), "intent"),
        _name_in(prediction, "topIntent"),
        _name_in(answer.get("intent"), "name"),
    ):
        if found:
            return None if found == NO_INTENT else found
    return None


def slots_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the names and values of the entities that an answer found.

    LUIS names an entity's kind ``type`` and Rasa ``entity``.
    """
    found = []
    entities = answer.get("entities")
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, dict):
            continue
        is_rasa = "value" in entity
        name = entity.get("entity" if is_rasa else "type")
        value = entity.get("value" if is_rasa else "entity")
        if isinstance(name, str) and isinstance(value, str | int | float):
            found.append((name, str(value)))
    return found


def answer_of(query: str, found: Match | None) -> dict[str, Any]:
    """Return the answer for a phrase, as LUIS has it; no match is the intent None."""
    return {
        "query": query,
        "topScoringIntent": {
            "intent": found.intent if found else NO_INTENT,
            "score": 1.0 if found else 0.0,
        },
        "entities": [
            {
                "entity": slot.value.lower(),
                "type": slot.name,
                "startIndex": slot.start,
                "endIndex": slot.end - 1,
            }
            for slot in (found.slots if found else ())
        ],
    }


def _name_in(value: object, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
