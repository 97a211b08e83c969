"""A transcript read back from its own JSON, as results of our own jobs are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stt_cli.core.errors import JobFailedError, SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import (
    Alternative,
    RecognitionStatus,
    Segment,
    Timing,
    Transcript,
    Word,
)


def transcript_from_dict(data: Mapping[str, Any]) -> Transcript:
    """Return the transcript that ``Transcript.to_dict`` wrote.

    Raises:
        KeyError, TypeError, ValueError: the data is something else.
    """
    return Transcript(
        provider=data["provider"],
        input=data["input"],
        status=RecognitionStatus(data["status"]),
        transport=data["transport"],
        language=data["language"],
        mode=data["mode"],
        ids=Identifiers.from_mapping(data["ids"]),
        duration=data["duration"],
        segments=tuple(_segment(segment) for segment in data["segments"]),
        timing=Timing(**data["timing"]),
        error=error_from_dict(data["error"]),
        details=data.get("details", {}),
        raw=tuple(data.get("raw", ())),
    )


def error_from_dict(data: Mapping[str, Any] | None) -> SttError | None:
    """Return the error that ``SttError.to_dict`` wrote, of the same code."""
    if data is None:
        return None
    kinds = {kind.code: kind for kind in _kinds(SttError)}
    kind = kinds.get(data["code"], JobFailedError)
    return kind(
        data["message"],
        hint=data["hint"],
        provider_code=data["provider_code"],
        http_status=data["http_status"],
    )


def _kinds(base: type[SttError]) -> Iterable[type[SttError]]:
    for kind in base.__subclasses__():
        if kind.code != "interrupted":  # made in another way, and never kept
            yield kind
        yield from _kinds(kind)


def _segment(data: Mapping[str, Any]) -> Segment:
    simple = {k: v for k, v in data.items() if k not in ("words", "alternatives")}
    translations = simple.pop("translations", {})  # earlier files lack it
    return Segment(
        **simple,
        translations={str(tag): str(text) for tag, text in translations.items()},
        words=tuple(Word(**word) for word in data["words"]),
        alternatives=tuple(Alternative(**other) for other in data["alternatives"]),
    )
