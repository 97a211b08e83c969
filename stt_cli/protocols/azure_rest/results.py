"""Transcripts of batch and fast transcription, and a batch job's report."""

from __future__ import annotations

from typing import Any

from stt_cli.core.errors import JobFailedError, ProviderError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import (
    Alternative,
    RecognitionStatus,
    Segment,
    Transcript,
    Word,
)
from stt_cli.protocols.azure_rest.durations import seconds_of
from stt_cli.protocols.json_fields import (
    Fields,
    integer,
    number,
    objects,
    string,
    text,
    unknown,
)

_FAST_TEXTS = frozenset({"phrases", "combinedPhrases"})
_LENGTH = frozenset(
    f"{name}{unit}"
    for name in ("offset", "duration")
    for unit in ("", "InTicks", "Milliseconds")
)
_FAST_KEYS = _FAST_TEXTS | _LENGTH
_BATCH_KEYS = _LENGTH | {
    "source",
    "timestamp",
    "combinedRecognizedPhrases",
    "recognizedPhrases",
}
_PHRASE_KEYS = _LENGTH | {
    "recognitionStatus",
    "speaker",
    "channel",
    "locale",
    "nBest",
    "text",
    "confidence",
    "words",
}
_READING_KEYS = frozenset(
    {
        "confidence",
        "lexical",
        "itn",
        "maskedITN",
        "display",
        "words",
        "displayWords",
        "displayPhraseElements",
    }
)
_WORD_KEYS = _LENGTH | {"word", "text", "displayText", "confidence"}


def parse_batch_result(
    body: Any, ids: Identifiers, *, keep_raw: bool = False
) -> Transcript:
    """Read one result file of a batch transcription.

    Phrases come grouped by channel and are put in order of time. ``nBest`` is in
    the service's order, whatever the confidences say.

    Raises:
        ProviderError: it is no such file.
    """
    if not isinstance(body, dict) or "recognizedPhrases" not in body:
        raise ProviderError("the result file is not a transcript", ids=ids)
    segments = [
        _batch_segment(phrase)
        for phrase in objects(body, "recognizedPhrases")
        if (text(phrase, "recognitionStatus") or "Success").lower() == "success"
    ]
    segments.sort(key=lambda segment: segment.start or 0.0)
    spoken = tuple(segment for segment in segments if segment.text)
    return Transcript(
        provider="azure",
        input=without_query(text(body, "source") or ""),
        status=RecognitionStatus.SUCCESS if spoken else RecognitionStatus.NO_MATCH,
        transport="batch",
        language=next((s.language for s in spoken if s.language), None),
        ids=ids,
        duration=seconds_of(body, "duration"),
        segments=spoken,
        details=unknown(body, _BATCH_KEYS),
        raw=(body,) if keep_raw else (),
    )


def parse_fast_result(
    body: Any,
    ids: Identifiers,
    *,
    name: str,
    language: str | None,
    keep_raw: bool = False,
) -> Transcript:
    """Read the answer of fast transcription, which has the display form only.

    Some models give no phrases, or phrases without times: then the segments have
    none either. What is not known here is kept in the details.

    Raises:
        ProviderError: it is no such answer.
    """
    if not isinstance(body, dict) or not _FAST_TEXTS & body.keys():
        raise ProviderError("the response is not a transcript", ids=ids)
    segments = [_fast_segment(phrase) for phrase in objects(body, "phrases")]
    segments.sort(key=lambda segment: segment.start or 0.0)
    spoken = tuple(segment for segment in segments if segment.text)
    if not spoken:
        spoken = _combined(body)
    return Transcript(
        provider="azure",
        input=name,
        status=RecognitionStatus.SUCCESS if spoken else RecognitionStatus.NO_MATCH,
        transport="fast",
        language=next((s.language for s in spoken if s.language), language),
        ids=ids,
        duration=seconds_of(body, "duration"),
        segments=spoken,
        details=unknown(body, _FAST_KEYS),
        raw=(body,) if keep_raw else (),
    )


def _combined(body: Fields) -> tuple[Segment, ...]:
    """Return the whole text, a segment a channel: nobody knows when it was said."""
    return tuple(
        Segment(text=whole, channel=integer(phrase, "channel"))
        for phrase in objects(body, "combinedPhrases")
        if (whole := text(phrase, "text"))
    )


def failed_recordings(report: Any, ids: Identifiers) -> tuple[Transcript, ...]:
    """Return the recordings that a job could not transcribe, from its report.

    A job succeeds although some, or all, of its recordings failed.
    """
    if not isinstance(report, dict):
        return ()
    return tuple(
        _failed(row, ids)
        for row in objects(report, "details")
        if (text(row, "status") or "").lower() == "failed"
    )


def without_query(url: str) -> str:
    """Return an address without its query: a SAS is a credential."""
    return url.partition("?")[0].partition("#")[0] if "://" in url else url


def _failed(row: Fields, ids: Identifiers) -> Transcript:
    source = without_query(text(row, "source") or "")
    error = JobFailedError(
        text(row, "errorMessage") or f"{source} could not be transcribed",
        hint="check the format of the recording, and that Azure can access its URL",
        provider_code=text(row, "errorKind"),
        ids=ids,
    )
    return Transcript(
        provider="azure",
        input=source,
        status=RecognitionStatus.FAILED,
        transport="batch",
        ids=ids,
        error=error,
    )


def _batch_segment(phrase: Fields) -> Segment:
    best = objects(phrase, "nBest")
    first: Fields = best[0] if best else {}
    start, length = seconds_of(phrase, "offset"), seconds_of(phrase, "duration")
    return Segment(
        text=_display(first),
        start=start,
        end=_end(start, length),
        confidence=number(first, "confidence"),
        speaker=text(phrase, "speaker"),
        channel=integer(phrase, "channel"),
        language=text(phrase, "locale"),
        words=_words(first),
        alternatives=tuple(
            Alternative(
                text=text(item, "display") or "",
                confidence=number(item, "confidence"),
                lexical=string(item, "lexical"),
                itn=string(item, "itn"),
                masked_itn=string(item, "maskedITN"),
            )
            for item in best
        ),
        details=unknown(phrase, _PHRASE_KEYS) | unknown(first, _READING_KEYS),
    )


def _display(best: Fields) -> str:
    """Return the display form; an empty one is all that removed profanity leaves."""
    shown = string(best, "display")
    return text(best, "lexical") or "" if shown is None else shown


def _fast_segment(phrase: Fields) -> Segment:
    start, length = seconds_of(phrase, "offset"), seconds_of(phrase, "duration")
    if not start and not length:
        start = None  # all zeros are no time either
    return Segment(
        text=string(phrase, "text") or "",
        start=start,
        end=_end(start, length),
        # Models of enhanced mode know none, and say 0 ("LLM Speech").
        confidence=number(phrase, "confidence") or None,
        speaker=text(phrase, "speaker"),
        channel=integer(phrase, "channel"),
        language=text(phrase, "locale"),
        words=_words(phrase),
        alternatives=tuple(
            Alternative(
                text=text(item, "text") or text(item, "display") or "",
                confidence=number(item, "confidence"),
                lexical=string(item, "lexical"),
                itn=string(item, "itn"),
                masked_itn=string(item, "maskedITN"),
            )
            for item in objects(phrase, "nBest")
        ),
        details=unknown(phrase, _PHRASE_KEYS),
    )


def _words(fields: Fields) -> tuple[Word, ...]:
    items = objects(fields, "words") or objects(fields, "displayWords")
    words = []
    for item in items:
        start, length = seconds_of(item, "offset"), seconds_of(item, "duration")
        shown = text(item, "word") or text(item, "text") or text(item, "displayText")
        words.append(
            Word(
                shown or "",
                start,
                _end(start, length),
                number(item, "confidence"),
                unknown(item, _WORD_KEYS),
            )
        )
    return tuple(words)


def _end(start: float | None, length: float | None) -> float | None:
    return None if start is None else start + (length or 0.0)
