"""Soniox speaks: one request, audio while it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import Identified, Started
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import SpeechOptions, SpeechText, VoiceQuery
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.protocols.json_fields import objects, text
from stt_cli.protocols.soniox.fields import checked, language_code, typed
from stt_cli.protocols.soniox.requests import DEFAULT_SPEECH_MODEL
from stt_cli.protocols.soniox.speech import (
    DEFAULT_FORMAT,
    DEFAULT_RATE,
    DEFAULT_VOICE,
    FORMATS,
    LONGEST_TEXT,
    RATES,
)
from stt_cli.providers.soniox.service import Service

_NOT_OFFERED = ("pitch", "volume", "contour", "breaks", "phonemes")


def synthesize(
    service: Service, speech: SpeechText, options: SpeechOptions
) -> Iterator[SpeechEvent]:
    """Speak; the format comes before the first audio.

    Raises:
        UsageError: something that the service does not offer.
    """
    fields = _fields(speech, options)
    request_id = str(service.context.environment.new_uuid())
    yield Started(Identifiers.of(request_id=request_id), transport="rest")
    request = service.requests.speak(fields, request_id)

    def fault(response: HttpResponse) -> SttError | None:
        return None if response.is_success else service.error(response)

    container, codec, suffix, media_type = FORMATS[fields["audio_format"]]
    rate = fields.get("sample_rate", DEFAULT_RATE)
    with service.sender.stream(request, fault) as answer:
        theirs = answer.head.header("x-request-id")
        if theirs and theirs != request_id:
            yield Identified(Identifiers.of(request_id=theirs))
        yield SpeechFormatKnown(
            SpeechFormat(
                container,
                codec,
                rate,
                suffix=suffix,
                content_type=media_type,
            )
        )
        for block in answer.steady_blocks():
            if block:
                yield SpeechAudio(block)


def voices(service: Service, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices of every model; each speaks all its model's languages."""
    answer = service.ask(service.requests.speech_models())
    for model in objects(answer, "models"):
        codes = [text(item, "code") or "" for item in objects(model, "languages")]
        if query.language and codes and language_code(query.language) not in codes:
            continue
        language = language_code(query.language) if query.language else "*"
        for voice in objects(model, "voices"):
            name, gender = text(voice, "id"), text(voice, "gender")
            if name is None or (query.gender and query.gender.lower() != gender):
                continue
            details = {k: v for k, v in voice.items() if k not in ("id", "gender")}
            details |= {"model": text(model, "id"), "languages": codes}
            yield Voice(name, language, name, gender, details)


def _fields(speech: SpeechText, options: SpeechOptions) -> dict[str, Any]:
    if speech.is_ssml:
        raise UsageError("Soniox does not support SSML", hint="use plain text")
    for name in _NOT_OFFERED:
        if getattr(options, name):
            raise UsageError(f"Soniox does not support --{name.rstrip('s')}")
    if not 1 <= len(speech.text) <= LONGEST_TEXT:
        raise UsageError(f"Soniox accepts 1 to {LONGEST_TEXT} characters at once")
    audio_format = options.audio_format or DEFAULT_FORMAT
    if audio_format not in FORMATS:
        raise UsageError(
            f"Soniox does not support the audio format {audio_format!r}",
            hint=f"choose from {', '.join(FORMATS)}",
        )
    fields: dict[str, Any] = {
        "model": DEFAULT_SPEECH_MODEL,
        "language": language_code(options.language or "en"),
        "voice": options.voice or DEFAULT_VOICE,
        "audio_format": audio_format,
        "text": speech.text,
    }
    if options.rate:
        fields["speed"] = _speed(options.rate)
    if audio_format.startswith("pcm") or audio_format == "wav":
        fields["sample_rate"] = DEFAULT_RATE
    fields = checked(fields | typed(options.params))
    if fields.get("sample_rate", DEFAULT_RATE) not in RATES:
        raise UsageError(
            f"Soniox supports sample rates of {', '.join(map(str, RATES))} Hz"
        )
    return fields


def _speed(rate: str) -> float:
    """Read ``--rate``: ``+20%``, ``1.2``, or a word of SSML."""
    words = {"x-slow": 0.7, "slow": 0.85, "medium": 1.0, "fast": 1.15, "x-fast": 1.3}
    if rate in words:
        return words[rate]
    try:
        if rate.endswith("%"):
            return round(1 + float(rate[:-1]) / 100, 4)
        return float(rate)
    except ValueError:
        raise UsageError(
            f"invalid --rate {rate!r}",
            hint="use a rate such as +20%, 1.2, slow or fast",
        ) from None
