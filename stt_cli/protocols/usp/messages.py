"""What a client says: configuration, context, audio."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stt_cli.protocols.usp.framing import (
    CONTENT_TYPE,
    PATH,
    REQUEST_ID,
    TIMESTAMP,
    build_binary,
    build_text,
    timestamp,
)
from stt_cli.protocols.usp.limits import BYTES_A_SAMPLE, SAMPLE_RATE
from stt_cli.protocols.usp.translation import TRANSLATE, TranslationRequest

JSON_TYPE = "application/json; charset=utf-8"
WAV_TYPE = "audio/x-wav"
OGG_TYPE = "audio/ogg"
SILK_TYPE = "audio/silk"
OPEN_RANGE = "UND"
MOST_LANGUAGES = 10
MOST_LANGUAGES_AT_START = 4


@dataclass(frozen=True, slots=True)
class ClientDescription:
    """What speech.config tells of the program and the machine (2018)."""

    version: str
    build: str
    os_platform: str
    os_name: str
    os_version: str
    device_manufacturer: str
    device_model: str
    device_version: str
    audio_source: str = "File"

    def to_json(self) -> dict[str, Any]:
        """Return the body of speech.config."""
        return {
            "context": {
                "system": {
                    "name": "stt",
                    "version": self.version,
                    "build": self.build,
                    "lang": "Python",
                },
                "os": {
                    "platform": self.os_platform,
                    "name": self.os_name,
                    "version": self.os_version,
                },
                "device": {
                    "manufacturer": self.device_manufacturer,
                    "model": self.device_model,
                    "version": self.device_version,
                },
                "audio": {
                    "source": {
                        "type": self.audio_source,
                        "samplerate": str(SAMPLE_RATE),
                        "bitspersample": str(BYTES_A_SAMPLE * 8),
                        "channelcount": "1",
                    }
                },
            }
        }


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where a turn goes on that an earlier connection began, as the SDK tells it."""

    offset_ticks: int
    previous_service_tag: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the section of speech.context; the offset is a string there."""
        known = {"previousServiceTag": self.previous_service_tag}
        section: dict[str, Any] = {k: v for k, v in known.items() if v}
        section["audio"] = {"streams": {"1": {"offset": str(self.offset_ticks)}}}
        return section


@dataclass(frozen=True, slots=True)
class LanguageIdentification:
    """Which languages a turn may be in, as the SDK's ``languageId`` section.

    Without candidates it may be any: ``UND``, the SDK's open range.
    """

    candidates: tuple[str, ...]
    continuous: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the section of speech.context."""
        return {
            "languages": list(self.candidates) or [OPEN_RANGE],
            "mode": "DetectContinuous" if self.continuous else "DetectAtAudioStart",
            "onSuccess": {"action": "Recognize"},
            "onUnknown": {"action": "None"},
            "priority": "PrioritizeLatency",
        }


def candidates_fault(candidates: Sequence[str], *, continuous: bool) -> str | None:
    """Return what is wrong with languages to choose from, ``None`` if nothing.

    Source: Azure documentation, "Implement language identification".
    """
    most = MOST_LANGUAGES if continuous else MOST_LANGUAGES_AT_START
    if len(candidates) > most:
        where = "in a conversation" if continuous else "at the start of the audio"
        return f"can detect one of at most {most} languages {where}"
    bases = [tag.lower().partition("-")[0] for tag in candidates]
    twice = next((base for base in bases if bases.count(base) > 1), None)
    if twice is None:
        return None
    same = [tag for tag, base in zip(candidates, bases, strict=True) if base == twice]
    return (
        f"{' and '.join(same)} are the same language; variants cannot be distinguished"
    )


@dataclass(frozen=True, slots=True)
class TurnContext:
    """What speech.context asks for; today's service reads it every turn.

    ``language`` is ``None`` where it is to be found out. ``model`` names a model of
    the service's own. ``extra`` goes in as it is: section names with their fields.
    """

    mode: str
    language: str | None
    detailed: bool = False
    words: bool = False
    profanity: str | None = None
    interim: bool = True
    phrases: tuple[str, ...] = ()
    speakers: bool = False
    session_id: str | None = None
    languages: LanguageIdentification | None = None
    translation: TranslationRequest | None = None
    model: str | None = None
    continuation: Continuation | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the body of speech.context."""
        detection: dict[str, Any] = {"mode": self.mode.capitalize()}
        if self.language is not None:
            detection["language"] = self.language
        if self.profanity is not None:
            detection["enrichment"] = {"profanity": self.profanity.capitalize()}
        if self.speakers:
            detection["speakerDiarization"] = {
                "mode": "Anonymous",
                "audioSessionId": self.session_id,
                "audioOffsetMs": 0,
            }
        output: dict[str, Any] = {}
        if self.translation is not None:
            detection["onSuccess"] = TRANSLATE
            if self.translation.interim:
                detection["onInterim"] = TRANSLATE
        if self.languages is not None:
            # What is translated is told by translation.response alone.
            told = self.translation is None
            output["interimResults"] = {"resultType": "Auto" if told else "None"}
            output["phraseResults"] = {"resultType": "Always" if told else "None"}
        if self.detailed or self.words:
            output["format"] = "Detailed"
        if self.words:
            options = ["WordTimings", "WordConfidence"]
            output["detailed"] = {"options": options}
        if not self.interim:
            output["interimResults"] = {"resultType": "None"}
        body: dict[str, Any] = {"phraseDetection": detection}
        if output:
            body["phraseOutput"] = output
        if self.languages is not None:
            body["languageId"] = self.languages.to_json()
        if self.translation is not None:
            body["translation"] = self.translation.to_json()
        if self.model is not None:
            body["model"] = {"name": self.model}
        if self.phrases:
            items = [{"Text": phrase} for phrase in self.phrases]
            body["dgi"] = {"Groups": [{"Type": "Generic", "Items": items}]}
        if self.continuation is not None:
            body["continuation"] = self.continuation.to_json()
        for section, fields in self.extra.items():
            body[section] = {**body.get(section, {}), **fields}
        return body


def json_message(path: str, request_id: str | None, now: datetime, body: Any) -> str:
    """Return a text message with a JSON body.

    speech.config needs no request ID: it belongs to no turn.
    """
    of_turn = ((REQUEST_ID, request_id),) if request_id else ()
    headers = (
        (PATH, path),
        *of_turn,
        (TIMESTAMP, timestamp(now)),
        (CONTENT_TYPE, JSON_TYPE),
    )
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return build_text(headers, text)


class AudioMessages:
    """Builds the audio messages of one turn; every one carries all headers.

    ``container_header`` goes first, in a message of its own.
    """

    def __init__(
        self, request_id: str, content_type: str, container_header: bytes = b""
    ) -> None:
        self._request_id = request_id
        self._content_type = content_type
        self._container_header = container_header

    def build(self, now: datetime, chunks: Iterable[bytes]) -> list[bytes]:
        """Return a message for each chunk; an empty chunk ends the turn's audio."""
        headers = (
            (PATH, "audio"),
            (REQUEST_ID, self._request_id),
            (TIMESTAMP, timestamp(now)),
            (CONTENT_TYPE, self._content_type),
        )
        first, self._container_header = self._container_header, b""
        bodies = [first, *chunks] if first else chunks
        return [build_binary(headers, body) for body in bodies]


def riff_header(
    sample_rate: int = SAMPLE_RATE, channels: int = 1, bits: int = 16
) -> bytes:
    """Return the 44 bytes before PCM whose length is not known: sizes are 0."""
    frame = channels * bits // 8
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 0, b"WAVE"),
        *(b"fmt ", 16, 1, channels, sample_rate, sample_rate * frame, frame, bits),
        *(b"data", 0),
    )
