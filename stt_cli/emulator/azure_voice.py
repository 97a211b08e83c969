"""The emulated services' voice: eSpeak NG, encoded as a format's name says."""

from __future__ import annotations

import io
from collections.abc import Iterator

from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import SttError
from stt_cli.protocols.azure_tts.formats import describe_format
from stt_cli.protocols.ssml import Document

_SILENT_LANGUAGE = "en-US"  # for a language that the engine lacks


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
