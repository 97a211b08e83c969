"""Fast transcription of the emulated service: a form in, the transcript out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import BaseRoute

from stt_cli.emulator.azure.api import ApiCall, answer, api_error, api_routes
from stt_cli.emulator.azure.results import fast_phrases
from stt_cli.emulator.azure.state import AzureState
from stt_cli.emulator.hearing import seconds_of_pcm


def fast_routes(state: AzureState) -> list[BaseRoute]:
    """Return the route of fast transcription."""

    async def transcribe(call: ApiCall) -> Response:
        kind = call.request.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return api_error(415, "UnsupportedMediaType", "InvalidPayload", kind)
        async with call.request.form(max_part_size=16 << 20) as form:
            told = form.get("definition")
            audio = form.get("audio")
            if isinstance(told, UploadFile):
                told = (await told.read()).decode("utf-8", "replace")
            definition = _definition(told)
            if definition is None:
                message = "definition is no JSON object"
                return api_error(400, "InvalidRequest", "InvalidPayload", message)
            if not isinstance(audio, UploadFile):
                message = "the part audio is missing"
                return api_error(400, "InvalidRequest", "InvalidPayload", message)
            if call.version == "2024-11-15" and "phraseList" in definition:
                message = "phraseList is not known in this version"
                return api_error(400, "InvalidRequest", "InvalidPayload", message)
            data = await audio.read()
        state.config.journal.add(
            "fast",
            definition=definition,
            size=len(data),
            version=call.version,
            headers=dict(call.request.headers),
        )
        try:
            body = await asyncio.to_thread(_transcribed, state, data, definition)
        except ValueError as fault:
            return api_error(422, "UnprocessableEntity", "InvalidAudio", str(fault))
        await asyncio.sleep(state.config.delay)
        return answer(body)

    return api_routes(state, [("POST", "/transcriptions:transcribe", transcribe)])


def _definition(told: object) -> dict[str, Any] | None:
    try:
        value = json.loads(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _transcribed(
    state: AzureState, data: bytes, definition: dict[str, Any]
) -> dict[str, Any]:
    from stt_cli.emulator.decoding import decoded_pcm
    from stt_cli.protocols.usp.framing import FramingError

    given = state.ear.given()
    try:
        pcm = decoded_pcm(data, given=given is not None)
    except FramingError as fault:
        raise ValueError("the audio cannot be decoded") from fault
    heard = state.ear.hear(pcm) if given is None else given
    seconds = seconds_of_pcm(pcm)
    mode = definition.get("profanityFilterMode") or "Masked"
    locale = next(iter(definition.get("locales") or ()), "en-US")
    phrases = fast_phrases(heard, seconds, mode, locale)
    if (definition.get("diarization") or {}).get("enabled"):
        phrases = [{**phrase, "speaker": 1} for phrase in phrases]
    return {
        "durationMilliseconds": round(seconds * 1000),
        "combinedPhrases": [{"text": " ".join(p["text"] for p in phrases)}],
        "phrases": phrases,
    }
