"""Speaking by Azure Speech and Bing Speech over REST."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stt_cli.core.errors import (
    CredentialsError,
    NotFoundError,
    ProviderError,
    SttError,
    UsageError,
)
from stt_cli.core.events import Identified, Notice, Started
from stt_cli.core.http_message import HttpRequest, HttpResponse, with_query
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Params, SpeechOptions, SpeechText, VoiceQuery
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.azure_tts.formats import (
    choose_format,
    describe_format,
    mismatch,
    seconds_of,
)
from stt_cli.protocols.azure_tts.pieces import (
    AZURE_LIMITS,
    BING_LIMITS,
    Limits,
    halves,
    split_text,
)
from stt_cli.protocols.azure_tts.record import RecordError, parse_records
from stt_cli.protocols.azure_tts.request import (
    AZURE_PATH,
    BING_PATH,
    VOICES_PATH,
    answer_ids,
    read_voices,
    synthesis_refusal,
    synthesis_request,
)
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices, find_bing_voice
from stt_cli.providers.azure.auth import authorized, may_renew, send_authorized
from stt_cli.providers.azure.credentials import Credentials
from stt_cli.providers.azure.endpoints import BING_HOST, synthesis_base
from stt_cli.providers.azure.errors import credentials_hint
from stt_cli.providers.azure.installation import client_id
from stt_cli.providers.azure.speech_join import joined_wav
from stt_cli.providers.http import USER_AGENT, HttpSender
from stt_cli.providers.retry import REPEATABLE

if TYPE_CHECKING:
    from stt_cli.core.catalogue import Voice
    from stt_cli.providers.base import ProviderContext

DEFAULT_VOICE = "en-US-JennyNeural"
"""Azure's, where neither voice, language nor gender is named."""

_WAV_HEADER_BYTES = 44
_SLOWEST_NUMBER, _FASTEST_NUMBER = 0.1, 10.0


@dataclass(frozen=True, slots=True)
class SpeechService:
    """What every request shares."""

    context: ProviderContext
    sender: HttpSender
    credentials: Credentials
    is_bing: bool

    @property
    def title(self) -> str:
        """The service's name in messages."""
        return "Bing Speech" if self.is_bing else "Azure Speech"

    @property
    def limits(self) -> Limits:
        """What one request may hold."""
        return BING_LIMITS if self.is_bing else AZURE_LIMITS

    def url(self, path: str) -> str:
        """Return an address. Raises ``ConfigurationError``."""
        endpoint = self.context.endpoint
        if endpoint is None:
            if self.is_bing:
                return f"https://{BING_HOST}{path}"
            return synthesis_base(self.context.values.get("region") or "") + path
        parts = urlsplit(endpoint)
        if parts.path.strip("/") and path != VOICES_PATH:
            return endpoint
        host = parts.netloc.replace(".stt.speech.", ".tts.speech.")
        # On a custom domain the service's name comes first in the path.
        service = "/tts" if ".cognitiveservices.azure." in host else ""
        return f"{parts.scheme}://{host}{service}{path}"

    def refused(self, response: HttpResponse) -> SttError | None:
        """Return the error for an answer that is no 2xx."""
        if response.is_success:
            return None
        hint = credentials_hint(self.title, self.context.values.get("region"))
        return synthesis_refusal(
            response, self.title, credentials_hint=hint, limit=self.limits.words
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """One run: ``style`` is ``None`` for an SSML document, sent as it is."""

    pieces: tuple[str, ...]
    style: ssml.Style | None
    audio_format: str
    notices: tuple[Notice, ...] = ()
    params: Params = field(default_factory=dict)

    def document(self, piece: str) -> str:
        """Return what is sent for a piece."""
        return piece if self.style is None else ssml.build(piece, self.style)


def synthesize(
    service: SpeechService, speech: SpeechText, options: SpeechOptions
) -> Iterator[SpeechEvent]:
    """Speak a text, in as many requests as the limits ask for."""
    plan = _plan(service, speech, options)
    session_id = service.context.environment.new_hex_id()
    yield Started(
        Identifiers.of(session_id=session_id),
        transport="rest",
        language=options.language,
    )
    yield from plan.notices
    made = describe_format(plan.audio_format)
    yield SpeechFormatKnown(made)
    run = _Run(service, plan, made, session_id)
    if made.container == "wav":
        blocks: Iterator[bytes] = joined_wav(run.answers())
    else:
        blocks = chain.from_iterable(run.answers())
    for block in blocks:
        yield from run.taken_ids()
        yield SpeechAudio(block)
    yield from run.taken_ids()


def preview(service: SpeechService, speech: SpeechText, options: SpeechOptions) -> str:
    """Return the requests that ``synthesize`` would send, without credentials."""
    plan = _plan(service, speech, options)
    shown = []
    for piece in plan.pieces:
        request = _request(service, plan, piece, "0" * 32)
        lines = [f"{request.method} {request.url}"]
        lines += [f"{name}: {value}" for name, value in request.headers]
        size = len(request.body) if isinstance(request.body, bytes) else 0
        document = plan.document(piece)
        counted = f"({len(document):,} characters; limit: {service.limits.words})"
        lines += [f"Content-Length: {size}", "", document, counted]
        shown.append("\n".join(lines))
    return "\n\n".join(shown)


def voices(service: SpeechService, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices that match: the table of 2018, or the service's own list."""
    wanted = (query.language or "").replace("_", "-").lower()
    for voice in bing_voices() if service.is_bing else _listed(service):
        tags = [voice.language, *(voice.details.get("SecondaryLocaleList") or ())]
        speaks = any(
            tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")
            for tag in tags
        )
        if (speaks or not wanted) and query.gender in (None, voice.gender):
            yield voice


def _listed(service: SpeechService) -> list[Voice]:
    def read(response: HttpResponse) -> list[Voice]:
        error = service.refused(response)
        if error is not None:
            raise error
        return read_voices(response)

    request = HttpRequest("GET", service.url(VOICES_PATH))
    return send_authorized(service.sender, service.credentials, request, read)


class _Run:
    """The requests of one run, one after the other."""

    def __init__(
        self, service: SpeechService, plan: _Plan, made: SpeechFormat, session_id: str
    ) -> None:
        self._service = service
        self._plan = plan
        self._made = made
        self._session_id = session_id
        self._ids: list[Identifiers] = []

    def taken_ids(self) -> Iterator[Identified]:
        """Yield the IDs that answers brought since the last call."""
        while self._ids:
            yield Identified(self._ids.pop(0))

    def answers(self) -> Iterator[Iterator[bytes]]:
        """Yield each answer's audio; a piece found too long is sent in halves."""
        if not self._service.is_bing:
            for piece in self._plan.pieces:
                yield self._streamed(piece)
            return
        left = deque(self._plan.pieces)
        while left:
            piece = left.popleft()
            audio = self._whole(piece)
            if audio is not None:
                yield iter([audio])
            else:
                left.extendleft(reversed(halves(piece)))

    def _whole(self, piece: str) -> bytes | None:
        """Return one answer's audio, ``None`` if the piece should be halved."""
        service, plan = self._service, self._plan
        may_halve = plan.style is not None and len(piece) > 1

        def read(response: HttpResponse) -> HttpResponse:
            error = service.refused(response)
            if error is not None:
                raise error
            return response

        try:
            response = send_authorized(
                service.sender,
                service.credentials,
                _request(service, plan, piece, self._session_id),
                read,
                policy=REPEATABLE,
            )
        except UsageError as error:
            if error.http_status == 413 and may_halve:
                return None
            raise
        self._learn(response)
        audio = self._checked(response)
        if self._is_too_long(audio):
            if may_halve:
                return None
            raise service.limits.too_long("as much audio as the service makes")
        return audio

    def _checked(self, response: HttpResponse) -> bytes:
        """Return the audio of an answer, taken out of records where it has them."""
        ids = answer_ids(response)
        try:
            records = parse_records(response.body)
        except RecordError as fault:
            raise ProviderError(
                f"{self._service.title} sent damaged audio: {fault}",
                hint="try again",
                ids=ids,
                transient=True,
            ) from fault
        if records is not None:
            return b"".join(record.body for record in records)
        self._check(response, response.body[:16])
        return response.body

    def _is_too_long(self, audio: bytes) -> bool:
        header = _WAV_HEADER_BYTES if self._made.container == "wav" else 0
        seconds = seconds_of(self._plan.audio_format, max(0, len(audio) - header))
        return seconds is not None and seconds >= self._service.limits.most_seconds

    def _streamed(self, piece: str) -> Iterator[bytes]:
        service = self._service
        request = _request(service, self._plan, piece, self._session_id)
        try:
            yield from self._blocks(request)
        except CredentialsError as error:
            # Refused before any audio: a token may have died between two pieces.
            if not may_renew(error, request) or not service.credentials.renew():
                raise
            yield from self._blocks(request)

    def _blocks(self, request: HttpRequest) -> Iterator[bytes]:
        service, first = self._service, True
        with service.sender.stream(
            authorized(request, service.credentials), service.refused, policy=REPEATABLE
        ) as answer:
            self._learn(answer.head)
            for block in answer.blocks():
                if first and block:
                    self._check(answer.head, block[:16])
                    first = False
                yield block

    def _learn(self, response: HttpResponse) -> None:
        ids = answer_ids(response)
        if ids:
            self._ids.append(ids)

    def _check(self, response: HttpResponse, head: bytes) -> None:
        kind = response.header("Content-Type") or ""
        wrong = mismatch(self._made, kind, head)
        if wrong:
            raise ProviderError(
                f"{self._service.title} did not send {self._plan.audio_format}: "
                f"{wrong}",
                hint="check --endpoint, or choose another --audio-format",
                ids=answer_ids(response),
                http_status=response.status,
            )


def _request(
    service: SpeechService, plan: _Plan, piece: str, session_id: str
) -> HttpRequest:
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


def _plan(service: SpeechService, speech: SpeechText, options: SpeechOptions) -> _Plan:
    audio_format = choose_format(options.audio_format, is_bing=service.is_bing)
    if speech.is_ssml:
        document = ssml.check(speech.text)
        _refuse_beside_ssml(options)
        service.limits.check(document)
        if service.is_bing:
            for name in document.voices:
                find_bing_voice(name, None, None)
        return _Plan((speech.text,), None, audio_format, params=options.params)
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
    return _Plan(pieces, style, audio_format, notices, options.params)


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
