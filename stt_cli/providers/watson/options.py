"""What a user asked for, as Watson's parameters, and the bytes that are sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.http_message import StreamedBody
from stt_cli.core.options import Profanity, RecognizeOptions
from stt_cli.protocols.watson.models import (
    BROADBAND_RATE,
    DEFAULT_LANGUAGE,
    default_model,
)
from stt_cli.protocols.watson.parameters import typed
from stt_cli.protocols.watson.requests import LARGEST_AUDIO
from stt_cli.providers.recording_form import original_body
from stt_cli.providers.watson import keep_alive

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

PCM = "audio/l16;rate=16000;channels=1;endianness=little-endian"
_DETAILED_ALTERNATIVES = 5
_MODEL_NOT_KNOWN = "DETECTED"  # in a preview: the service names the language first
# What the service takes as it is ("Audio formats"); WAV of any codec.
_TAKEN = {
    ("flac", None): "audio/flac",
    ("mp3", None): "audio/mp3",
    ("ogg", "opus"): "audio/ogg;codecs=opus",
    ("ogg", "vorbis"): "audio/ogg;codecs=vorbis",
    ("webm", "opus"): "audio/webm;codecs=opus",
    ("webm", "vorbis"): "audio/webm;codecs=vorbis",
}
_WAV_CODECS = frozenset({"pcm_s16le", "mulaw", "alaw"})


def parameters_of(
    options: RecognizeOptions, sample_rate: int = 16_000, *, of_2018: bool = False
) -> dict[str, Any]:
    """Return the parameters that the named options mean, then ``--param``'s.

    The model is always named: what a service takes by itself may be gone.

    Raises:
        UsageError: a value does not fit, or Watson has no such wish.
    """
    values: dict[str, Any] = {}
    language = options.language or DEFAULT_LANGUAGE
    default = default_model(language, sample_rate, of_2018=of_2018)
    if options.detects_language:
        default = _MODEL_NOT_KNOWN
    values["model"] = options.model or default
    if options.words or options.speakers:
        values["timestamps"] = True
        values["word_confidence"] = True
    if options.speakers:
        values["speaker_labels"] = True
    if options.detailed:
        values["max_alternatives"] = _DETAILED_ALTERNATIVES
    if options.profanity is Profanity.REMOVED:
        raise UsageError(
            "Watson cannot remove profanity",
            hint="use --profanity masked or raw",
        )
    if options.profanity is not None:
        values["profanity_filter"] = options.profanity is Profanity.MASKED
    params = {name: v for name, v in options.params.items() if name != keep_alive.NAME}
    if wants_keep_alive(options):
        values["inactivity_timeout"] = -1
    return values | typed(params)


def wants_keep_alive(options: RecognizeOptions) -> bool:
    """Whether silence is to be sent while the input pauses."""
    given = options.params.get(keep_alive.NAME, ("false",))[-1].lower()
    if given not in ("true", "false"):
        raise UsageError(f"--param {keep_alive.NAME} takes true or false, not {given}")
    return given == "true"


def blocks_of(source: AudioSource, options: RecognizeOptions) -> Iterator[bytes]:
    """Return an input as 16 kHz PCM, with silence in its pauses if asked for."""
    if source.live and wants_keep_alive(options):
        return keep_alive.kept_alive(lambda: source.pcm(BROADBAND_RATE))
    return source.pcm(BROADBAND_RATE)


def sent_as(source: AudioSource) -> tuple[str, bool]:
    """Return the media type to send, and whether the bytes go as they are."""
    encoding = source.encoding
    if encoding.container == "wav" and encoding.codec in _WAV_CODECS:
        return "audio/wav", True
    for (container, codec), media_type in _TAKEN.items():
        if encoding.container == container and codec in (None, encoding.codec):
            return media_type, True
    return PCM, False


def refuse_too_large(*sizes: int | None) -> None:
    """Raise ``AudioError`` for more bytes than one request may have."""
    size = sum(size or 0 for size in sizes)
    if size > LARGEST_AUDIO:
        raise AudioError(
            f"Watson accepts at most {LARGEST_AUDIO // 2**20} MB of audio in one "
            f"request, but this is {size / 2**20:.0f} MB",
            hint="use `stt batch submit` for up to 1 GB; FLAC and Opus are smaller "
            "than WAV",
        )


def size_as_pcm(source: AudioSource) -> int | None:
    """Return the bytes that a recording has on the WebSocket, where that is known."""
    seconds = None if source.live else source.duration
    return None if seconds is None else int(seconds * BROADBAND_RATE) * 2


def body_of(
    source: AudioSource, options: RecognizeOptions | None = None
) -> tuple[str, StreamedBody]:
    """Return the media type and the body that streams an input."""
    if options is not None and source.live and wants_keep_alive(options):
        return PCM, StreamedBody(lambda: blocks_of(source, options))
    media_type, as_it_is = sent_as(source)
    if as_it_is:
        return media_type, original_body(source)
    return media_type, StreamedBody(source.pcm, repeatable=not source.live)
