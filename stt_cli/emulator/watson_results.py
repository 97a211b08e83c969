"""What the emulated Watson heard, as its results; what was asked for is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stt_cli.emulator.transcribe import BYTES_A_SECOND, Heard

_CONFIDENCE = 0.94
_WORD_CONFIDENCE = 0.9
_MASK = "****"
_SWEAR_WORDS = frozenset({"damn", "bloody", "shit", "fuck"})


def results_of(
    heard: Sequence[Heard], seconds: float, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all final results of a recording as one object."""
    spans = spans_of(heard, seconds)
    answer: dict[str, Any] = {
        "result_index": 0,
        "results": [
            final_result(phrase, start, end, values)
            for phrase, (start, end) in zip(heard, spans, strict=True)
        ],
    }
    if values.get("speaker_labels"):
        answer["speaker_labels"] = speaker_labels(heard, spans)
    return answer


def spans_of(heard: Sequence[Heard], seconds: float) -> list[tuple[float, float]]:
    """Return when each phrase was said: one after the other, over the whole."""
    step = seconds / max(len(heard), 1)
    return [(at * step, (at + 1) * step) for at in range(len(heard))]


def final_result(
    phrase: Heard, start: float, end: float, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return one utterance's final result."""
    words = phrase.timed(start, end)
    shown = [_masked(word.text, values) for word in words]
    best: dict[str, Any] = {"transcript": _sentence(shown), "confidence": _CONFIDENCE}
    if values.get("timestamps") or values.get("speaker_labels"):
        best["timestamps"] = [
            [text, _time(word.start), _time(word.end)]
            for text, word in zip(shown, words, strict=True)
        ]
    if values.get("word_confidence"):
        best["word_confidence"] = [[text, _WORD_CONFIDENCE] for text in shown]
    count = max(int(values.get("max_alternatives") or 1), 1)
    others = [{"transcript": _sentence(shown)} for _ in range(min(count, 3) - 1)]
    result: dict[str, Any] = {"final": True, "alternatives": [best, *others]}
    found = _keywords(values, words, shown)
    if found is not None:
        result["keywords_result"] = found
    if values.get("split_transcript_at_phrase_end"):
        result["end_of_utterance"] = "silence"
    return result


def interim_result(phrase: Heard, said: int, values: Mapping[str, Any]) -> Any:
    """Return a hypothesis of the first ``said`` words."""
    shown = [_masked(text, values) for text in phrase.lexical.split()[:said]]
    return {"final": False, "alternatives": [{"transcript": _sentence(shown)}]}


def speaker_labels(
    heard: Sequence[Heard], spans: Sequence[tuple[float, float]]
) -> list[dict[str, Any]]:
    """Return labels beside the results: the speakers take turns by phrase."""
    labels = [
        {
            "from": _time(word.start),
            "to": _time(word.end),
            "speaker": at % 2,
            "confidence": 0.5,
            "final": False,
        }
        for at, (phrase, span) in enumerate(zip(heard, spans, strict=True))
        for word in phrase.timed(*span)
    ]
    if labels:
        labels[-1]["final"] = True
    return labels


def seconds_of_pcm(pcm: bytes) -> float:
    """Return the length of 16 kHz mono PCM."""
    return len(pcm) / BYTES_A_SECOND


def _keywords(values: Mapping[str, Any], words: Any, shown: list[str]) -> Any:
    wanted = values.get("keywords")
    if not wanted:
        return None
    return {
        keyword: [
            {
                "normalized_text": keyword,
                "start_time": _time(word.start),
                "end_time": _time(word.end),
                "confidence": _WORD_CONFIDENCE,
            }
            for text, word in zip(shown, words, strict=True)
            if text == keyword
        ]
        for keyword in wanted
        if keyword in shown
    }


def _sentence(words: list[str]) -> str:
    # The service ends every transcript in a blank.
    return " ".join(words) + " "


def _masked(text: str, values: Mapping[str, Any]) -> str:
    if values.get("profanity_filter", True) and text.lower() in _SWEAR_WORDS:
        return _MASK
    return text


def _time(seconds: float | None) -> float:
    return round(seconds or 0.0, 2)
