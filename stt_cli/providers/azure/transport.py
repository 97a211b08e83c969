"""REST, WebSocket or fast transcription for one recording: what ``auto`` chooses, why.

``choose`` decides from facts alone. Fast transcription answers many times faster than
the audio lasts, and costs less; it knows neither partials nor n-best, and its limits
differ from page to page: ``auto`` takes it only within those that every page allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.options import Mode, Pace, RecognizeOptions, TextForm, Transport
from stt_cli.protocols.azure_rest.enhanced import is_enhanced, is_streaming
from stt_cli.protocols.azure_rest.fast_rules import is_key
from stt_cli.protocols.azure_rest.limits import FAST_SURE_BYTES, FAST_SURE_SECONDS
from stt_cli.providers.azure.flavor import ShortAudioRules

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_AS_THEY_ARE = ("opus", "silk", "siren", "sirensr")
# "Supported input formats and codecs" of batch transcription, which hold for fast.
_FAST_CONTAINERS = ("wav", "mp3", "ogg", "flac", "wma", "aac", "amr", "webm")
_FAST_WAV = ("pcm_", "mulaw", "alaw")
# "Speech service regions", the column of fast transcription.
FAST_REGIONS = frozenset(
    {
        *("australiaeast", "brazilsouth", "canadacentral", "centralindia", "eastus"),
        *("eastus2", "francecentral", "germanywestcentral", "italynorth"),
        *("japaneast", "japanwest", "koreacentral", "northcentralus", "northeurope"),
        *("southcentralus", "southeastasia", "swedencentral", "uksouth"),
        *("westeurope", "westus", "westus2", "westus3"),
    }
)
# "Use the fast transcription API", the locales that can be named.
FAST_LOCALES = frozenset(
    {
        *(
            "de-de",
            "en-in",
            "en-us",
            "es-es",
            "es-mx",
            "fr-fr",
            "hi-in",
            "it-it",
            "ja-jp",
            "ko-kr",
        ),
        *("pt-br", "zh-cn"),
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a recording; of a live one, nothing."""

    live: bool = False
    seconds: float | None = None
    size: int | None = None
    container: str = "wav"
    codec: str = "pcm_s16le"
    channels: int = 1


@dataclass(frozen=True, slots=True)
class Ways:
    """What the service offers here.

    Args:
        region: the resource's region, where the service's own hosts are used. A
            container or a private endpoint may have no fast transcription.
        has_fast: whether the service has it at all.
    """

    rules: ShortAudioRules
    region: str | None = None
    has_fast: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A transport, and why where it was not asked for by name.

    ``otherwise`` takes over where the service does not offer the first one.
    """

    transport: Transport
    reason: str | None = None
    otherwise: Transport | None = field(default=None)


def facts_of(source: AudioSource) -> Facts:
    """Return what a recording's header tells. Raises ``AudioError``."""
    if source.live:
        return Facts(live=True)
    kind, length = source.encoding, source.duration
    return Facts(
        seconds=length,
        size=source.size,
        container=kind.container,
        codec=kind.codec,
        channels=kind.channels,
    )


def choose(options: RecognizeOptions, facts: Facts, ways: Ways) -> Choice:
    """Return how a recording goes.

    Raises:
        UsageError: what was asked for excludes the transport that was, or each other.
    """
    only_fast = _needs_fast(options) if ways.has_fast else None
    only_socket = _needs_the_socket(options)
    not_rest = only_socket or _needs_more_than_rest(options)
    if options.transport is Transport.REST:
        _check_rest(facts, only_fast or not_rest, ways.rules.most_seconds)
        return Choice(Transport.REST)
    if options.transport is Transport.FAST:
        _check_fast(_hinders_fast(options))
        return Choice(Transport.FAST)
    if options.transport is not Transport.AUTO:
        _check_socket(only_fast)
        return Choice(options.transport)
    if only_fast is not None:
        _check_fast(_hinders_fast(options), only_fast)
        return Choice(Transport.FAST, f"{only_fast} requires fast transcription")
    if only_socket is not None:
        return Choice(Transport.WEBSOCKET, f"{only_socket} requires the WebSocket")
    if facts.live:
        return Choice(Transport.WEBSOCKET, "the audio is live")
    short = facts.seconds is not None and facts.seconds <= ways.rules.auto_seconds
    limit = f"{ways.rules.auto_seconds:g} s"
    if short and not_rest is None and facts.codec not in _AS_THEY_ARE:
        return Choice(Transport.REST, f"it is shorter than {limit}")
    is_better = _hinders_fast(options) is None and _is_for_fast(options, facts, ways)
    if is_better and not short:
        reason = f"it is longer than {limit} and short enough for fast transcription"
        return Choice(Transport.FAST, reason, Transport.WEBSOCKET)
    if not_rest is not None:
        return Choice(Transport.WEBSOCKET, f"{not_rest} requires the WebSocket")
    if facts.seconds is None:
        return Choice(Transport.WEBSOCKET, "its length is unknown")
    if facts.codec in _AS_THEY_ARE:
        return Choice(Transport.WEBSOCKET, f"{facts.codec} is sent as is")
    return Choice(Transport.WEBSOCKET, f"it is longer than {limit}")


def _needs_fast(options: RecognizeOptions) -> str | None:
    own = next((key for key in options.params if is_key(key)), None)
    choices = (
        (is_enhanced(options.model), f"--model {options.model}"),
        (options.max_speakers is not None, "--max-speakers"),
        (own is not None, f"--param {own}"),
    )
    return _first(choices)


def _needs_the_socket(options: RecognizeOptions) -> str | None:
    """Return what neither REST nor fast transcription does."""
    choices = (
        (options.interim is True, "--interim"),
        (options.turns is not None, "--turns"),
        (options.wake is not None, "--wake"),
        (is_streaming(options.model), f"--model {options.model}"),
        (bool(options.translate_to), "--translate-to"),
    )
    return _first(choices)


def _needs_more_than_rest(options: RecognizeOptions) -> str | None:
    choices = (
        (options.words, "--words"),
        (options.speakers, "--speakers"),
        (bool(options.phrases), "--phrase"),
        (options.detects_language, "language detection"),
    )
    return _first(choices)


def _hinders_fast(options: RecognizeOptions) -> str | None:
    """Return what fast transcription does not do."""
    mode = options.mode
    form = options.text_form
    is_other_mode = mode not in (None, Mode.CONVERSATION)
    choices = (
        (options.detailed, "--detailed"),
        (form is not TextForm.DISPLAY, f"--text-form {form}"),
        (is_other_mode, f"{mode} mode"),
        (options.session_id is not None, "--session-id"),
    )
    return _needs_the_socket(options) or _first(choices)


def _is_for_fast(options: RecognizeOptions, facts: Facts, ways: Ways) -> bool:
    """Whether a recording is within what every page of the documents allows."""
    region = (ways.region or "").lower().replace(" ", "")
    known_form = facts.container in _FAST_CONTAINERS and (
        facts.container != "wav" or facts.codec.startswith(_FAST_WAV)
    )
    not_apart = options.channels and (facts.channels > 2 or options.speakers)
    return (
        ways.has_fast
        and region in FAST_REGIONS
        and (facts.seconds is not None and facts.seconds < FAST_SURE_SECONDS)
        and (facts.size is not None and facts.size < FAST_SURE_BYTES)
        and known_form
        and {tag.lower() for tag in options.languages} <= FAST_LOCALES
        and not not_apart
        and options.model is None
        and not options.params
        and options.pace is not Pace.REALTIME
    )


def _first(choices: tuple[tuple[bool, str], ...]) -> str | None:
    return next((name for wished, name in choices if wished), None)


def _check_rest(facts: Facts, needs: str | None, most: float) -> None:
    if needs is not None:
        raise UsageError(
            f"REST returns one final result, but {needs} requires more",
            hint="use --transport websocket, or auto",
        )
    if facts.seconds is not None and facts.seconds > most:
        raise too_long(facts.seconds, most)


def _check_fast(hindrance: str | None, needed_by: str | None = None) -> None:
    if hindrance is None:
        return
    if needed_by is not None:
        raise UsageError(
            f"{needed_by} requires fast transcription, which does not support "
            f"{hindrance}",
            hint="remove one of them",
        )
    raise UsageError(
        f"fast transcription does not support {hindrance}",
        hint="use --transport websocket, or auto",
    )


def _check_socket(needs: str | None) -> None:
    if needs is not None:
        raise UsageError(
            f"{needs} requires fast transcription",
            hint="use --transport fast, or auto",
        )


def exact_seconds(seconds: float) -> str:
    """Return a length to the microsecond: one sample more than 15 s is more."""
    return f"{seconds:.6f}".rstrip("0").rstrip(".") + " s"


def too_long(seconds: float, most: float) -> UsageError:
    """Return the error for a recording that REST does not take."""
    return UsageError(
        f"REST takes at most {most:g} s of audio, but this is "
        f"{exact_seconds(seconds)} long",
        hint="use --transport websocket, or auto",
    )
