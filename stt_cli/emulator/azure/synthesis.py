"""Synthesis as the services of 2018 and of today answer it over REST."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import SttError, UsageError
from stt_cli.emulator.azure.state import AzureState, gateway_error
from stt_cli.emulator.http_faults import REASON, with_faults
from stt_cli.protocols import ssml
from stt_cli.protocols.azure_tts.formats import (
    describe_format,
)
from stt_cli.protocols.ssml import Document

_TOO_LONG_AGENT = 255  # the table of 2018 asks for one; its own example has none
_GUID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)

_SERVER_VOICE = "Microsoft Server Speech Text to Speech Voice"
VOICES = tuple(
    {
        "Name": f"{_SERVER_VOICE} ({locale}, {name}Neural)",
        "DisplayName": name,
        "LocalName": name,
        "ShortName": f"{locale}-{name}Neural",
        "Gender": gender,
        "Locale": locale,
        "LocaleName": place,
        "SampleRateHertz": "24000",
        "VoiceType": "Neural",
        "Status": "GA",
        "WordsPerMinute": "152",
    }
    for locale, name, gender, place in (
        ("de-DE", "Katja", "Female", "German (Germany)"),
        ("de-DE", "Conrad", "Male", "German (Germany)"),
        ("en-GB", "Sonia", "Female", "English (United Kingdom)"),
        ("en-US", "Jenny", "Female", "English (United States)"),
        ("en-US", "Guy", "Male", "English (United States)"),
        ("fr-FR", "Denise", "Female", "French (France)"),
    )
)
_SILENT_LANGUAGE = "en-US"  # for a language that the engine lacks


def synthesis_routes(state: AzureState) -> list[BaseRoute]:
    """Return the paths of one service, today's also behind a custom domain's."""

    async def speak(request: Request) -> Response:
        body = await request.body()
        refused = _refused(state, request)
        if refused is not None:
            return refused
        return await asyncio.to_thread(_answer, state, request, body)

    handler = with_faults(speak, state.config, gateway_error)
    rules = state.rules.speech
    return [
        Route(prefix + rules.path, handler, methods=["POST"])
        for prefix in rules.prefixes
    ]


def voice_routes(state: AzureState) -> list[BaseRoute]:
    """Return the paths of today's list of voices."""

    async def voices(request: Request) -> Response:
        status = state.refusal(request.headers, request.query_params)
        return gateway_error(status) if status else JSONResponse(list(VOICES))

    listing = with_faults(voices, state.config, gateway_error)
    path = "/cognitiveservices/voices/list"
    return [
        Route(prefix + path, listing, methods=["GET"])
        for prefix in state.rules.speech.prefixes
    ]


def _refused(state: AzureState, request: Request) -> Response | None:
    headers, rules = request.headers, state.rules.speech
    status = state.refusal(headers, request.query_params)
    if status is not None:
        return gateway_error(status)
    if rules.search_ids and not headers.get("authorization") and state.config.key:
        return gateway_error(403)  # the page of 2018 knows tokens only
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/ssml+xml":
        return Response(status_code=state.rules.wrong_type)
    if headers.get("x-microsoft-outputformat") not in rules.formats:
        return PlainTextResponse("Unsupported output format", 400)
    agent = headers.get("user-agent", "")
    if len(agent) >= _TOO_LONG_AGENT or (state.config.strict and not agent):
        return PlainTextResponse("User-Agent is missing or too long", 400)
    if not agent:
        state.config.log("note: no User-Agent, which the documentation requires")
    for name in rules.search_ids:
        if name in headers and not _GUID.fullmatch(headers[name]):
            return PlainTextResponse(f"{name} is not a GUID without dashes", 400)
    return None


def _answer(state: AzureState, request: Request, body: bytes) -> Response:
    rules = state.rules.speech
    limits = rules.limits
    try:
        document = ssml.check(ssml.decode(body))
    except UsageError:
        return _parser_error(request)
    if not document.voices:
        return _parser_error(request)
    if any(not rules.knows(name) for name in document.voices):
        return PlainTextResponse("Voice name not supported", 400)
    most = limits.most_characters
    if most is not None and len(document.text) > most:
        return PlainTextResponse("SSML is too large", 413)
    pcm, rate = spoken_pcm(document)
    if len(pcm) > limits.most_seconds * rate * 2:
        if not rules.cuts:
            return PlainTextResponse("The audio is longer than 15 s", 413)
        pcm = pcm[: int(limits.most_seconds * rate) * 2]
    audio_format = request.headers["x-microsoft-outputformat"]
    session_id = request.headers.get("x-connectionid")
    state.config.journal.add(
        "tts",
        session_id=session_id,
        headers=dict(request.headers),
        path=request.url.path,
        document=document,
    )
    if session_id:
        state.config.log(f"session id: {session_id}")
    try:
        audio = encoded(pcm, rate, audio_format)
    except CannotEncodeError:
        return PlainTextResponse(f"This emulator cannot generate {audio_format}", 400)
    kind = describe_format(audio_format).content_type
    headers = {"X-RequestId": uuid4().hex, "Content-Type": kind}
    return Response(audio, headers=headers)


def _parser_error(request: Request) -> Response:
    """Return what the 2018 page shows: the words stand in the reason phrase."""
    request.scope["extensions"][REASON]("XML parser error")
    return Response(status_code=400, headers={"Content-Type": "text/xml"})


class CannotEncodeError(Exception):
    """The format needs a codec that no open library has: Siren, SILK, AMR, …"""


def spoken_pcm(document: Document) -> tuple[bytes, int]:
    """Return a document's speech as 16-bit mono PCM, and its sample rate."""
    from stt_cli.engines.espeak import open_espeak
    from stt_cli.engines.synthesis import Utterance

    engine = open_espeak()
    try:
        voice = engine.choose(None, document.language, None)
    except SttError:
        voice = engine.choose(None, _SILENT_LANGUAGE, None)
    utterance = Utterance(document.text, voice.id, is_ssml=True, is_lenient=True)
    return b"".join(engine.speak(utterance)), engine.sample_rate


def encoded(pcm: bytes, rate: int, audio_format: str) -> bytes:
    """Return speech in a documented format.

    Raises:
        CannotEncodeError: no library here has the codec.
    """
    from stt_cli.audio.conversion import convert

    made = describe_format(audio_format)
    at_rate = b"".join(convert([pcm], "pcm_s16le", 1, rate, made.sample_rate))
    if made.codec == "pcm_s16le" and made.container == "raw":
        return at_rate
    if made.codec == "pcm_s16le" and made.container == "wav":
        return pcm_header(made.sample_rate, len(at_rate)) + at_rate
    kinds = {
        ("wav", "mulaw"): ("WAV", "ULAW"),
        ("wav", "alaw"): ("WAV", "ALAW"),
        ("raw", "mulaw"): ("RAW", "ULAW"),
        ("raw", "alaw"): ("RAW", "ALAW"),
        ("mp3", "mp3"): ("MP3", "MPEG_LAYER_III"),
        ("ogg", "opus"): ("OGG", "OPUS"),
    }
    kind = kinds.get((made.container, made.codec))
    if kind is None:
        raise CannotEncodeError(audio_format)
    return _by_soundfile(at_rate, made.sample_rate, *kind)


def _by_soundfile(pcm: bytes, rate: int, container: str, codec: str) -> bytes:
    import numpy as np
    import soundfile

    file = io.BytesIO()
    samples = np.frombuffer(pcm, "<i2")
    soundfile.write(file, samples, rate, format=container, subtype=codec)
    return file.getvalue()


def in_blocks(audio: bytes, size: int = 3_200) -> Iterator[bytes]:
    """Yield audio as a service sends it, in parts."""
    for start in range(0, len(audio), size):
        yield audio[start : start + size]
