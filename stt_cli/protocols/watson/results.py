"""Watson's recognition results, of HTTP, sessions, WebSocket and jobs alike.

From "SpeechRecognitionResults" of IBM's reference. Every top-level key may be
missing: a message may carry only speaker labels, metrics or warnings, and a
result that tells of beginning speech has no alternatives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stt_cli.core.transcript import Alternative, Segment, Word
from stt_cli.protocols.json_fields import (
    Fields,
    as_number,
    flag,
    integer,
    items,
    mapping,
    number,
    objects,
    text,
    unknown,
)

_READ = ("results", "speaker_labels", "warnings", "result_index", "state")
_COLLECTED = ("keywords_result", "word_alternatives", "end_of_utterance")
_RESULT = ("alternatives", "final", "speech_begin_event", *_COLLECTED)
_ALTERNATIVE = ("transcript", "confidence", "timestamps", "word_confidence")


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """Who spoke from ``start`` to ``end`` (seconds); joined to words by both."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One result; ``is_final`` ones stay, others are hypotheses.

    ``details`` keeps what the JSON contract has no place for: keywords, word
    alternatives and why the utterance ended.
    """

    segment: Segment
    is_final: bool
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """One message or answer of the service, read.

    ``index`` counts utterances within one request only; the second request of
    a connection starts again. ``speech_begin`` is in seconds. ``details`` keeps
    metrics, and what newer services say.
    """

    utterances: tuple[Utterance, ...] = ()
    labels: tuple[SpeakerLabel, ...] = ()
    warnings: tuple[str, ...] = ()
    index: int = 0
    speech_begin: float | None = None
    details: dict[str, Any] = field(default_factory=dict)
    enriched: str | None = None


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A language that was heard, and how sure the service is, from 0 to 1."""

    tag: str
    confidence: float | None


def read_detected(fields: Fields) -> DetectedLanguage | None:
    """Return the last language of an answer of ``/v1/detect_language``, if any."""
    found = None
    for result in objects(fields, "results"):
        for info in objects(result, "language_info"):
            tag = text(info, "language")
            if tag is not None:
                found = DetectedLanguage(tag, number(info, "confidence"))
    return found


def read_results(fields: Fields) -> Results:
    """Read one object of results; what is missing or odd is left out."""
    results = objects(fields, "results")
    begins = [number(mapping(r, "speech_begin_event"), "begin") for r in results]
    utterances = (_utterance(result) for result in results)
    return Results(
        utterances=tuple(found for found in utterances if found is not None),
        labels=_labels(fields),
        warnings=read_warnings(fields),
        index=integer(fields, "result_index") or 0,
        speech_begin=next((begin for begin in begins if begin is not None), None),
        details=unknown(fields, _READ),
        enriched=_enriched(fields),
    )


def with_enriched_text(segments: Sequence[Segment], enriched: str) -> list[Segment]:
    """Return the segments with their share of the punctuated text.

    It comes as one text for all results. Where its words are not those of the
    results, one segment has all of it, from the first to the last.
    """
    words = enriched.split()
    counts = [len(segment.text.split()) for segment in segments]
    if sum(counts) != len(words):
        first, last = segments[0], segments[-1]
        every = tuple(word for segment in segments for word in segment.words)
        return [replace(first, text=enriched, end=last.end, words=every)]
    shared, at = [], 0
    for segment, count in zip(segments, counts, strict=True):
        shared.append(replace(segment, text=" ".join(words[at : at + count])))
        at += count
    return shared


def _enriched(fields: Fields) -> str | None:
    enriched = mapping(fields, "enriched_results")
    if text(enriched, "status") not in (None, "success"):
        return None
    return text(mapping(enriched, "transcript"), "text")


def read_warnings(fields: Fields) -> tuple[str, ...]:
    """Return the warnings: an array in recognition, a string in synthesis."""
    single = text(fields, "warnings")
    if single:
        return (single,)
    return tuple(str(item) for item in items(fields, "warnings") if item)


def with_speakers(
    segments: Sequence[Segment], labels: Iterable[SpeakerLabel]
) -> list[Segment]:
    """Return the segments split where the speaker changes.

    Labels stand beside the results and meet their words by exact start and end.
    The last label may come twice and a later one corrects an earlier one. A
    word without a label stays with the speaker before it.
    """
    by_time = {(label.start, label.end): label.speaker for label in labels}
    if not by_time:
        return list(segments)
    return [part for one in segments for part in _by_speaker(one, by_time)]


def _by_speaker(
    segment: Segment, by_time: dict[tuple[float, float], str]
) -> list[Segment]:
    runs: list[tuple[str | None, list[Word]]] = []
    for word in segment.words:
        speaker = by_time.get((word.start or 0.0, word.end or 0.0))
        if not runs:
            runs.append((speaker, [word]))
        elif speaker in (None, runs[-1][0]) or runs[-1][0] is None:
            runs[-1] = (runs[-1][0] or speaker, [*runs[-1][1], word])
        else:
            runs.append((speaker, [word]))
    if len(runs) <= 1:
        return [replace(segment, speaker=runs[0][0] if runs else None)]
    return [
        replace(
            segment,
            text=" ".join(word.text for word in words),
            start=words[0].start,
            end=words[-1].end,
            speaker=speaker,
            words=tuple(words),
            alternatives=(),
        )
        for speaker, words in runs
    ]


def _utterance(result: Fields) -> Utterance | None:
    alternatives = objects(result, "alternatives")
    if not alternatives:
        return None
    best = alternatives[0]
    words = _words(best)
    segment = Segment(
        text=_transcript(best),
        start=words[0].start if words else None,
        end=words[-1].end if words else None,
        confidence=number(best, "confidence"),
        words=words,
        alternatives=tuple(
            Alternative(_transcript(other), number(other, "confidence"))
            for other in alternatives
        ),
        details=unknown(result, _RESULT) | unknown(best, _ALTERNATIVE),
    )
    details = {name: result[name] for name in _COLLECTED if result.get(name)}
    return Utterance(segment, flag(result, "final"), details)


def _transcript(alternative: Fields) -> str:
    # Transcripts end in a blank, by which the service means to join them.
    return (text(alternative, "transcript") or "").strip()


def _words(best: Fields) -> tuple[Word, ...]:
    scores = [as_number(entry[1]) for entry in _entries(best, "word_confidence", 2)]
    words = []
    for at, entry in enumerate(_entries(best, "timestamps", 3)):
        score = scores[at] if at < len(scores) else None
        start, end = as_number(entry[1]), as_number(entry[2])
        words.append(Word(entry[0], start, end, score))
    return tuple(words)


def _entries(fields: Fields, name: str, length: int) -> list[Sequence[Any]]:
    return [
        entry
        for entry in items(fields, name)
        if isinstance(entry, list)
        and len(entry) >= length
        and isinstance(entry[0], str)
    ]


def _labels(fields: Fields) -> tuple[SpeakerLabel, ...]:
    labels = []
    for entry in objects(fields, "speaker_labels"):
        start, end = number(entry, "from"), number(entry, "to")
        speaker = text(entry, "speaker")
        if start is not None and end is not None and speaker is not None:
            labels.append(SpeakerLabel(start, end, speaker))
    return tuple(labels)
