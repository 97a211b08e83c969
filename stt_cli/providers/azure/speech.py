"""Speaking by Azure Speech and Bing Speech over REST."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from stt_cli.audio.wav import WavHeaderReader
from stt_cli.core.address import with_query
from stt_cli.core.errors import CredentialsError, ProviderError, UsageError
from stt_cli.core.events import Identified, Notice, Started
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Params, SpeechOptions, SpeechText
from stt_cli.core.speech import (
    SpeechAudio,
    SpeechEvent,
    SpeechFormat,
    SpeechFormatKnown,
)
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols import prosody, ssml
from stt_cli.protocols.azure_tts.formats import describe_format, mismatch, seconds_of
from stt_cli.protocols.azure_tts.pieces import halves, split_text
from stt_cli.protocols.azure_tts.record import RecordError, parse_records
from stt_cli.protocols.azure_tts.request import answer_ids, synthesis_request
from stt_cli.providers.azure.speech_service import SpeechService
from stt_cli.providers.azure.tokens import authorized, may_renew
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
            f"{' and '.join(given)} cannot be used with SSML",
            hint="put them in the document",
        )


def _check_numbers(options: SpeechOptions) -> None:
    """Refuse bare numbers that mean something else to these services."""
    if options.rate:
        value = prosody.rate(options.rate)
        fits = _SLOWEST_NUMBER <= abs(value.amount) <= _FASTEST_NUMBER
        if value.unit is prosody.Unit.NUMBER and not fits:
            raise UsageError(
                f"--rate {options.rate} would mean {options.rate} times the normal "
                "rate",
                hint="use a rate such as +30% or 1.3; words per minute only work "
                "with -p local",
            )
    if options.pitch and prosody.pitch(options.pitch).unit is prosody.Unit.NUMBER:
        raise UsageError(
            f"--pitch {options.pitch} has no unit",
            hint="use a pitch such as +10%, +2st or +20Hz",
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


_MOST_HALVINGS = 5
"""How often a piece is cut in two that the service finds too long. Pieces are close
to what fits; whoever refuses a thirty-second of one refuses them all."""
_WAV_HEADER_BYTES = 44
_OPEN = 0xFFFF_FFFF


def synthesize(
    service: SpeechService, speech: SpeechText, options: SpeechOptions
) -> Iterator[SpeechEvent]:
    """Speak a text, in as many requests as the limits ask for."""
    plan = plan_speech(service, speech, options)
    session_id = service.environment.new_hex_id()
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
    plan = plan_speech(service, speech, options)
    shown = []
    for piece in plan.pieces:
        request = request_for(service, plan, piece, "0" * 32)
        lines = [f"{request.method} {request.url}"]
        lines += [f"{name}: {value}" for name, value in request.headers]
        size = len(request.body) if isinstance(request.body, bytes) else 0
        document = plan.document(piece)
        counted = f"({len(document):,} characters; limit: {service.rules.limits.words})"
        lines += [f"Content-Length: {size}", "", document, counted]
        shown.append("\n".join(lines))
    return "\n\n".join(shown)


class _Run:
    """The requests of one run, one after the other."""

    def __init__(
        self,
        service: SpeechService,
        plan: SpeechPlan,
        made: SpeechFormat,
        session_id: str,
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
        if not self._service.rules.is_short:
            for piece in self._plan.pieces:
                yield self._streamed(piece)
            return
        left = deque((piece, _MOST_HALVINGS) for piece in self._plan.pieces)
        while left:
            piece, halvings = left.popleft()
            may_halve = self._plan.style is not None and halvings > 0 and len(piece) > 1
            audio = self._whole(piece, may_halve)
            if audio is not None:
                yield iter([audio])
            else:
                parts = [(part, halvings - 1) for part in halves(piece)]
                left.extendleft(reversed(parts))

    def _whole(self, piece: str, may_halve: bool) -> bytes | None:
        """Return one answer's audio, ``None`` if the piece is to be halved."""
        service, plan = self._service, self._plan

        def read(response: HttpResponse) -> HttpResponse:
            error = service.refused(response)
            if error is not None:
                raise error
            return response

        try:
            response = service.service.send(
                request_for(service, plan, piece, self._session_id),
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
            raise service.rules.limits.too_long("as much audio as the service returns")
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
        return (
            seconds is not None and seconds >= self._service.rules.limits.most_seconds
        )

    def _streamed(self, piece: str) -> Iterator[bytes]:
        credentials = self._service.service.credentials
        request = request_for(self._service, self._plan, piece, self._session_id)
        try:
            yield from self._blocks(request)
        except CredentialsError as error:
            # Refused before any audio: a token may have died between two pieces.
            if not may_renew(error, request) or not credentials.renew():
                raise
            yield from self._blocks(request)

    def _blocks(self, request: HttpRequest) -> Iterator[bytes]:
        service, first = self._service.service, True
        with service.sender.stream(
            authorized(request, service.credentials),
            self._service.refused,
            policy=REPEATABLE,
        ) as answer:
            self._learn(answer.head)
            for block in answer.steady_blocks():
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
                f"{self._service.title} did not return {self._plan.audio_format}: "
                f"{wrong}",
                hint="check --endpoint, or choose a different --audio-format",
                ids=answer_ids(response),
                http_status=response.status,
            )


def joined_wav(answers: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Yield WAV answers as one WAV, whose sizes are left open.

    Raises:
        AudioError: an answer is no WAV.
        ProviderError: an answer ends before its header says; cut-off speech
            would otherwise pass for whole.
    """
    for index, blocks in enumerate(answers):
        reader, head, left = WavHeaderReader(), bytearray(), None
        for block in blocks:
            if reader.header is None:
                head += block
                reader.receive(block)
                if reader.header is None:
                    continue
                if index == 0:
                    yield _with_open_sizes(bytes(head), reader.header.data_offset)
                left = reader.header.data_size
                block = reader.rest
            if left is not None:
                block = block[:left]
                left -= len(block)
            if block:
                yield block
        if reader.header is None:
            raise reader.end()
        if left and reader.header.size_is_firm:
            raise ProviderError(
                f"the audio is {left:,} bytes shorter than its header says",
                hint="try again; a proxy may have truncated it",
                transient=True,
            )


def _with_open_sizes(head: bytes, data_offset: int) -> bytes:
    size = struct.pack("<I", _OPEN)
    return head[:4] + size + head[8 : data_offset - 4] + size
