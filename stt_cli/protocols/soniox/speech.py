"""Speech synthesis over REST: formats, limits, and what is refused.

Its errors have the shape of the sockets', not that of the other REST service.
"""

from __future__ import annotations

import json
from typing import Any

from stt_cli.protocols.json_fields import Fields, number, text
from stt_cli.protocols.soniox.realtime_server import Refused, error_frame

PATH = "/tts"
LONGEST_TEXT = 5000  # characters
RATES = (8000, 16_000, 24_000, 44_100, 48_000)  # hertz
BITRATES = (32_000, 64_000, 96_000, 128_000, 192_000, 256_000, 320_000)
DEFAULT_RATE = 24_000
DEFAULT_VOICE = "Adrian"
DEFAULT_FORMAT = "wav"
SLOWEST, FASTEST = 0.7, 1.3
# The name on the wire: container, codec, suffix, media type.
FORMATS = {
    "wav": ("wav", "pcm_s16le", "wav", "audio/wav"),
    "mp3": ("mp3", "mp3", "mp3", "audio/mpeg"),
    "flac": ("flac", "flac", "flac", "audio/flac"),
    "opus": ("ogg", "opus", "opus", "audio/ogg"),
    "aac": ("aac", "aac", "aac", "audio/aac"),
    "pcm_s16le": ("raw", "pcm_s16le", "raw", "audio/pcm"),
    "pcm_f32le": ("raw", "pcm_f32le", "raw", "audio/pcm"),
    "pcm_mulaw": ("raw", "mulaw", "raw", "audio/basic"),
    "pcm_alaw": ("raw", "alaw", "raw", "audio/pcm"),
}


def read_request(body: bytes) -> Fields:
    """Read and check a request, server side. Raises ``Refused``."""
    try:
        fields: Any = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise _invalid("The request is not a JSON object.")
    for name in ("model", "language", "voice", "audio_format", "text"):
        if not text(fields, name):
            raise _invalid(f"Missing field: {name}")
    if not str(fields["model"]).startswith("tts-"):
        raise Refused(400, "model_not_available", "Invalid model specified.")
    if fields["audio_format"] not in FORMATS:
        raise _invalid("Invalid audio format.")
    if len(str(fields["text"])) > LONGEST_TEXT:
        raise _invalid(f"Text is longer than {LONGEST_TEXT} characters.")
    for name, allowed in (("sample_rate", RATES), ("bitrate", BITRATES)):
        value = fields.get(name)
        if value is not None and value not in allowed:
            raise _invalid(f"Invalid {name}.")
    speed = number(fields, "speed")
    if speed is not None and not SLOWEST <= speed <= FASTEST:
        raise _invalid("Invalid speed.")
    return fields


def error_body(refused: Refused, request_id: str) -> bytes:
    """Return an error answer's body."""
    fields = json.loads(error_frame(refused, request_id))
    del fields["tokens"]
    return json.dumps(fields).encode()


def _invalid(message: str) -> Refused:
    return Refused(400, "invalid_request", message)
