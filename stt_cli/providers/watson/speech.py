"""Watson speaks: one request, audio while it is made; and its voices."""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.core.catalog import Voice
from stt_cli.core.errors import NotFoundError, SttError, UsageError
from stt_cli.core.events import Identified, Started
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.language_tags import matches_language
from stt_cli.core.options import SpeechOptions, SpeechText, VoiceQuery
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.errors import ids_of
from stt_cli.protocols.watson.models import read_voices
from stt_cli.providers.watson.service import Service

LARGEST_TEXT = 5 * 1024  # bytes, markup included ("Synthesis: data limits")
DEFAULT_FORMAT = "wav"
# Our name: media type asked for, container, codec, hertz, suffix.
FORMATS = {
    "wav": ("audio/wav", "wav", "pcm_s16le", 22_050, "wav"),
    "mp3": ("audio/mp3", "mp3", "mp3", 22_050, "mp3"),
    "flac": ("audio/flac", "flac", "flac", 22_050, "flac"),
    "ogg-opus": ("audio/ogg;codecs=opus", "ogg", "opus", 48_000, "ogg"),
    "ogg-vorbis": ("audio/ogg;codecs=vorbis", "ogg", "vorbis", 22_050, "ogg"),
    "webm": ("audio/webm;codecs=opus", "webm", "opus", 48_000, "webm"),
    "l16": ("audio/l16;rate=22050", "raw", "pcm_s16le", 22_050, "raw"),
    "mulaw": ("audio/mulaw;rate=8000", "raw", "mulaw", 8_000, "raw"),
    "basic": ("audio/basic", "raw", "mulaw", 8_000, "raw"),
}
_NOT_OFFERED = ("volume", "contour", "breaks", "phonemes")


def synthesize(
    service: Service, speech: SpeechText, options: SpeechOptions
) -> Iterator[SpeechEvent]:
    """Speak; the format comes before the first audio.

    Raises:
        UsageError: something that the service does not offer, or a long text.
    """
    accept, container, codec, rate, suffix = _format(options.audio_format)
    for name in _NOT_OFFERED:
        if getattr(options, name):
            raise UsageError(
                f"watson does not support --{name.rstrip('s')}",
                hint="put it in an SSML document and use --ssml",
            )
    if len(speech.text.encode()) > LARGEST_TEXT:
        raise UsageError(
            f"the text is longer than {LARGEST_TEXT} bytes, the limit of Watson",
            hint="split the text",
        )
    request_id = str(service.context.environment.new_uuid())
    yield Started(Identifiers.of(request_id=request_id), transport="rest")
    request = requests.synthesize(service.base, _words(speech), accept, _query(options))

    def fault(response: HttpResponse) -> SttError | None:
        return service.error(response) if not response.is_success else None

    with service.sender.stream(service.authorized(request), fault) as answer:
        ids = ids_of(answer.head)
        if ids:
            yield Identified(ids)
        yield SpeechFormatKnown(
            SpeechFormat(container, codec, rate, suffix=suffix, content_type=accept)
        )
        for block in answer.steady_blocks():
            if block:
                yield SpeechAudio(block)


def voices(service: Service, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices that match."""
    fields = service.ask(requests.voices(service.base)).json_object()
    for voice in read_voices(fields):
        fits = query.gender in (None, voice.gender)
        if fits and matches_language(query.language, (voice.language,)):
            yield voice


def _words(speech: SpeechText) -> str:
    if speech.is_ssml:
        return speech.text
    from xml.sax.saxutils import escape

    # Plain text is read for markup too, so its special characters are escaped.
    return escape(speech.text, {'"': "&quot;", "'": "&apos;"})


def _query(options: SpeechOptions) -> dict[str, str | None]:
    values: dict[str, str | None] = {
        "voice": options.voice or _voice_for(options.language),
        "rate_percentage": _percentage("rate", options.rate),
        "pitch_percentage": _percentage("pitch", options.pitch),
    }
    return values | {name: texts[-1] for name, texts in options.params.items()}


def _voice_for(language: str | None) -> str | None:
    if language is None or language.lower() in ("en", "en-us"):
        return requests.DEFAULT_VOICE
    raise UsageError(
        f"no default voice for {language}",
        hint=f"choose a --voice; `stt voices -p watson -l {language}` lists them",
    )


def _percentage(name: str, given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return str(int(given.removesuffix("%")))
    except ValueError:
        raise UsageError(
            f"--{name} {given} is not a percentage", hint=f"for example --{name} +10%"
        ) from None


def _format(name: str | None) -> tuple[str, str, str, int, str]:
    try:
        return FORMATS[name or DEFAULT_FORMAT]
    except KeyError:
        raise NotFoundError(
            f"watson does not support the audio format {name!r}",
            hint=f"choose from {', '.join(FORMATS)}",
        ) from None
