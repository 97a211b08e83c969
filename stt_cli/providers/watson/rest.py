"""Recognition by one request: the audio streams in, all results come at the end.

Several files go as a form, in chunks (IBM's "Multipart requests").
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import ProviderError, UsageError
from stt_cli.core.events import Identified, Notice, Progress, RecognitionEvent, Started
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions, Transport
from stt_cli.net.bodies import FormPart, multipart
from stt_cli.net.retry import NEVER, REPEATABLE
from stt_cli.protocols.watson import requests
from stt_cli.protocols.watson.allotment import allot
from stt_cli.protocols.watson.errors import ids_of
from stt_cli.protocols.watson.parameters import Place, refuse_misplaced
from stt_cli.protocols.watson.results import (
    DetectedLanguage,
    Results,
    read_detected,
    read_results,
)
from stt_cli.providers.watson.options import (
    body_of,
    parameters_of,
    refuse_too_large,
    size_as_pcm,
)
from stt_cli.providers.watson.service import SLOW_ANSWER, Service
from stt_cli.providers.watson.transcript_builder import TranscriptBuilder

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_ALONE = "remove --together to send each file separately (-j)"

InputEvent = tuple[int, RecognitionEvent]


def recognize(
    service: Service,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None = None,
) -> Iterator[RecognitionEvent]:
    """Recognize one input; the run ID is ours, the transaction ID is IBM's."""
    rate = source.encoding.sample_rate
    values = parameters_of(options, rate, of_2018=service.of_2018)
    refuse_misplaced(values, Place.REST, Place.MULTIPART, transport="rest")
    run_id = options.session_id or service.context.environment.new_hex_id()
    yield Started(
        Identifiers.of(run_id=run_id),
        transport="rest",
        language=options.language,
        reason=reason,
    )
    media_type, body = body_of(source, options)
    refuse_too_large(body.length or size_as_pcm(source))
    request = build(service, values, media_type, body)
    response = yield from service.upload(
        request,
        service.read,
        policy=REPEATABLE if body.repeatable else NEVER,
        timeouts=SLOW_ANSWER,
    )
    yield from answer_events(response, options, source.duration)


def detect_language(service: Service, source: AudioSource) -> DetectedLanguage:
    """Ask the service for the language of a recording (``/v1/detect_language``).

    Raises:
        UsageError: the audio is live, and cannot be sent twice.
        ProviderError: the service tells none.
    """
    if source.live:
        raise UsageError(
            "cannot detect the language of live audio",
            hint="set the language with -l",
        )
    media_type, body = body_of(source)
    request = requests.detect_language(service.base, media_type, body)
    answer = service.ask(request, policy=REPEATABLE, timeouts=SLOW_ANSWER)
    found = read_detected(answer.json_object())
    if found is None:
        raise ProviderError(
            "Watson could not detect the language",
            hint="set the language with -l",
            ids=ids_of(answer),
        )
    return found


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
    uploads = [
        FormPart("upload", body, media_type, f"audio.{suffix}") for body in bodies
    ]
    parts = [FormPart("metadata", metadata.encode()), *uploads]
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
    builder = TranscriptBuilder(
        speakers=options.speakers,
        keep_raw=options.keep_raw,
        waits="enrichments" in options.params,
    )
    yield from builder.take(response.json_object())
    yield from builder.end(duration)


def recognize_together(
    service: Service, sources: Sequence[AudioSource], options: RecognizeOptions
) -> Iterator[InputEvent]:
    """Recognize inputs of one format; each event comes with its input's index.

    Raises:
        UsageError: the formats differ, or something that one request for
            several files cannot do; nothing was sent.
    """
    request = _request_together(service, sources, options)
    repeatable = not isinstance(request.body, StreamedBody) or request.body.repeatable
    run_id = options.session_id or service.context.environment.new_hex_id()
    for index in range(len(sources)):
        yield (
            index,
            Started(
                Identifiers.of(run_id=run_id),
                transport="rest",
                language=options.language,
            ),
        )
    response = yield from _for_first(
        service.upload(
            request,
            service.read,
            policy=REPEATABLE if repeatable else NEVER,
            timeouts=SLOW_ANSWER,
        )
    )
    for index in range(len(sources)):
        yield index, Identified(ids_of(response))
    fields = response.json_object()
    durations = [source.duration for source in sources]
    builders = [TranscriptBuilder() for _source in sources]
    if options.keep_raw:
        for builder in builders:
            builder.keep(fields)
    yield from _shared_out(read_results(fields), builders, durations)


def preview_together(
    service: Service, sources: Sequence[AudioSource], options: RecognizeOptions
) -> str:
    """Return the one request of several inputs as text, for ``--dry-run``."""
    request = _request_together(service, sources, options)
    media_type = body_of(sources[0])[0]
    values = _values_together(service, sources, options)
    metadata = requests.multipart_metadata(values, media_type, len(sources))
    uploads = [f"  upload: {source.name}, {media_type}" for source in sources]
    lines = [f"{request.method} {request.url}", f"  metadata: {metadata}", *uploads]
    return "\n".join(lines)


def _values_together(
    service: Service, sources: Sequence[AudioSource], options: RecognizeOptions
) -> dict[str, Any]:
    rate = min(source.encoding.sample_rate for source in sources)
    # Times tell which file a result came from.
    return {
        "timestamps": True,
        **parameters_of(options, rate, of_2018=service.of_2018),
    }


def _request_together(
    service: Service, sources: Sequence[AudioSource], options: RecognizeOptions
) -> HttpRequest:
    """Return the form of several inputs. Raises ``UsageError``, ``AudioError``."""
    _refuse_misfits(options)
    bodies = [body_of(source) for source in sources]
    media_type = _one_format([kind for kind, _body in bodies])
    sizes = [
        body.length or size_as_pcm(source)
        for source, (_, body) in zip(sources, bodies, strict=True)
    ]
    refuse_too_large(*sizes)
    values = _values_together(service, sources, options)
    return form_request(service, values, media_type, [body for _, body in bodies])


def _for_first(
    sending: Generator[Progress, None, HttpResponse],
) -> Generator[InputEvent, None, HttpResponse]:
    """Tell of the one upload as the first input's."""
    with closing(sending):
        while True:
            try:
                yield 0, next(sending)
            except StopIteration as sent:
                response: HttpResponse = sent.value
                return response


def _shared_out(
    results: Results,
    builders: Sequence[TranscriptBuilder],
    durations: Sequence[float | None],
) -> Iterator[InputEvent]:
    said = [utterance for utterance in results.utterances if utterance.is_final]
    share = allot([utterance.segment for utterance in said], durations)
    unsure = share.certain.count(False)
    if unsure:
        yield (
            0,
            Notice(
                f"Watson does not say which files {unsure} of the {len(said)} "
                "results belong to; each was assigned to the first file it fits",
                hint=_ALONE,
            ),
        )
    for index, builder in enumerate(builders):
        own = tuple(u for at, u in zip(share.files, said, strict=True) if at == index)
        # What is not said of one file is said once.
        rest = results if index == 0 else Results()
        for event in builder.take_results(replace(rest, utterances=own)):
            yield index, event
        for event in builder.end(durations[index]):
            yield index, event


def _refuse_misfits(options: RecognizeOptions) -> None:
    if options.transport not in (Transport.AUTO, Transport.REST):
        raise UsageError(
            f"--together cannot be used with --transport {options.transport}",
            hint="use --transport rest, or remove --together",
        )
    if options.interim:
        raise UsageError("--together returns all results at the end", hint=_ALONE)
    if options.detects_language and options.model is None:
        raise UsageError(
            "--together uses one model, but -l auto selects one for each file",
            hint="set the language with -l, or remove --together",
        )
    if options.speakers or "speaker_labels" in options.params:
        raise UsageError(
            "speaker labels only have times, which start over with each file",
            hint=_ALONE,
        )


def _one_format(media_types: Sequence[str]) -> str:
    kinds = list(dict.fromkeys(media_types))
    if len(kinds) > 1:
        raise UsageError(
            f"--together requires files of the same format, not {' and '.join(kinds)}",
            hint=_ALONE,
        )
    return kinds[0]
