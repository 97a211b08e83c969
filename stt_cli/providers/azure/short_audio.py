"""Recognition by one REST request: short audio in, one final result out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Phrase,
    RecognitionEvent,
    Started,
)
from stt_cli.core.guid import session_id_from
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import Mode, Profanity, RecognizeOptions, TextForm
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.net.client import Timeouts
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols.azure_rest.errors import ids_of, refusal
from stt_cli.protocols.azure_rest.short_audio import (
    ShortAudio,
    read_result,
)
from stt_cli.protocols.usp.limits import BYTES_A_SECOND, ticks_to_seconds
from stt_cli.protocols.usp.messages import riff_header
from stt_cli.protocols.usp.results import PhraseResult
from stt_cli.providers.azure.endpoints import short_audio_url
from stt_cli.providers.azure.errors import phrase_failed
from stt_cli.providers.azure.service import Service
from stt_cli.providers.azure.transport import exact_seconds, too_long

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

DEFAULT_LANGUAGE = "en-US"
_LEFT_OUT_SECONDS = 3.0  # audio after the result's end that is worth a word


def plan_short_audio(
    service: Service, options: RecognizeOptions
) -> tuple[ShortAudio, Mode]:
    """Return the request that one recognition makes.

    Raises:
        UsageError, ConfigurationError: language, mode, region or ID are wrong.
    """
    wanted = options.language or DEFAULT_LANGUAGE
    flavor, given = service.flavor, options.session_id
    mode = options.mode or Mode(flavor.default_mode(wanted))
    environment = service.context.environment
    url = short_audio_url(
        flavor.hosts,
        region=service.region,
        endpoint=service.context.endpoint,
        mode=str(mode),
    )
    plan = ShortAudio(
        url=url,
        language=flavor.language(wanted, str(mode)),
        content_type=flavor.short_audio.content_type,
        session_id=session_id_from(given) if given else environment.new_hex_id(),
        detailed=options.detailed or options.text_form is not TextForm.DISPLAY,
        profanity=str(options.profanity or Profanity.MASKED),
        endpoint_id=options.model,
        parameters=tuple(
            (key, value) for key, values in options.params.items() for value in values
        ),
    )
    return plan, mode


def preview_short_audio(service: Service, options: RecognizeOptions) -> str:
    """Return the request as text, for ``--dry-run``; the session ID is a new one."""
    plan, mode = plan_short_audio(service, options)
    request = plan.request(lambda: iter(()), repeatable=True)
    headers = [f"{name}: {value}" for name, value in request.headers]
    lines = [
        f"{request.method} {request.url}",
        *headers,
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        f"audio: 16 kHz mono PCM, mode {mode}, {plan.language}",
    ]
    return "\n".join(lines)


def recognize_short_audio(
    service: Service,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None,
) -> Iterator[RecognitionEvent]:
    """Recognize one input; the session ID is known before any audio leaves."""
    plan, mode = plan_short_audio(service, options)
    if not source.live:
        _ = source.encoding  # unreadable audio is told before anything is sent
    yield Started(
        Identifiers.of(session_id=plan.session_id),
        transport="rest",
        language=plan.language,
        mode=str(mode),
        reason=reason,
    )
    length, rules = source.duration, service.flavor.short_audio
    advised = rules.advised_seconds
    if advised is not None and length is not None and length > advised:
        yield Notice(
            f"the service's documentation also gives a limit of {advised:g} s per "
            f"request, and this is {exact_seconds(length)} long",
            hint="use --transport websocket, which has no limit",
        )
    request = plan.request(
        lambda: _wav(source, rules.most_seconds),
        repeatable=not source.live,
    )
    response, result = service.send(
        request,
        lambda answer: _read(answer, service),
        policy=REPEATABLE,
        timeouts=Timeouts(total=rules.answer_seconds),
    )
    ids = ids_of(response)
    if ids:
        yield Identified(ids)
    if result.outcome is RecognitionStatus.SUCCESS and result.segment.text:
        yield Phrase(result.segment)
        end = ticks_to_seconds(result.end)
        if length is not None and length - end > _LEFT_OUT_SECONDS:
            yield Notice(
                f"the result ends at {end:.1f} s of {length:.1f} s",
                hint="REST returns one result; use --transport websocket to "
                "recognize all of it",
            )
    yield Ended(
        result.outcome or RecognitionStatus.FAILED,
        duration=length,
        raw=(response.json(),) if options.keep_raw else (),
    )


def _wav(source: AudioSource, most: float) -> Iterator[bytes]:
    """Yield the RIFF header with the first block, then blocks of 100 ms."""
    header, sent = riff_header(), 0
    for block in source.pcm():
        sent += len(block)
        if sent > most * BYTES_A_SECOND:
            raise too_long(sent / BYTES_A_SECOND, most)
        yield header + block
        header = b""


def _read(
    response: HttpResponse, service: Service
) -> tuple[HttpResponse, PhraseResult]:
    if not response.is_success:
        hint = service.credentials_hint
        raise refusal(response, service.title, credentials_hint=hint, short_audio=True)
    result = read_result(response)
    if result.outcome is None:
        raise phrase_failed(result.status, service.title).with_ids(ids_of(response))
    return response, result
