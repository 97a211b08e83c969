"""Several files in one request: a form, sent in chunks (IBM's "Multipart requests")."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from stt_cli.core.errors import UsageError
from stt_cli.core.events import Identified, Notice, Progress, RecognitionEvent, Started
from stt_cli.core.http_message import HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions, Transport
from stt_cli.net.retry import NEVER, REPEATABLE
from stt_cli.protocols.watson.allotment import allot
from stt_cli.protocols.watson.errors import ids_of
from stt_cli.protocols.watson.results import Results, read_results
from stt_cli.providers.watson.fold import ResultFold
from stt_cli.providers.watson.rest import form_request
from stt_cli.providers.watson.service import PATIENT, Service
from stt_cli.providers.watson.wishes import (
    body_of,
    parameters_of,
    refuse_too_large,
    size_as_pcm,
)

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_ALONE = "leave out --together: each file is then a request of its own (-j)"

InputEvent = tuple[int, RecognitionEvent]


def recognize(
    service: Service, sources: Sequence[AudioSource], options: RecognizeOptions
) -> Iterator[InputEvent]:
    """Recognise inputs of one format; each event comes with its input's index.

    Raises:
        UsageError: the formats differ, or something that one request for
            several files cannot do; nothing was sent.
    """
    _refuse_misfits(options)
    bodies = [body_of(source) for source in sources]
    media_type = _one_format([kind for kind, _body in bodies])
    rate = min(source.encoding.sample_rate for source in sources)
    # Times tell which file a result came from.
    values = {"timestamps": True} | parameters_of(options, rate)
    refuse_too_large(
        *(body.length or size_as_pcm(source)
          for source, (_, body) in zip(sources, bodies, strict=True))
    )  # fmt: skip
    request = form_request(service, values, media_type, [body for _, body in bodies])
    session_id = options.session_id or service.context.environment.new_hex_id()
    for index in range(len(sources)):
        yield (
            index,
            Started(
                Identifiers.of(session_id=session_id),
                transport="rest",
                language=options.language,
            ),
        )
    response = yield from _for_first(
        service.upload(
            request,
            service.read,
            policy=REPEATABLE if all(body.repeatable for _, body in bodies) else NEVER,
            timeouts=PATIENT,
        )
    )
    for index in range(len(sources)):
        yield index, Identified(ids_of(response))
    fields = response.json_object()
    durations = [source.duration for source in sources]
    folds = [ResultFold() for _source in sources]
    if options.keep_raw:
        for fold in folds:
            fold.keep(fields)
    yield from _shared_out(read_results(fields), folds, durations)


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
    results: Results, folds: Sequence[ResultFold], durations: Sequence[float | None]
) -> Iterator[InputEvent]:
    said = [utterance for utterance in results.utterances if utterance.is_final]
    share = allot([utterance.segment for utterance in said], durations)
    unsure = share.certain.count(False)
    if unsure:
        yield (
            0,
            Notice(
                f"Watson does not say which file {unsure} of the {len(said)} results "
                "came from: they stand with the first that they fit",
                hint=_ALONE,
            ),
        )
    for index, fold in enumerate(folds):
        own = tuple(u for at, u in zip(share.files, said, strict=True) if at == index)
        # What is not said of one file is said once.
        rest = results if index == 0 else Results()
        for event in fold.take_results(replace(rest, utterances=own)):
            yield index, event
        for event in fold.end(durations[index]):
            yield index, event


def _refuse_misfits(options: RecognizeOptions) -> None:
    if options.transport not in (Transport.AUTO, Transport.REST):
        raise UsageError(
            f"--together is one request; --transport {options.transport} has many",
            hint="--transport rest, or leave out --together",
        )
    if options.interim:
        raise UsageError("--together gives all results at the end", hint=_ALONE)
    if options.speakers or "speaker_labels" in options.params:
        raise UsageError(
            "speaker labels carry times alone, which begin again with each file",
            hint=_ALONE,
        )


def _one_format(media_types: Sequence[str]) -> str:
    kinds = list(dict.fromkeys(media_types))
    if len(kinds) > 1:
        raise UsageError(
            f"the files of one request must have one format, not {' and '.join(kinds)}",
            hint=_ALONE,
        )
    return kinds[0]
