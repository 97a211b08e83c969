"""Audio that the emulated Watson is sent: checked, decoded, recognized, described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stt_cli.emulator.decoding import RawAudio, pcm_of
from stt_cli.emulator.hearing import Ear, Heard, seconds_of_pcm
from stt_cli.protocols.watson.requests import LARGEST_AUDIO, SMALLEST_AUDIO

_RAW = ("audio/l16", "audio/mulaw", "audio/alaw", "audio/basic")
_CONTAINERS = (
    "audio/wav", "audio/flac", "audio/mp3", "audio/mpeg", "audio/ogg", "audio/webm",
    "application/octet-stream",
)  # fmt: skip
_CONFIDENCE = 0.94
_WORD_CONFIDENCE = 0.9
_MASK = "****"
_SWEAR_WORDS = frozenset({"damn", "bloody", "shit", "fuck"})


class Refused(Exception):  # noqa: N818 - what happened
    """The service does not take this audio."""

    def __init__(self, status: int, words: str, **more: Any) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.more = more


@dataclass(frozen=True, slots=True)
class Listened:
    """What was heard in one recording of ``seconds``."""

    phrases: list[Heard]
    seconds: float


def check_type(content_type: str | None, *, parts: bool = False) -> dict[str, str]:
    """Return a media type's parameters, its name under an empty key.

    Raises:
        Refused: the service does not know the type, or its rate is missing.
    """
    name, *rest = (part.strip() for part in (content_type or "").split(";"))
    given = dict(part.partition("=")[::2] for part in rest if part)
    if not name:
        if parts:
            raise Refused(400, "part_content_type is missing in the metadata")
        return {"": "application/octet-stream"}
    if name.lower() not in (*_RAW, *_CONTAINERS):
        raise Refused(415, f"unsupported media type: {name}")
    if name in ("audio/l16", "audio/mulaw", "audio/alaw") and "rate" not in given:
        raise Refused(400, f"the rate parameter is missing in {name}")
    return {"": name.lower(), **given}


def listen(ear: Ear, data: bytes, content_type: str | None) -> Listened:
    """Recognize a recording.

    Raises:
        Refused: too short, too long, or no audio of that type.
    """
    check_size(len(data))
    given = check_type(content_type)
    pcm = _decoded(data, given)
    if pcm is None:
        name = given[""]
        raise Refused(
            400, f"unable to transcode data stream {name} -> audio/x-float-array "
        )
    phrases = ear.given()
    if phrases is None:
        phrases = ear.hear(pcm)
    return Listened(phrases, seconds_of_pcm(pcm))


def check_size(size: int) -> None:
    """Raise ``Refused`` for audio below or above the service's limits."""
    if size < SMALLEST_AUDIO:
        raise Refused(
            400,
            f"Stream was {size} bytes but needs to be at least {SMALLEST_AUDIO} bytes.",
        )
    if size > LARGEST_AUDIO:
        raise Refused(
            413, f"Session closed. Reason: Payload exceeds the {LARGEST_AUDIO} bytes "
            "limit.",
        )  # fmt: skip


def _decoded(data: bytes, given: dict[str, str]) -> bytes | None:
    if given[""] not in _RAW:
        return pcm_of(data)
    subtype = {"audio/l16": "PCM_16", "audio/alaw": "ALAW"}.get(given[""], "ULAW")
    raw = RawAudio(
        subtype,
        rate=int(given.get("rate", "8000")),
        channels=int(given.get("channels", "1")),
        big_endian=given.get("endianness") == "big-endian",
    )
    return pcm_of(data, raw)


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
    if values.get("enrichments") and heard:
        answer["enriched_results"] = {
            "transcript": {
                "text": " ".join(phrase.text for phrase in heard),
                "timestamp": {"from": 0.0, "to": _time(seconds)},
            },
            "status": "success",
        }
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
