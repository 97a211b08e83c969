"""The emulated Watson speaks, with eSpeak NG, and lists its voices."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from stt_cli.emulator.watson.access import answer, refuse, support_headers
from stt_cli.emulator.watson.recognition import Refused
from stt_cli.emulator.watson.rest import WatsonRest

_LARGEST_TEXT = 5 * 1024
VOICES = tuple(
    {
        "name": f"{language}_{name}",
        "language": language,
        "gender": gender,
        "customizable": True,
        "supported_features": {
            "voice_transformation": False,
            "custom_pronunciation": True,
        },
        "description": f"{name}: {language} {gender} voice.",
    }
    for language, name, gender in (
        ("en-US", "MichaelV3Voice", "male"),
        ("en-US", "AllisonV3Voice", "female"),
        ("en-US", "LisaV3Voice", "female"),
        ("en-GB", "KateV3Voice", "female"),
        ("de-DE", "BirgitV3Voice", "female"),
        ("de-DE", "DieterV3Voice", "male"),
        ("fr-FR", "ReneeV3Voice", "female"),
        ("ja-JP", "EmiV3Voice", "female"),
    )
)
# soundfile's names for what a client may ask for.
_ENCODINGS = {
    "audio/wav": ("WAV", "PCM_16"),
    "audio/flac": ("FLAC", "PCM_16"),
    "audio/mp3": ("MP3", "MPEG_LAYER_III"),
    "audio/mpeg": ("MP3", "MPEG_LAYER_III"),
    "audio/ogg": ("OGG", "VORBIS"),
    "audio/l16": ("RAW", "PCM_16"),
    "audio/mulaw": ("RAW", "ULAW"),
    "audio/alaw": ("RAW", "ALAW"),
    "audio/basic": ("RAW", "ULAW"),
}


class WatsonSpeech:
    """Serves synthesis."""

    def __init__(self, rest: WatsonRest) -> None:
        self._rest = rest

    def routes(self) -> list[Route]:
        """Return the paths of the service."""
        guarded = self._rest.guarded
        return [
            Route("/v1/synthesize", guarded(self.synthesize), methods=["POST", "GET"]),
            Route("/v1/voices", guarded(self.voices), methods=["GET"]),
            Route("/v1/voices/{name}", guarded(self.voice), methods=["GET"]),
        ]

    async def synthesize(self, request: Request) -> Response:
        """Speak a text."""
        text = await _text_of(request)
        query = request.query_params
        voice = query.get("voice", str(VOICES[0]["name"]))
        if voice not in {known["name"] for known in VOICES}:
            return refuse(404, f"Model {voice} not found")
        accept = query.get("accept") or request.headers.get("Accept") or "*/*"
        name, form, subtype, rate = _encoding(accept)
        audio = await asyncio.to_thread(_spoken, text, voice, form, subtype, rate)
        return Response(audio, media_type=name, headers=support_headers())

    async def voices(self, request: Request) -> Response:
        """List the voices."""
        return answer({"voices": [_with_url(voice, request) for voice in VOICES]})

    async def voice(self, request: Request) -> Response:
        """Tell of one voice."""
        name = request.path_params["name"]
        for voice in VOICES:
            if voice["name"] == name:
                return answer(_with_url(voice, request))
        return refuse(404, f"Voice {name} not found")


async def _text_of(request: Request) -> str:
    text: Any = request.query_params.get("text")
    if request.method == "POST":
        try:
            body = json.loads(await request.body())
        except ValueError:
            body = None
        text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise Refused(400, 'Required parameter "text" is missing.')
    if len(text.encode()) > _LARGEST_TEXT:
        raise Refused(413, "the text is too long")
    return text


def _encoding(accept: str) -> tuple[str, str, str, int]:
    name, *rest = (part.strip() for part in accept.split(";"))
    given = dict(part.partition("=")[::2] for part in rest)
    if name in ("*/*", ""):
        name = "audio/ogg"
    if name == "audio/ogg" and given.get("codecs") != "vorbis":
        return "audio/ogg;codecs=opus", "OGG", "OPUS", 48_000
    if name not in _ENCODINGS:
        raise Refused(406, f"unsupported mimetype: {name}")
    if name in ("audio/l16", "audio/mulaw", "audio/alaw") and "rate" not in given:
        raise Refused(400, f"the rate parameter is missing in {name}")
    default = 8_000 if name == "audio/basic" else 22_050
    form, subtype = _ENCODINGS[name]
    return name, form, subtype, int(given.get("rate", default))


def _spoken(text: str, voice: str, form: str, subtype: str, rate: int) -> bytes:
    import numpy as np
    import soundfile
    import soxr

    from stt_cli.engines.espeak import open_espeak
    from stt_cli.engines.synthesis import Utterance

    is_ssml = text.lstrip().startswith("<")
    words = text if is_ssml else _unescaped(text)
    engine = open_espeak()
    chosen = engine.choose(None, voice.partition("_")[0], None)
    pcm = b"".join(engine.speak(Utterance(words, chosen.id, is_ssml, is_lenient=True)))
    samples = np.frombuffer(pcm, "<i2").astype("float32") / 32_768
    heard = soxr.resample(samples, engine.sample_rate, rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, heard, rate, format=form, subtype=subtype)
    return buffer.getvalue()


def _unescaped(text: str) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text, {"&quot;": '"', "&apos;": "'", "&#47;": "/"})


def _with_url(voice: dict[str, Any], request: Request) -> dict[str, Any]:
    base = str(request.base_url).rstrip("/")
    return {**voice, "url": f"{base}/v1/voices/{voice['name']}"}
