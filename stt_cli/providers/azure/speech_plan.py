"""What one run of synthesis sends, decided before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from stt_cli.core.address import with_query
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.options import Params, SpeechOptions, SpeechText
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.azure_tts.pieces import split_text
from stt_cli.protocols.azure_tts.request import synthesis_request
from stt_cli.providers.azure.speech_service import SpeechService
from stt_cli.version import USER_AGENT

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
    rules = service.rules
    audio_format = rules.formats.choose(options.audio_format)
    if speech.is_ssml:
        document = ssml.check(speech.text)
        _refuse_beside_ssml(options)
        rules.limits.check(document)
        rules.check(document)
        return SpeechPlan((speech.text,), None, audio_format, params=options.params)
    chosen = rules.choose(service, options)
    style = ssml.style_of(
        language=chosen.language,
        voice=chosen.name,
        rate=options.rate,
        pitch=options.pitch,
        volume=options.volume,
        contour=options.contour,
        breaks=options.breaks,
        phonemes=options.phonemes,
    )
    _check_numbers(options)
    pieces = tuple(split_text(speech.text, style, rules.limits))
    return SpeechPlan(pieces, style, audio_format, chosen.notices, options.params)


def _refuse_beside_ssml(options: SpeechOptions) -> None:
    names = ("voice", "gender", "rate", "pitch", "volume")
    given = [f"--{name}" for name in names if getattr(options, name)]
    if given:
        raise UsageError(
            f"{' and '.join(given)} cannot change an SSML document",
            hint="it goes to the service as it is; write them into it",
        )


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
    # --param goes into the query: deploymentId of a custom voice stands there.
    pairs = [(key, one) for key, values in plan.params.items() for one in values]
    return synthesis_request(
        with_query(service.url(service.rules.path), pairs),
        plan.document(piece),
        plan.audio_format,
        user_agent=USER_AGENT,
        session_id=session_id,
        client_id=service.rules.client_id(service.environment),
    )
