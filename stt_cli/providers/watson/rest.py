"""Recognition by one request: the audio streams in, all results come at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.events import Identified, RecognitionEvent, Started
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.net.multipart import Part, multipart
from stt_cli.net.retry import NEVER, REPEATABLE
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.errors import ids_of
from stt_cli.protocols.watson.parameters import Place, refuse_misplaced
from stt_cli.providers.watson.fold import ResultFold
from stt_cli.providers.watson.service import PATIENT, Service
from stt_cli.providers.watson.wishes import (
    body_of,
    parameters_of,
    refuse_too_large,
    size_as_pcm,
)

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource


def recognize(
    service: Service,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None = None,
) -> Iterator[RecognitionEvent]:
    """Recognise one input; the session ID is ours, the transaction ID is IBM's."""
    values = parameters_of(options, source.encoding.sample_rate)
    refuse_misplaced(values, Place.REST, Place.MULTIPART, transport="rest")
    session_id = options.session_id or service.context.environment.new_hex_id()
    yield Started(
        Identifiers.of(session_id=session_id),
        transport="rest",
        language=options.language,
        reason=reason,
    )
    media_type, body = body_of(source)
    refuse_too_large(body.length or size_as_pcm(source))
    request = build(service, values, media_type, body)
    response = yield from service.upload(
        request,
        service.read,
        policy=REPEATABLE if body.repeatable else NEVER,
        timeouts=PATIENT,
    )
    yield from answer_events(response, options, source.duration)


def build(
    service: Service,
    values: dict[str, Any],
    media_type: str,
    body: StreamedBody,
) -> HttpRequest:
    """Return the request; parameters too long for a URL make it multipart."""
    if not requests.needs_multipart(values):
        return requests.recognize(service.base, values, media_type, body)
    return form_request(service, values, media_type, [body])


def form_request(
    service: Service,
    values: Mapping[str, Any],
    media_type: str,
    bodies: Sequence[StreamedBody],
) -> HttpRequest:
    """Return one request for one or more recordings of one media type.

    Raises:
        UsageError: a parameter that the metadata part does not take.
    """
    refuse_misplaced(
        values,
        Place.MULTIPART,
        Place.MULTIPART_QUERY,
        transport="a multipart request (long parameters, or several files)",
    )
    metadata = requests.multipart_metadata(values, media_type, len(bodies))
    content_type, form = form_of(service, metadata, media_type, bodies)
    return requests.recognize_multipart(service.base, values, content_type, form)


def form_of(
    service: Service, metadata: str, media_type: str, bodies: Sequence[StreamedBody]
) -> tuple[str, StreamedBody]:
    """Return the content type and the body of a form: metadata, then the audio."""
    boundary = service.context.environment.new_hex_id()
    suffix = media_type.partition("/")[2].partition(";")[0]
    # The files' own names stay here: they say nothing that Watson needs.
    uploads = [Part("upload", body, media_type, f"audio.{suffix}") for body in bodies]
    parts = [Part("metadata", metadata.encode()), *uploads]
    content_type, form = multipart(parts, boundary)
    if len(bodies) > 1:
        # More than one upload has to come in chunks ("Multipart requests", 2018).
        form = replace(form, length=None)
    return content_type, form


def answer_events(
    response: HttpResponse, options: RecognizeOptions, duration: float | None
) -> Iterator[RecognitionEvent]:
    """Yield the IDs and the results of one whole answer."""
    ids = ids_of(response)
    if ids:
        yield Identified(ids)
    fold = ResultFold(speakers=options.speakers, keep_raw=options.keep_raw)
    yield from fold.take(response.json_object())
    yield from fold.end(duration)
