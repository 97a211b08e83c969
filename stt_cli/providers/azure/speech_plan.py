"""What one run of synthesis sends: voice and style chosen, text cut into pieces."""

from __future__ import annotations

from dataclasses import dataclass, field

from stt_cli.core.address import with_query
from stt_cli.core.errors import NotFoundError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.options import Params, SpeechOptions, SpeechText, VoiceQuery
from stt_cli.net.client import USER_AGENT
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.azure_tts.formats import choose_format
from stt_cli.protocols.azure_tts.pieces import split_text
from stt_cli.protocols.azure_tts.request import (
    AZURE_PATH,
    BING_PATH,
    synthesis_request,
)
from stt_cli.protocols.azure_tts.voices_2018 import find_bing_voice
from stt_cli.providers.azure.installation import client_id
from stt_cli.providers.azure.speech_service import SpeechService, voices

DEFAULT_VOICE = "en-US-JennyNeural"
"""Azure's, where neither voice, language nor gender is named."""

_SLOWEST_NUMBER, _FASTEST_NUMBER = 0.1, 10.0


@dataclass(frozen=True, slots=True)
class SpeechPlan:
    """One run: ``style`` is ``None`` for an SSML document, sent as it is."""

    pieces: tuple[str, ...]
    style: ssml.Style | None
    audio_format: str
    notices: tuple[Notice, ...] = ()
    params: Params = field(default_factory=dict)

    def document(self, piece: str) -> str:
        """Return what is sent for a piece."""
        return piece if self.style is None else ssml.build(piece, self.style)


def plan_speech(
    service: SpeechService, speech: SpeechText, options: SpeechOptions
) -> SpeechPlan:
    """Return what to send.

    Raises:
        UsageError, NotFoundError: format, voice, style or document are not what the
            service takes; nothing was sent yet but a question for the voices.
    """
    audio_format = choose_format(options.audio_format, is_bing=service.is_bing)
    if speech.is_ssml:
        document = ssml.check(speech.text)
        _refuse_beside_ssml(options)
        service.limits.check(document)
        if service.is_bing:
            for name in document.voices:
                find_bing_voice(name, None, None)
        return SpeechPlan((speech.text,), None, audio_format, params=options.params)
    voice, language, notices = _voice(service, options)
    style = ssml.style_of(
        language=language,
        voice=voice,
        rate=options.rate,
        pitch=options.pitch,
        volume=options.volume,
        contour=options.contour,
        breaks=options.breaks,
        phonemes=options.phonemes,
    )
    _check_numbers(options)
    pieces = tuple(split_text(speech.text, style, service.limits))
    return SpeechPlan(pieces, style, audio_format, notices, options.params)


def _refuse_beside_ssml(options: SpeechOptions) -> None:
    names = ("voice", "gender", "rate", "pitch", "volume")
    given = [f"--{name}" for name in names if getattr(options, name)]
    if given:
        raise UsageError(
            f"{' and '.join(given)} cannot change an SSML document",
            hint="it goes to the service as it is; write them into it",
        )


def _voice(
    service: SpeechService, options: SpeechOptions
) -> tuple[str, str, tuple[Notice, ...]]:
    """Return the voice's name, the document's language, and what to tell."""
    if service.is_bing:
        found, old = find_bing_voice(options.voice, options.language, options.gender)
        told = f"the voice {old} was retired; {found.name} speaks instead"
        notices = (Notice(told),) if old else ()
        return found.id, options.language or found.language, notices
    if options.voice:
        return options.voice, options.language or _locale_of(options.voice), ()
    language = options.language or "en-US"
    if language.lower() == "en-us" and not options.gender:
        return DEFAULT_VOICE, "en-US", ()
    query = VoiceQuery(language, options.gender)
    first = next(voices(service, query), None)
    if first is None:
        kind = f"{options.gender} voice" if options.gender else "voice"
        raise NotFoundError(
            f"Azure Speech has no {kind} for {language}",
            hint="`stt voices -p azure` lists them",
        )
    return first.id, language, ()


def _locale_of(voice: str) -> str:
    """Return the locale in a voice's name, short or long."""
    name = voice.rpartition("(")[2]
    parts = name.replace(",", "-").split("-")
    return "-".join(part.strip() for part in parts[:2]) if len(parts) > 2 else "en-US"


def _check_numbers(options: SpeechOptions) -> None:
    """Refuse bare numbers that mean something else to these services."""
    if options.rate:
        value = prosody.rate(options.rate)
        fits = _SLOWEST_NUMBER <= abs(value.amount) <= _FASTEST_NUMBER
        if value.unit is prosody.Unit.NUMBER and not fits:
            raise UsageError(
                f"--rate {options.rate} would be that many times the normal rate",
                hint="write +30% or 1.3; words a minute are for -p local",
            )
    if options.pitch and prosody.pitch(options.pitch).unit is prosody.Unit.NUMBER:
        raise UsageError(
            f"--pitch {options.pitch} has no unit", hint="such as +10%, +2st or +20Hz"
        )


def request_for(
    service: SpeechService, plan: SpeechPlan, piece: str, session_id: str
) -> HttpRequest:
    """Return the request that speaks one piece, without credentials."""
    bing = service.is_bing
    # --param goes into the query: deploymentId of a custom voice stands there.
    pairs = [(key, one) for key, values in plan.params.items() for one in values]
    return synthesis_request(
        with_query(service.url(BING_PATH if bing else AZURE_PATH), pairs),
        plan.document(piece),
        plan.audio_format,
        user_agent=USER_AGENT,
        session_id=session_id,
        client_id=client_id(service.context.environment) if bing else None,
    )
