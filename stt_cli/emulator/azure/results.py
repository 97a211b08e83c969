"""What was heard, as the services word it: phrases, batch files, fast answers."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from stt_cli.emulator.azure.rules import is_translated_to
from stt_cli.emulator.hearing import Heard, language_found
from stt_cli.protocols.azure_rest.durations import TICKS_A_SECOND
from stt_cli.protocols.usp.limits import seconds_to_ticks
from stt_cli.protocols.usp.translation import Translations

_PROFANITY = re.compile(r"\b(damn|damned|crap|bloody)\b", re.IGNORECASE)
MARKERS = {
    "[silence]": "InitialSilenceTimeout",
    "[babble]": "BabbleTimeout",
    "[nomatch]": "NoMatch",
    "[error]": "Error",
}
"""Given transcripts that stand for a status instead of words."""

NOT_TRANSLATED = (
    "Translation call failed: Response status code does not indicate success: "
    "400 (Bad Request)."
)
"""What the service says of a language that it does not translate into."""

_ANY_LOCALE = "en-US"
_MASKS = {"Masked": "masked", "Removed": "removed", "None": "raw", "Tags": "raw"}


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


def translations_of(
    heard: Heard,
    targets: Sequence[str],
    count: int | None = None,
    *,
    profanity: str = "raw",
) -> Translations:
    """Return a phrase in other languages.

    One language that the service cannot translate into leaves all of them without
    a text, as Microsoft's issues 1028 (JavaScript SDK) and 1002 (samples) show.

    Args:
        count: of a hypothesis, so many words in lower case; ``None`` for all of it.
    """
    if not all(map(is_translated_to, targets)):
        return Translations(failure=NOT_TRANSLATED)
    texts = {tag: masked(heard.translated(tag), profanity) for tag in targets}
    if count is not None:
        spoken = {tag: Heard(text).lexical.split() for tag, text in texts.items()}
        texts = {tag: " ".join(words[:count]) for tag, words in spoken.items()}
    return Translations(texts)


def result_file(
    source: str,
    phrases: list[Heard],
    seconds: float,
    properties: Mapping[str, Any],
    *,
    dated: bool,
) -> dict[str, Any]:
    """Return the result of one recording; dated versions add milliseconds."""
    channels = properties.get("channels") or [0]
    step = seconds / max(len(phrases), 1)
    recognized = [
        _phrase(phrase, at * step, step, channel, properties, dated=dated)
        for channel in channels
        for at, phrase in enumerate(phrases)
    ]
    combined = [
        {
            "channel": channel,
            "lexical": " ".join(p.lexical for p in phrases),
            "itn": " ".join(p.lexical for p in phrases),
            "maskedITN": " ".join(p.lexical for p in phrases),
            "display": " ".join(p.text for p in phrases),
        }
        for channel in channels
    ]
    return {
        "source": source,
        "timestamp": iso_moment(time.time()),
        "durationInTicks": round(seconds * TICKS_A_SECOND),
        **({"durationMilliseconds": round(seconds * 1000)} if dated else {}),
        "duration": iso_duration(seconds),
        "combinedRecognizedPhrases": combined,
        "recognizedPhrases": recognized,
    }


def report_file(rows: list[tuple[str, str | None]]) -> dict[str, Any]:
    """Return the report of a job: each source, and why it failed if it did."""
    details = []
    for source, why in rows:
        row = {"sourceUrl": source, "source": source, "status": "Succeeded"}
        if why is not None:
            row |= {
                "status": "Failed",
                "errorKind": "InvalidAudio",
                "errorMessage": why,
            }
        details.append(row)
    failed = sum(why is not None for _, why in rows)
    return {
        "successfulTranscriptionsCount": len(rows) - failed,
        "failedTranscriptionsCount": failed,
        "details": details,
    }


def iso_duration(seconds: float) -> str:
    """Return a duration as ISO 8601, ``PT1H2M3.4S``."""
    whole = f"{seconds % 60:.2f}".rstrip("0").rstrip(".")
    hours, minutes = int(seconds // 3600), int(seconds % 3600 // 60)
    parts = f"{hours}H" if hours else ""
    return f"PT{parts}{f'{minutes}M' if minutes else ''}{whole}S"


def _phrase(
    heard: Heard,
    start: float,
    length: float,
    channel: int,
    properties: Mapping[str, Any],
    *,
    dated: bool,
) -> dict[str, Any]:
    profanity = _MASKS.get(properties.get("profanityFilterMode", "Masked"), "masked")
    display = masked(heard.text, profanity)
    best: dict[str, Any] = {
        "confidence": 0.91,
        "lexical": heard.lexical,
        "itn": heard.lexical,
        "maskedITN": masked(heard.lexical, profanity),
        "display": display,
    }
    if properties.get("wordLevelTimestampsEnabled"):
        best["words"] = [
            {
                "word": word.text,
                **_times(word.start or 0.0, word.end or 0.0, dated=dated),
                "confidence": 0.9,
            }
            for word in heard.timed(start, start + length)
        ]
    phrase: dict[str, Any] = {
        "recognitionStatus": "Success",
        "channel": channel,
        **_times(start, start + length, dated=dated),
        "nBest": [best, {**best, "confidence": 0.95, "display": display.lower()}],
    }
    identification = properties.get("languageIdentification") or {}
    if candidates := identification.get("candidateLocales"):
        phrase["locale"] = language_found(heard, candidates)
    diarization = properties.get("diarization") or {}
    if properties.get("diarizationEnabled") or diarization.get("enabled"):
        phrase["speaker"] = 1
    return phrase


def _times(start: float, end: float, *, dated: bool) -> dict[str, Any]:
    length = end - start
    return {
        **(_milliseconds(start, end) if dated else {}),
        "offset": iso_duration(start),
        "duration": iso_duration(length),
        "offsetInTicks": float(round(start * TICKS_A_SECOND)),
        "durationInTicks": float(round(length * TICKS_A_SECOND)),
    }


def iso_moment(seconds: float) -> str:
    """Return a time of the epoch as ISO 8601, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fast_phrases(
    heard: list[Heard], seconds: float, profanity: str, locales: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the phrases of a fast transcription, in milliseconds.

    Args:
        locales: those to choose from; with none, it may be any.
    """
    step = seconds / max(len(heard), 1)
    mode = _MASKS.get(profanity, "masked")
    phrases = [
        {
            **_milliseconds(at * step, (at + 1) * step),
            "text": masked(phrase.text, mode),
            "words": [
                {
                    "text": word.text,
                    **_milliseconds(word.start or 0.0, word.end or 0.0),
                }
                for word in phrase.timed(at * step, (at + 1) * step)
            ],
            "locale": language_found(phrase, locales) or _ANY_LOCALE,
            "confidence": 0.93,
        }
        for at, phrase in enumerate(heard)
    ]
    return [phrase for phrase in phrases if phrase["text"]]


def _milliseconds(start: float, end: float) -> dict[str, int]:
    return {
        "offsetMilliseconds": round(start * 1000),
        "durationMilliseconds": round((end - start) * 1000),
    }
