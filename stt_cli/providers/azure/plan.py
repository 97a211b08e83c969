"""What one recognition over the WebSocket will be, decided before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.guid import session_id_from
from stt_cli.core.options import Mode, Profanity, RecognizeOptions, TextForm
from stt_cli.protocols.azure_rest.enhanced import is_streaming
from stt_cli.protocols.usp.limits import (
    INTERACTIVE_SECONDS,
    SAMPLE_RATE,
)
from stt_cli.protocols.usp.messages import (
    OGG_TYPE,
    SILK_TYPE,
    WAV_TYPE,
    LanguageIdentification,
    TurnContext,
    candidates_fault,
    riff_header,
)
from stt_cli.protocols.usp.opus import LOOKED_AT_BYTES, opus_fault
from stt_cli.protocols.usp.translation import TranslationRequest
from stt_cli.providers.azure.connection import Address
from stt_cli.providers.azure.endpoints import realtime_url
from stt_cli.providers.azure.flavor import Flavor
from stt_cli.providers.azure.languages import azure_language
from stt_cli.providers.azure.transport import exact_seconds

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioEncoding, AudioSource
    from stt_cli.providers.base import ProviderContext

DEFAULT_LANGUAGE = "en-US"
_ORIGINAL_CHUNK = 4_096
_LIVE_BLOCK_SECONDS = 0.1
_BLOCK_SECONDS = 1.0
_SIREN = ("siren", "sirensr")
# The SDK's property SpeechServiceConnection_LanguageIdMode, and its values.
_IDENTIFICATION_MODE = "languageIdMode"
_AT_START = "AtStart"
_IDENTIFICATION_MODES = (_AT_START, "Continuous")


@dataclass(frozen=True, slots=True)
class OutgoingAudio:
    """How the audio goes out: the type, what precedes it, and the bytes.

    ``is_pcm`` tells whether a position in bytes is a point in time, so that a new
    turn can begin in the middle.
    """

    content_type: str
    header: bytes
    open_blocks: Callable[[], Iterator[bytes]]
    is_pcm: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """One recognition. ``context`` ``None`` sends no speech.context, as in 2018."""

    address: Address
    language: str | None
    mode: Mode
    context: TurnContext | None
    audio: OutgoingAudio
    turns: int | None
    session_id: str | None
    notices: tuple[Notice, ...] = ()


def plan_recognition(
    flavor: Flavor,
    context: ProviderContext,
    source: AudioSource,
    options: RecognizeOptions,
) -> Plan:
    """Decide everything before a connection. Raises ``UsageError``.

    Raises:
        UsageError: language, turns or session ID are wrong.
        ConfigurationError: neither a region nor an endpoint is known.
    """
    wanted = _wanted_language(options)
    mode = options.mode or Mode(flavor.default_mode(wanted or DEFAULT_LANGUAGE))
    language = None if wanted is None else flavor.language(wanted, str(mode))
    languages = _identification(options, mode)
    streaming = is_streaming(options.model)
    if streaming:
        _check_streaming(options)
    if options.translate_to:
        _check_translation(options)
    region, endpoint = context.values.get("region"), context.endpoint
    query = [
        ("language", language),
        *_translated_languages(language, options),
        ("lidEnabled", "true" if languages is not None else None),
        ("format", "detailed" if _wants_detail(options) else "simple"),
        ("profanity", str(options.profanity or Profanity.MASKED)),
        ("wordLevelTimestamps", "true" if options.words else None),
        ("cid", None if streaming else options.model),
        *_parameters(options),
    ]
    url = realtime_url(
        flavor.hosts,
        region=region,
        endpoint=endpoint,
        mode=str(mode),
        query=query,
        universal=streaming or bool(options.translate_to),
    )
    origin = endpoint or flavor.hosts.recognition(region)
    session_id = session_id_from(options.session_id) if options.session_id else None
    turn_context = TurnContext(
        mode=str(mode),
        language=language,
        detailed=_wants_detail(options),
        words=options.words,
        profanity=str(options.profanity or Profanity.MASKED),
        interim=options.interim is not False,
        phrases=options.phrases,
        speakers=options.speakers,
        session_id=session_id,
        languages=languages,
        translation=_translation(options),
        model=options.model if streaming else None,
    )
    return Plan(
        address=Address(url, origin if flavor.sends_origin else None),
        language=language,
        mode=mode,
        context=turn_context if flavor.sends_context else None,
        audio=_outgoing_audio(source),
        turns=_turns(mode, options),
        session_id=session_id,
        notices=(
            *_conversion(source),
            *_warnings(flavor, source, mode, language or DEFAULT_LANGUAGE),
        ),
    )


def _wanted_language(options: RecognizeOptions) -> str | None:
    """Return the one language to recognize, ``None`` where it is to be found out."""
    if options.detects_language:
        return None
    if options.language is None and is_streaming(options.model):
        return None  # it finds it out by itself
    return options.language or DEFAULT_LANGUAGE


def _identification(
    options: RecognizeOptions, mode: Mode
) -> LanguageIdentification | None:
    """Return which languages to choose from, ``None`` where one is known.

    Raises:
        UsageError: there are too many, or two varieties of one language.
    """
    if not options.detects_language:
        return None
    chosen = options.params.get(_IDENTIFICATION_MODE, ())
    if chosen and chosen[-1] not in _IDENTIFICATION_MODES:
        raise UsageError(
            f"--param {_IDENTIFICATION_MODE} must be "
            f"{' or '.join(_IDENTIFICATION_MODES)}, not {chosen[-1]}"
        )
    # One utterance is in one language; in a conversation it may change.
    at_start = mode is Mode.INTERACTIVE if not chosen else chosen[-1] == _AT_START
    candidates = tuple(azure_language(tag) for tag in options.candidates)
    fault = candidates_fault(candidates, continuous=not at_start)
    if fault is not None:
        raise UsageError(fault, hint="use fewer languages with -l, or -l auto")
    return LanguageIdentification(candidates, continuous=not at_start)


def _check_streaming(options: RecognizeOptions) -> None:
    """Refuse what a streaming model's results do not hold (its documentation)."""
    for wished, what in (
        (options.words, "word timestamps (--words)"),
        (options.detailed, "n-best results (--detailed)"),
        (options.speakers, "speaker labels (--speakers)"),
        (bool(options.candidates), "several languages (-l repeated)"),
    ):
        if wished:
            raise UsageError(
                f"{options.model} does not support {what}", hint="remove it, or --model"
            )


def _check_translation(options: RecognizeOptions) -> None:
    """Refuse what translation messages do not contain."""
    other_form = options.text_form is not TextForm.DISPLAY
    for requested, what in (
        (options.words, "word timestamps (--words)"),
        (options.detailed, "N-best alternatives (--detailed)"),
        (options.speakers, "speaker labels (--speakers)"),
        (other_form, f"{options.text_form} text (--text-form)"),
    ):
        if requested:
            raise UsageError(
                f"Azure returns no {what} with translations (--translate-to)",
                hint="remove one of them",
            )
    if is_streaming(options.model):
        raise UsageError(
            f"{options.model} does not translate (--translate-to)",
            hint="remove --model",
        )


def _translated_languages(
    language: str | None, options: RecognizeOptions
) -> list[tuple[str, str | None]]:
    """Return the languages as query parameters.

    The SDK sends them besides speech.context; translation-only endpoints read
    nothing else.
    """
    if not options.translate_to:
        return []
    return [("from", language), ("to", ",".join(options.translate_to))]


def _translation(options: RecognizeOptions) -> TranslationRequest | None:
    if not options.translate_to:
        return None
    return TranslationRequest(
        options.translate_to, interim=options.interim is not False
    )


def _wants_detail(options: RecognizeOptions) -> bool:
    """Words and the other text forms stand in detailed results only."""
    other_form = options.text_form is not TextForm.DISPLAY
    return options.detailed or options.words or other_form


def _parameters(options: RecognizeOptions) -> list[tuple[str, str | None]]:
    return [
        (key, value)
        for key, values in options.params.items()
        if key != _IDENTIFICATION_MODE
        for value in values
    ]


def _turns(mode: Mode, options: RecognizeOptions) -> int | None:
    """How many turns: one utterance is one, speech without end takes what it takes."""
    if options.turns is not None:
        if options.turns < 1:
            raise UsageError("--turns must be at least 1")
        return options.turns
    return 1 if mode is Mode.INTERACTIVE else None


def _outgoing_audio(source: AudioSource) -> OutgoingAudio:
    encoding = None if source.live else source.encoding
    if encoding is not None:
        as_it_is = None
        if is_opus(encoding) and _opus_fault(source) is None:
            as_it_is = OGG_TYPE
        elif encoding.codec == "silk":
            as_it_is = SILK_TYPE
        elif encoding.container == "wav" and encoding.codec in _SIREN:
            as_it_is = WAV_TYPE
        if as_it_is is not None:
            return OutgoingAudio(
                as_it_is, b"", lambda: source.original(_ORIGINAL_CHUNK), is_pcm=False
            )
    seconds = _LIVE_BLOCK_SECONDS if source.live else _BLOCK_SECONDS
    return OutgoingAudio(
        WAV_TYPE,
        riff_header(),
        lambda: source.pcm(SAMPLE_RATE, seconds),
        is_pcm=True,
    )


def is_opus(encoding: AudioEncoding) -> bool:
    """Whether it is Opus in Ogg."""
    return (encoding.container, encoding.codec) == ("ogg", "opus")


def _opus_fault(source: AudioSource) -> str | None:
    """Return why Opus is not sent as it is; it is converted to PCM then."""
    blocks = source.original(LOOKED_AT_BYTES)
    head = next(blocks, b"")
    close = getattr(blocks, "close", None)
    if close is not None:
        close()
    return opus_fault(head)


def _conversion(source: AudioSource) -> tuple[Notice, ...]:
    if source.live or not is_opus(source.encoding):
        return ()
    fault = _opus_fault(source)
    if fault is None:
        return ()
    message = f"converting {source.name} to PCM: {fault}"
    return (
        Notice(message, hint="only mono CBR Opus at 16 or 32 kbit/s is sent as is"),
    )


def _warnings(
    flavor: Flavor, source: AudioSource, mode: Mode, language: str
) -> tuple[Notice, ...]:
    length = source.duration
    if length is None:
        return ()
    if mode is Mode.INTERACTIVE and length > INTERACTIVE_SECONDS:
        other = flavor.default_mode(language)
        return (
            Notice(
                "interactive mode takes one utterance of at most "
                f"{INTERACTIVE_SECONDS:.0f} s, but this is {exact_seconds(length)} "
                "long",
                hint=f"use --mode {other} for longer audio",
            ),
        )
    longest = flavor.dictation_seconds
    if longest is not None and mode is Mode.DICTATION and length > longest:
        return (
            Notice(
                f"a dictation can last at most {longest / 60:.0f} minutes, but this is "
                f"{exact_seconds(length)} long",
                hint="stt continues over new connections",
            ),
        )
    return ()


def preview_realtime(plan: Plan) -> str:
    """Return the WebSocket's request and the turn's context."""
    url = plan.address.url.replace("http", "ws", 1)
    lines = [
        f"GET {url}",
        f"X-ConnectionId: {plan.session_id or '(a new session ID)'}",
        f"audio: {plan.audio.content_type}, mode {plan.mode}, "
        f"{plan.language or 'any language'}",
    ]
    if plan.context is not None:
        lines.append(f"speech.context: {json.dumps(plan.context.to_json())}")
    lines += [notice.message for notice in plan.notices]
    return "\n".join(lines)
