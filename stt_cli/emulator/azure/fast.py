"""Fast transcription of the emulated service: a form in, the transcript out."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.routing import BaseRoute

from stt_cli.emulator.azure.api import ApiCall, answer, api_error, api_routes
from stt_cli.emulator.azure.results import fast_phrases
from stt_cli.emulator.azure.rules import ServiceRules
from stt_cli.emulator.azure.state import AzureState
from stt_cli.emulator.decoding import channels_of, pcm_of
from stt_cli.emulator.hearing import Heard, seconds_of_pcm
from stt_cli.protocols.azure_rest.enhanced import is_enhanced, is_mai
from stt_cli.protocols.azure_rest.fast_rules import definition_fault
from stt_cli.protocols.azure_rest.limits import FAST_MOST_BYTES, FAST_MOST_SECONDS
from stt_cli.protocols.azure_rest.versions import Version
from stt_cli.protocols.json_fields import Fields, items, mapping, text

_LARGEST_PART = 16 << 20  # of the definition, which is no file
_FETCHED_SECONDS = 2.0  # how long a recording is that is only an address


def fast_routes(state: AzureState) -> list[BaseRoute]:
    """Return the route of fast transcription."""

    async def transcribe(call: ApiCall) -> Response:
        length = int(call.request.headers.get("content-length") or 0)
        if length > FAST_MOST_BYTES:
            message = f"The request is larger than {FAST_MOST_BYTES} bytes."
            return api_error(413, "InvalidRequest", "InvalidPayload", message)
        kind = call.request.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return api_error(415, "UnsupportedMediaType", "InvalidPayload", kind)
        async with call.request.form(max_part_size=_LARGEST_PART) as form:
            read = await _read(form, call.spoken, state.rules)
        if isinstance(read, Response):
            return read
        state.config.journal.add(
            "fast",
            definition=read.definition,
            size=len(read.audio or b""),
            version=call.version,
            headers=dict(call.request.headers),
        )
        body = await asyncio.to_thread(_transcribed, state, read)
        await asyncio.sleep(state.config.delay)
        return body if isinstance(body, Response) else answer(body)

    return api_routes(state, [("POST", "/transcriptions:transcribe", transcribe)])


@dataclass(frozen=True, slots=True)
class _Form:
    """What one request asks for; without audio the definition has its address."""

    definition: dict[str, Any]
    audio: bytes | None


async def _read(
    form: FormData, version: Version | None, rules: ServiceRules
) -> _Form | Response:
    """Return the form's parts, or the refusal of one of them."""
    sent, audio = form.get("definition"), form.get("audio")
    if isinstance(sent, UploadFile):
        sent = (await sent.read()).decode("utf-8", "replace")
    if sent is None:
        return _refused("InvalidPayload", "The part definition is missing.")
    definition = _json_object(sent)
    if definition is None:
        what = "The definition is not a JSON object."
        return _refused("InvalidPayload", what, "definition")
    fault = definition_fault(definition, version) if version is not None else None
    if fault is not None:
        return _refused(fault.inner, fault.message, fault.target)
    model = text(mapping(definition, "enhancedMode"), "model")
    if model is not None and not is_enhanced(model):
        what = f"The model {model} does not exist."
        return _refused("InvalidModel", what, "enhancedMode.model")
    for locale in items(definition, "locales"):
        # Models of enhanced mode take languages without a region.
        if "-" in locale and not rules.knows_language(locale, "conversation"):
            what = f"The locale {locale} is not supported."
            return _refused("InvalidLocale", what, "locales")
    if isinstance(audio, UploadFile):
        data = await audio.read()
        if not data:
            return _refused("EmptyAudioFile", "The audio file is empty.", "audio")
        return _Form(definition, data)
    if text(definition, "audioUrl") is None:
        return _refused("InvalidPayload", "The part audio is missing.", "audio")
    return _Form(definition, None)


def _refused(inner: str, message: str, target: str | None = None) -> Response:
    return api_error(400, "InvalidArgument", inner, message, target)


def _json_object(sent: object) -> dict[str, Any] | None:
    try:
        value = json.loads(sent) if isinstance(sent, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _transcribed(state: AzureState, form: _Form) -> dict[str, Any] | Response:
    definition, data = form.definition, form.audio
    given = state.ear.given()
    count = channels_of(data) if data is not None else 1
    channels = items(definition, "channels") if count > 1 else ()
    if channels and mapping(definition, "diarization").get("enabled"):
        what = "Diarization is not available for several channels."
        return _refused("BadChannelConfiguration", what, "channels")
    if max(channels, default=0) >= count:
        what = f"The audio has {count} channels."
        return _refused("InvalidChannelSpecification", what, "channels")
    phrases: list[dict[str, Any]] = []
    combined: list[dict[str, Any]] = []
    seconds = _FETCHED_SECONDS
    for at, channel in enumerate(channels or (None,)):
        pcm = pcm_of(data, channel=channel) if data is not None else b""
        if pcm is None and given is None:
            what = "The audio cannot be decoded."
            return api_error(422, "UnprocessableEntity", "InvalidAudioFormat", what)
        seconds = seconds_of_pcm(pcm) if pcm else seconds
        if seconds > FAST_MOST_SECONDS:
            what = "The audio is longer than the maximum allowed duration."
            return _refused("AudioLengthLimitExceeded", what, "audio")
        heard = state.ear.hear(pcm or b"") if given is None else given
        own = heard[at :: len(channels)] if channels and given is not None else heard
        found, whole = _worded(definition, own, seconds)
        mark = {} if channel is None else {"channel": channel}
        phrases += [{**mark, **phrase} for phrase in found]
        combined.append({**mark, "text": whole})
    return {
        "durationMilliseconds": round(seconds * 1000),
        "combinedPhrases": combined,
        "phrases": phrases,
    }


def _worded(
    definition: Fields, heard: list[Heard], seconds: float
) -> tuple[list[dict[str, Any]], str]:
    """Return phrases, and the whole text, as the chosen model gives them."""
    mode = text(definition, "profanityFilterMode") or "Masked"
    phrases = fast_phrases(heard, seconds, mode, items(definition, "locales"))
    whole = " ".join(phrase["text"] for phrase in phrases)
    diarization = mapping(definition, "diarization")
    if diarization.get("enabled") or "maxSpeakers" in diarization:
        most = diarization.get("maxSpeakers") or 2
        # Each phrase by the next speaker, and then from the first one again.
        for at, phrase in enumerate(phrases):
            phrase["speaker"] = at % most + 1
    enhanced = mapping(definition, "enhancedMode")
    if enhanced.get("enabled"):
        for phrase in phrases:
            phrase["confidence"] = 0
    model = text(enhanced, "model")
    if is_mai(model):
        phrases = _timed(phrases, mapping(enhanced, "modelOptions"))
    return phrases, whole


def _timed(phrases: list[dict[str, Any]], options: Fields) -> list[dict[str, Any]]:
    """Return what a MAI model tells of times: nothing, unless it is asked."""
    timestamps = options.get("timestamps")
    if timestamps == "word":
        return phrases
    if timestamps == "segment":
        return [{k: v for k, v in p.items() if k != "words"} for p in phrases]
    return []
