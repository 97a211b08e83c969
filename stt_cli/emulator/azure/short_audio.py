"""REST for short audio, as the services of 2018 and of today answer it."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.core.errors import UsageError
from stt_cli.core.guid import session_id_from
from stt_cli.emulator.azure.results import MARKERS, masked, phrase_result, status_result
from stt_cli.emulator.azure.state import AzureState, gateway_error
from stt_cli.emulator.hearing import Heard, Listener
from stt_cli.emulator.http_faults import with_faults
from stt_cli.protocols.usp.limits import BYTES_A_SECOND

_MODES = ("interactive", "conversation", "dictation")
_FORMATS = ("simple", "detailed")
_PROFANITY = ("masked", "removed", "raw")
_BODY_SECONDS = 8.0


def short_audio_routes(state: AzureState) -> list[BaseRoute]:
    """Return the modes' paths, plain and behind a custom domain's ``/stt``."""

    async def recognize(request: Request) -> Response:
        refused = _refused(state, request)
        if refused is not None:
            return refused
        audio = await _audio_of(request)
        if not audio:
            return Response(status_code=408)
        return await _answer(state, request, audio)

    handler = with_faults(recognize, state.config, gateway_error)
    path = "/speech/recognition/{mode}/cognitiveservices/v1"
    return [Route(prefix + path, handler, methods=["POST"]) for prefix in ("", "/stt")]


def _refused(state: AzureState, request: Request) -> Response | None:
    query, headers = request.query_params, request.headers
    if request.path_params["mode"] not in _MODES:
        return Response(status_code=404)
    status = state.refusal(headers, query)
    if status is not None:
        return gateway_error(status)
    wrong = wrong_parameter(state, request.path_params["mode"], query)
    if wrong is not None:
        return Response(f"Invalid {wrong} parameter", 400)
    kind = headers.get("content-type", "").replace(" ", "").lower()
    wav = kind.startswith("audio/wav") and "samplerate=16000" in kind
    if not wav and not kind.startswith(state.rules.media_types):
        return Response("Unsupported content type", state.rules.wrong_type)
    return None


def wrong_parameter(
    state: AzureState, mode: str, query: Mapping[str, str]
) -> str | None:
    """Return the name of the first parameter that the service does not take."""
    if not state.rules.knows_language(query.get("language", ""), mode):
        return "language"
    if query.get("format", "simple").lower() not in _FORMATS:
        return "format"
    if query.get("profanity", "masked").lower() not in _PROFANITY:
        return "profanity"
    return None


async def _audio_of(request: Request) -> bytes:
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.body()
    except TimeoutError:
        return b""


async def _answer(state: AzureState, request: Request, audio: bytes) -> Response:
    try:
        pcm = _pcm_of(audio, request.headers.get("content-type", ""))
    except ValueError as fault:
        return Response(f"Invalid audio: {fault}", 400)
    most = state.rules.most_seconds
    if len(pcm) > most * BYTES_A_SECOND:
        return Response(f"Invalid audio: longer than {most:g} s", 400)
    session_id = _session_of(request)
    state.config.journal.add(
        "rest",
        session_id=session_id,
        mode=request.path_params["mode"],
        query=dict(request.query_params),
        headers=dict(request.headers),
        pcm=pcm,
    )
    if session_id is not None:
        state.config.log(f"session {session_id}")
    result = await asyncio.to_thread(_result, state, pcm, dict(request.query_params))
    await asyncio.sleep(state.config.delay)
    return JSONResponse(result, headers={"X-RequestId": uuid4().hex})


def _session_of(request: Request) -> str | None:
    """Return the session ID, if it has the only shape that the service takes."""
    given = request.query_params.get("X-ConnectionId", "")
    try:
        return session_id_from(given) if "-" not in given else None
    except UsageError:
        return None


@dataclass(frozen=True, slots=True)
class _Span:
    start: float
    end: float


def _result(state: AzureState, pcm: bytes, query: dict[str, str]) -> dict[str, Any]:
    span = _speech_in(pcm)
    heard = state.ear.given()
    if heard is None:
        heard = state.ear.hear(pcm) if span else []
    seconds = len(pcm) / BYTES_A_SECOND
    where = span or _Span(0.0, seconds)
    text = " ".join(part.text for part in heard)
    if text in MARKERS:
        return status_result(MARKERS[text], 0.0, seconds)
    if not heard:
        status = "NoMatch" if span else "InitialSilenceTimeout"
        return status_result(status, 0.0, seconds)
    profanity = query.get("profanity", "masked")
    if profanity == "removed" and not masked(text, profanity).strip(" .,!?"):
        return status_result("NoMatch", 0.0, seconds)
    words = tuple(word for part in heard for word in part.words)
    return phrase_result(
        Heard(text, words),
        where.start,
        where.end,
        detailed=query.get("format") == "detailed",
        words=query.get("wordLevelTimestamps") == "true",
        profanity=profanity,
    )


def _speech_in(pcm: bytes) -> _Span | None:
    listener = Listener()
    utterances = listener.feed(pcm)
    last = listener.finish()
    utterances += [last] if last is not None else []
    if not utterances:
        return None
    return _Span(utterances[0].start, utterances[-1].end)


def _pcm_of(audio: bytes, content_type: str) -> bytes:
    """Return the samples of a WAV (sizes in its headers are not believed).

    Raises:
        ValueError: it is no 16 kHz 16-bit mono PCM.
    """
    if content_type.lower().startswith("audio/ogg"):
        from stt_cli.emulator.decoding import decoded_pcm
        from stt_cli.protocols.usp.framing import FramingError

        try:
            return decoded_pcm(audio, given=False)
        except FramingError as fault:
            raise ValueError("no Ogg") from fault
    if audio[:4] != b"RIFF" or audio[8:12] != b"WAVE":
        raise ValueError("no RIFF header")
    at, known = 12, False
    while at + 8 <= len(audio):
        name, size = audio[at : at + 4], struct.unpack_from("<I", audio, at + 4)[0]
        at += 8
        if name == b"data":
            if not known:
                raise ValueError("no format before the samples")
            samples = audio[at:]
            return samples[: len(samples) - len(samples) % 2]
        if name == b"fmt " and at + 16 <= len(audio):
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", audio, at)
            if (kind, channels, rate, bits) != (1, 1, 16_000, 16):
                raise ValueError("not 16 kHz 16-bit mono PCM")
            known = True
        at += size + size % 2
    raise ValueError("no samples")
