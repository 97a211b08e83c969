"""What one recognition over the WebSocket will be, decided before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.guid import session_id_from
from stt_cli.core.options import Mode, Profanity, RecognizeOptions, TextForm
from stt_cli.protocols.usp.limits import (
    DICTATION_SECONDS,
    INTERACTIVE_SECONDS,
    SAMPLE_RATE,
)
from stt_cli.protocols.usp.messages import (
    OGG_TYPE,
    SILK_TYPE,
    WAV_TYPE,
    TurnContext,
    riff_header,
)
from stt_cli.providers.azure.endpoints import (
    BING_HOST,
    azure_realtime_url,
    bing_realtime_url,
)
from stt_cli.providers.azure.languages import (
    azure_language,
    bing_language,
    default_mode,
)
from stt_cli.providers.azure.link import Address

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.providers.base import ProviderContext

DEFAULT_LANGUAGE = "en-US"
_ORIGINAL_CHUNK = 4_096
_LIVE_BLOCK_SECONDS = 0.1
_BLOCK_SECONDS = 1.0
_SIREN = ("siren", "sirensr")


@dataclass(frozen=True, slots=True)
class Sound:
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
    language: str
    mode: Mode
    context: TurnContext | None
    sound: Sound
    turns: int | None
    session_id: str | None
    notices: tuple[Notice, ...] = ()


def plan_azure(
    context: ProviderContext, source: AudioSource, options: RecognizeOptions
) -> Plan:
    """Plan for today's service. Raises ``UsageError``, ``ConfigurationError``."""
    language = azure_language(options.language or DEFAULT_LANGUAGE)
    mode = options.mode or Mode.CONVERSATION
    region = context.values.get("region")
    query = [
        *_common_query(language, options),
        ("wordLevelTimestamps", "true" if options.words else None),
        ("cid", options.model),
        *_parameters(options),
    ]
    url = azure_realtime_url(
        region=region, endpoint=context.endpoint, mode=str(mode), query=query
    )
    session_id = session_id_from(options.session_id) if options.session_id else None
    return Plan(
        address=Address(url, "Azure Speech", region),
        language=language,
        mode=mode,
        context=TurnContext(
            mode=str(mode),
            language=language,
            detailed=_wants_detail(options),
            words=options.words,
            profanity=str(options.profanity or Profanity.MASKED),
            interim=options.interim is not False,
            phrases=options.phrases,
            speakers=options.speakers,
            session_id=session_id,
        ),
        sound=_sound(source),
        turns=_turns(mode, options),
        session_id=session_id,
        notices=_warnings(source, mode, language, limited=False),
    )


def plan_bing(
    context: ProviderContext, source: AudioSource, options: RecognizeOptions
) -> Plan:
    """Plan for the service of 2018. Raises ``UsageError``."""
    wanted = options.language or DEFAULT_LANGUAGE
    mode = options.mode or Mode(default_mode(wanted))
    language = bing_language(wanted, str(mode))
    query = [*_common_query(language, options), *_parameters(options)]
    endpoint = context.endpoint
    url = bing_realtime_url(endpoint=endpoint, mode=str(mode), query=query)
    return Plan(
        address=Address(url, "Bing Speech", None, endpoint or f"https://{BING_HOST}"),
        language=language,
        mode=mode,
        context=None,
        sound=_sound(source),
        turns=_turns(mode, options),
        session_id=session_id_from(options.session_id) if options.session_id else None,
        notices=_warnings(source, mode, language, limited=True),
    )


def _common_query(
    language: str, options: RecognizeOptions
) -> list[tuple[str, str | None]]:
    return [
        ("language", language),
        ("format", "detailed" if _wants_detail(options) else "simple"),
        ("profanity", str(options.profanity or Profanity.MASKED)),
    ]


def _wants_detail(options: RecognizeOptions) -> bool:
    """Words and the other text forms stand in detailed results only."""
    other_form = options.text_form is not TextForm.DISPLAY
    return options.detailed or options.words or other_form


def _parameters(options: RecognizeOptions) -> list[tuple[str, str | None]]:
    return [(key, value) for key, values in options.params.items() for value in values]


def _turns(mode: Mode, options: RecognizeOptions) -> int | None:
    """How many turns: one utterance is one, speech without end takes what it takes."""
    if options.turns is not None:
        if options.turns < 1:
            raise UsageError("--turns takes a number from 1")
        return options.turns
    return 1 if mode is Mode.INTERACTIVE else None


def _sound(source: AudioSource) -> Sound:
    encoding = None if source.live else source.encoding
    if encoding is not None:
        as_it_is = None
        if (encoding.container, encoding.codec) == ("ogg", "opus"):
            as_it_is = OGG_TYPE
        elif encoding.codec == "silk":
            as_it_is = SILK_TYPE
        elif encoding.container == "wav" and encoding.codec in _SIREN:
            as_it_is = WAV_TYPE
        if as_it_is is not None:
            return Sound(
                as_it_is, b"", lambda: source.original(_ORIGINAL_CHUNK), is_pcm=False
            )
    seconds = _LIVE_BLOCK_SECONDS if source.live else _BLOCK_SECONDS
    return Sound(
        WAV_TYPE,
        riff_header(),
        lambda: source.pcm(SAMPLE_RATE, seconds),
        is_pcm=True,
    )


def _warnings(
    source: AudioSource, mode: Mode, language: str, *, limited: bool
) -> tuple[Notice, ...]:
    length = source.duration
    if length is None:
        return ()
    if mode is Mode.INTERACTIVE and length > INTERACTIVE_SECONDS:
        other = default_mode(language) if limited else "conversation"
        return (
            Notice(
                f"interactive mode takes one utterance of {INTERACTIVE_SECONDS:.0f} s "
                f"at most, and this is {length:.0f} s long",
                hint=f"--mode {other} takes all of it",
            ),
        )
    if limited and mode is Mode.DICTATION and length > DICTATION_SECONDS:
        return (
            Notice(
                f"a dictation lasts {DICTATION_SECONDS / 60:.0f} minutes at most, "
                f"and this is {length / 60:.0f} minutes long",
                hint="it goes on over further connections",
            ),
        )
    return ()
