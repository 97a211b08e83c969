"""Results as the service words them: simple, detailed, masked."""

from __future__ import annotations

import re
from typing import Any

from stt_cli.emulator.transcribe import Heard
from stt_cli.protocols.usp.limits import seconds_to_ticks

_PROFANITY = re.compile(r"\b(damn|damned|crap|bloody)\b", re.IGNORECASE)
MARKERS = {
    "[silence]": "InitialSilenceTimeout",
    "[babble]": "BabbleTimeout",
    "[nomatch]": "NoMatch",
    "[error]": "Error",
}
"""Given transcripts that stand for a status instead of words."""


def has_profanity(text: str) -> bool:
    """Whether a swear word of the emulator's short list is in it."""
    return _PROFANITY.search(text) is not None


def masked(text: str, profanity: str) -> str:
    """Return the text with swear words as the setting wants them."""
    if profanity == "raw":
        return text
    if profanity == "removed":
        return " ".join(_PROFANITY.sub("", text).split())
    return _PROFANITY.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 1), text)


def status_result(status: str, start: float, end: float) -> dict[str, Any]:
    """Return a phrase that has no text."""
    return {
        "RecognitionStatus": status,
        "Offset": seconds_to_ticks(start),
        "Duration": seconds_to_ticks(end - start),
    }


def phrase_result(
    heard: Heard,
    start: float,
    end: float,
    *,
    detailed: bool,
    words: bool,
    profanity: str,
) -> dict[str, Any]:
    """Return the body of a successful speech.phrase, or of a REST answer."""
    body = status_result("Success", start, end)
    display = masked(heard.text, profanity)
    if not detailed:
        return {**body, "DisplayText": display}
    lexical = heard.lexical
    best: dict[str, Any] = {
        "Confidence": 0.94,
        "Lexical": lexical,
        "ITN": lexical,
        "MaskedITN": masked(lexical, profanity),
        "Display": display,
    }
    if words:
        best["Words"] = [
            {
                "Word": word.text,
                "Offset": seconds_to_ticks(word.start or 0.0),
                "Duration": seconds_to_ticks((word.end or 0.0) - (word.start or 0.0)),
            }
            for word in heard.timed(start, end)
        ]
    second = {**best, "Confidence": 0.71, "Display": display.lower()}
    return {**body, "NBest": [best, second]}


def hypothesis(text: str, start: float, end: float) -> dict[str, Any]:
    """Return the body of a speech.hypothesis: no capitals, no punctuation."""
    return {
        "Text": text,
        "Offset": seconds_to_ticks(start),
        "Duration": seconds_to_ticks(end - start),
    }
