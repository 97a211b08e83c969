"""The emulated Soniox speaks, with eSpeak NG's voice."""

from __future__ import annotations

import asyncio
import io
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from stt_cli.core.errors import SttError
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.soniox.jobs import Store
from stt_cli.protocols.json_fields import Fields, integer, number
from stt_cli.protocols.soniox.realtime_server import Refused
from stt_cli.protocols.soniox.speech import (
    DEFAULT_RATE,
    FORMATS,
    PATH,
    error_body,
    read_request,
)

_NORMAL_RATE = 175  # words a minute
_ENCODED = {
    "wav": ("WAV", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "flac": ("FLAC", "PCM_16"),
    "opus": ("OGG", "OPUS"),
    "pcm_s16le": ("RAW", "PCM_16"),
    "pcm_f32le": ("RAW", "FLOAT"),
    "pcm_mulaw": ("RAW", "ULAW"),
    "pcm_alaw": ("RAW", "ALAW"),
}


class SonioxSpeech:
    """The synthesis of one emulator."""

    def __init__(self, config: EmulatorConfig, store: Store) -> None:
        self._config = config
        self._store = store

    def routes(self) -> list[BaseRoute]:
        """Return the one path of the service."""
        return [Route(PATH, self._speak, methods=["POST"])]

    async def _speak(self, request: Request) -> Response:
        request_id = request.headers.get("X-Request-Id") or str(uuid4())
        try:
            fields = await self._checked(request)
            audio = await asyncio.to_thread(_spoken, fields)
        except Refused as refused:
            return Response(
                error_body(refused, request_id),
                refused.code,
                {"X-Request-Id": request_id},
                media_type="application/json",
            )
        self._config.journal.add("speak", fields=dict(fields))
        media_type = FORMATS[fields["audio_format"]][3]
        headers = {"X-Request-Id": request_id}
        return Response(audio, headers=headers, media_type=media_type)

    async def _checked(self, request: Request) -> Fields:
        status = self._config.faults.take_status()
        body = await request.body()
        if status is not None:
            name = "limit_exceeded" if status == 429 else "internal_error"
            raise Refused(status, name, f"The emulator returns {status}.")
        wanted = self._config.key
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        temporary = given in self._store.temporary_keys
        if wanted is not None and given != wanted.reveal() and not temporary:
            raise Refused(401, "unauthenticated", "Incorrect API key provided.")
        return read_request(body)


def _spoken(fields: Fields) -> bytes:
    """Return the text as audio in the format asked for. Raises ``Refused``."""
    import numpy as np
    import soundfile
    import soxr

    from stt_cli.engines.espeak import open_espeak
    from stt_cli.engines.synthesis import Utterance

    if fields["audio_format"] not in _ENCODED:
        raise Refused(400, "invalid_request", "The emulator cannot encode AAC.")
    engine = open_espeak()
    speed = round(_NORMAL_RATE * (number(fields, "speed") or 1.0))
    try:
        voice = engine.choose(None, fields["language"], None)
    except SttError as error:
        raise Refused(400, "invalid_request", error.message) from error
    utterance = Utterance(fields["text"], voice.id, rate=speed)
    pcm = b"".join(engine.speak(utterance))
    samples = np.frombuffer(pcm, dtype="<i2").astype("float32") / 32_768
    rate = integer(fields, "sample_rate") or DEFAULT_RATE
    heard = soxr.resample(samples, engine.sample_rate, rate)
    container, codec = _ENCODED[fields["audio_format"]]
    out = io.BytesIO()
    soundfile.write(out, heard, rate, format=container, subtype=codec, endian="FILE")
    return out.getvalue()
