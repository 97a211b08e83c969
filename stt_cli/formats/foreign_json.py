"""Results in JSON that others wrote: the services' own answers, and Whisper's kin.

The services' shapes are read by their protocols' own codecs, as during a run.
Whisper's are those of openai/whisper (``utils.py``, WriteJSON), of OpenAI's API
(``verbose_json``), of whisperX (words with ``score`` and ``speaker``) and of
whisper.cpp (``output_json`` in ``examples/cli``, ``offsets`` in milliseconds).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript, Word
from stt_cli.protocols.azure_rest.results import parse_batch_result, parse_fast_result
from stt_cli.protocols.json_fields import (
    Fields,
    mapping,
    number,
    objects,
    text,
    unknown,
)
from stt_cli.protocols.scriptix.documents import read_document
from stt_cli.protocols.scriptix.results import read_result
from stt_cli.protocols.soniox.segments import segments_of
from stt_cli.protocols.soniox.tokens import Token
from stt_cli.protocols.usp.results import parse_phrase
from stt_cli.protocols.watson.results import read_results, with_speakers

_FAST_TEXTS = frozenset({"phrases", "combinedPhrases"})
_WHISPER = ("text", "language", "duration", "segments", "words")
_WHISPER_SEGMENT = ("text", "start", "end", "speaker", "words")
_WHISPER_WORD = ("word", "start", "end", "score", "probability")
_WHISPER_CPP = ("text", "offsets", "timestamps", "speaker")
_TEXT_ALONE = {"text", "usage", "logprobs"}


def read_foreign_json(values: Sequence[Any], name: str) -> list[Transcript]:
    """Return the transcripts that these objects are; none for no known shape.

    Args:
        values: whole results, each a transcript, or the messages of one
            recognition in order, as ``--raw`` keeps them.
        name: the input's name where a result has none.
    """
    parts = [value for value in values if isinstance(value, dict)]
    for looks_right, read, is_whole in _SHAPES:
        ours = [part for part in parts if looks_right(part)]
        if ours:
            groups = [[part] for part in ours] if is_whole else [ours]
            return [read(group, name) for group in groups]
    return []


def _azure_batch(parts: Sequence[Fields], name: str) -> Transcript:
    found = parse_batch_result(parts[0], Identifiers())
    return found if found.input else _named(found, name)


def _azure_fast(parts: Sequence[Fields], name: str) -> Transcript:
    return parse_fast_result(parts[0], Identifiers(), name=name, language=None)


def _azure_phrases(parts: Sequence[Fields], name: str) -> Transcript:
    phrases = [parse_phrase(part) for part in parts]
    return _transcript("azure", name, [phrase.segment for phrase in phrases])


def _watson(parts: Sequence[Fields], name: str) -> Transcript:
    read = [read_results(part) for part in parts]
    final = [one.segment for part in read for one in part.utterances if one.is_final]
    labels = [label for part in read for label in part.labels]
    return _transcript("watson", name, with_speakers(final, labels))


def _soniox(parts: Sequence[Fields], name: str) -> Transcript:
    tokens = [
        Token.read(fields) for part in parts for fields in objects(part, "tokens")
    ]
    # A live stream sends each token again until it is final; a stored transcript
    # has no such mark, and is final as a whole.
    if any(token.is_final for token in tokens):
        tokens = [token for token in tokens if token.is_final]
    segments = segments_of(tokens)
    whole = (text(parts[0], "text") or "").strip()
    if not segments and whole:
        segments = [Segment(whole)]
    return _transcript("soniox", name, segments)


def _scriptix_result(parts: Sequence[Fields], name: str) -> Transcript:
    segments = [segment for part in parts for segment in read_result(part)]
    return _transcript("scriptix", name, segments)


def _scriptix_document(parts: Sequence[Fields], name: str) -> Transcript:
    document = read_document(parts[0])
    return _transcript("scriptix", name, document.segments, language=document.language)


def _whisper(parts: Sequence[Fields], name: str) -> Transcript:
    body = parts[0]
    segments = [_whisper_segment(one) for one in objects(body, "segments")]
    loose = tuple(_whisper_word(word) for word in objects(body, "words"))
    if len(segments) <= 1 and loose:  # OpenAI's API gives words beside the segments
        only = segments[0] if segments else Segment(text(body, "text") or "")
        segments = [_with_words(only, loose)]
    whole = (text(body, "text") or "").strip()
    if not segments and whole:
        segments = [Segment(whole)]
    return _transcript(
        "whisper",
        name,
        segments,
        language=text(body, "language"),
        duration=number(body, "duration"),
        details=unknown(body, _WHISPER),
    )


def _whisper_segment(fields: Fields) -> Segment:
    return Segment(
        text=(text(fields, "text") or "").strip(),
        start=number(fields, "start"),
        end=number(fields, "end"),
        speaker=text(fields, "speaker"),
        words=tuple(_whisper_word(word) for word in objects(fields, "words")),
        details=unknown(fields, _WHISPER_SEGMENT),
    )


def _whisper_word(fields: Fields) -> Word:
    score = number(fields, "probability")
    return Word(
        text=(text(fields, "word") or "").strip(),
        start=number(fields, "start"),
        end=number(fields, "end"),
        confidence=number(fields, "score") if score is None else score,
        details=unknown(fields, _WHISPER_WORD),
    )


def _with_words(segment: Segment, words: tuple[Word, ...]) -> Segment:
    return replace(
        segment,
        text=segment.text.strip(),
        start=words[0].start if segment.start is None else segment.start,
        end=words[-1].end if segment.end is None else segment.end,
        words=words,
    )


def _whisper_cpp(parts: Sequence[Fields], name: str) -> Transcript:
    segments = []
    for item in objects(parts[0], "transcription"):
        offsets = mapping(item, "offsets")
        start, end = number(offsets, "from"), number(offsets, "to")
        segments.append(
            Segment(
                text=(text(item, "text") or "").strip(),
                start=None if start is None else start / 1000,
                end=None if end is None else end / 1000,
                speaker=text(item, "speaker"),
                details=unknown(item, _WHISPER_CPP),
            )
        )
    language = text(mapping(parts[0], "result"), "language")
    return _transcript("whisper", name, segments, language=language)


def _transcript(
    provider: str,
    name: str,
    segments: Sequence[Segment],
    *,
    language: str | None = None,
    duration: float | None = None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> Transcript:
    spoken = tuple(segment for segment in segments if segment.text)
    return Transcript(
        provider=provider,
        input=name,
        status=RecognitionStatus.SUCCESS if spoken else RecognitionStatus.NO_MATCH,
        language=language or next((s.language for s in spoken if s.language), None),
        duration=duration,
        segments=spoken,
        details=details,
    )


def _named(transcript: Transcript, name: str) -> Transcript:
    return _transcript(
        transcript.provider,
        name,
        transcript.segments,
        language=transcript.language,
        duration=transcript.duration,
        details=transcript.details,
    )


def _is_watson(fields: Fields) -> bool:
    return any(
        "alternatives" in result for result in objects(fields, "results")
    ) or bool(objects(fields, "speaker_labels"))


def _is_scriptix_result(fields: Fields) -> bool:
    inner = mapping(fields, "result") or fields
    return any("result" in part for part in objects(inner, "results"))


def _is_whisper(fields: Fields) -> bool:
    segments = objects(fields, "segments")
    return (
        any("text" in one and "start" in one for one in segments)
        or ("text" in fields and ("language" in fields or "words" in fields))
        or _is_text_alone(fields)
    )


def _is_text_alone(fields: Fields) -> bool:
    """Whether it is what OpenAI's API answers with ``response_format=json``."""
    return isinstance(fields.get("text"), str) and fields.keys() <= _TEXT_ALONE


def _is_scriptix_document(fields: Fields) -> bool:
    own = mapping(fields, "result") or fields
    inner = mapping(own, "document")
    return (
        any("text" in segment for segment in objects(own, "document"))
        or any(name in inner for name in ("document", "segments", "content"))
        or bool(mapping(own, "content"))
    )


_Read = Callable[[Sequence[Fields], str], Transcript]
_SHAPES: tuple[tuple[Callable[[Fields], bool], _Read, bool], ...] = (
    (lambda fields: "recognizedPhrases" in fields, _azure_batch, True),
    (lambda fields: not _FAST_TEXTS.isdisjoint(fields), _azure_fast, True),
    (lambda fields: bool(fields.get("RecognitionStatus")), _azure_phrases, False),
    (_is_scriptix_result, _scriptix_result, False),
    (_is_watson, _watson, False),
    (lambda fields: isinstance(fields.get("tokens"), list), _soniox, False),
    (lambda fields: isinstance(fields.get("transcription"), list), _whisper_cpp, True),
    (_is_scriptix_document, _scriptix_document, True),
    (_is_whisper, _whisper, True),
)
"""How each shape is told, and read; whether one object is a whole result."""
