"""Fast transcription: a recording goes up in a form, its transcript comes back.

The service keeps no job. What it has answered is paid for, whether or not the answer
arrives: a lost one is told, and never asked for again behind the user's back.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stt_cli.core.errors import AudioError, SttError, UsageError
from stt_cli.core.events import (
    Ended,
    Identified,
    Notice,
    Phrase,
    Progress,
    RecognitionEvent,
    Sending,
    Started,
    SubmissionEvent,
    Transcribed,
)
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import JobOptions, RecognizeOptions
from stt_cli.core.transcript import Transcript
from stt_cli.net.bodies import FormPart, multipart
from stt_cli.net.client import Timeouts
from stt_cli.net.retry import PAID, was_not_taken
from stt_cli.protocols.azure_rest.enhanced import is_enhanced
from stt_cli.protocols.azure_rest.errors import ids_of
from stt_cli.protocols.azure_rest.fast import (
    PATH,
    REQUEST_ID,
    UPLOAD_HINT,
    check_size,
    definition,
    version_for,
)
from stt_cli.protocols.azure_rest.fast_rules import check_definition
from stt_cli.protocols.azure_rest.results import parse_fast_result, without_query
from stt_cli.providers.azure.api import SpeechApi
from stt_cli.providers.azure.languages import azure_language
from stt_cli.providers.recording_form import upload_body, upload_name

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.core.environment import Environment

_SLOW_ANSWER = Timeouts(read=1_800.0)
"""An hour of audio is answered in a minute or so; 5 hours may be."""
_HEARD_APART = 2
"""How many channels the service transcribes apart from each other."""


@dataclass(frozen=True, slots=True)
class FastCall:
    """One request, decided before anything is sent.

    ``request_id`` is the one thing that names it until the answer is there.
    """

    request: HttpRequest
    definition: dict[str, Any]
    request_id: str

    @property
    def ids(self) -> Identifiers:
        """The IDs that are known before the answer."""
        return Identifiers.of(client_request_id=self.request_id)


def plan_call(
    api: SpeechApi,
    source: AudioSource,
    options: RecognizeOptions,
    environment: Environment,
    *,
    by_address: bool = False,
) -> FastCall:
    """Return the request for a recording.

    Args:
        by_address: whether the service is to fetch it itself.

    Raises:
        UsageError: the service would refuse it, as its documents say.
    """
    for tag in options.languages:
        azure_language(tag)
    if not by_address:
        check_size(source.size, None if source.live else source.duration)
        options = _with_its_channels(source, options)
    fields = definition(options, api.version, api.base)
    if by_address:
        fields["audioUrl"] = source.url
    version = version_for(api.version, fields)
    check_definition(fields, version)
    parts = [FormPart("definition", _encoded(fields), "application/json")]
    if not by_address:
        recording, name = upload_body(source), upload_name(source)
        parts.append(FormPart("audio", recording, "application/octet-stream", name))
    content_type, body = multipart(parts, environment.new_hex_id())
    request_id = str(environment.new_uuid())
    headers = (
        ("Accept", "application/json"),
        ("Content-Type", content_type),
        (REQUEST_ID, request_id),
    )
    url = version.url(api.base, PATH)
    request = HttpRequest("POST", url, headers, body).for_transcript()
    return FastCall(request, fields, request_id)


def recognize_fast(
    api: SpeechApi,
    source: AudioSource,
    options: RecognizeOptions,
    reason: str | None,
    environment: Environment,
) -> Iterator[RecognitionEvent]:
    """Recognize one input; the request's own ID is told before it is sent."""
    call = plan_call(api, source, options, environment)
    only = options.languages[0] if len(options.languages) == 1 else None
    yield Started(
        call.ids,
        transport="fast",
        language=only,
        reason=reason,
        details={"model": options.model} if options.model else {},
    )
    found = yield from _sent(api, call, source, options)
    if found.ids:
        yield Identified(found.ids)
    for segment in found.segments:
        yield Phrase(segment)
    if not source.live and options.channels and source.encoding.channels == 1:
        yield Notice(f"{source.name} has one channel only")
    yield Ended(
        found.status,
        duration=found.duration,
        details=dict(found.details),
        raw=found.raw,
        language=found.language,
    )


def submit_fast(
    api: SpeechApi, source: AudioSource, options: JobOptions, environment: Environment
) -> Iterator[SubmissionEvent]:
    """Send a recording, or its address, and yield its transcript."""
    check_fast(options)
    wishes, by_address = options.recognition, source.url is not None
    call = plan_call(api, source, wishes, environment, by_address=by_address)
    if options.interrupted is not None:
        yield Notice(
            f"resending {without_query(source.name)}; if Azure processed it the "
            "first time, it charges for both"
        )
    yield Sending("upload", call.ids)
    # Nothing stays at the service: what `--raw` may ask for later is kept here.
    found = yield from _sent(api, call, source, replace(wishes, keep_raw=True))
    if found.ids:
        yield Identified(found.ids)
    yield Transcribed(found)


def check_fast(options: JobOptions) -> None:
    """Raise ``UsageError`` for what does not go by fast transcription."""
    if options.webhook_url is not None:
        raise UsageError(
            "fast transcription does not support webhooks",
            hint="remove --webhook-url, or submit a URL",
        )


def preview_fast(
    api: SpeechApi,
    source: AudioSource,
    options: RecognizeOptions,
    environment: Environment,
    *,
    by_address: bool = False,
) -> str:
    """Return the request as text, for ``--dry-run``."""
    call = plan_call(api, source, options, environment, by_address=by_address)
    lines = [
        f"{call.request.method} {call.request.url}",
        "Content-Type: multipart/form-data",
        f"definition: {json.dumps(call.definition, ensure_ascii=False)}",
    ]
    if not by_address:
        size = f"{source.size} bytes" if source.size is not None else "chunked"
        lines.append(f"audio: {source.name}, {size}")
    return "\n".join(lines)


def splits_channels(source: AudioSource) -> bool:
    """Whether the service can transcribe the channels of a recording one by one."""
    return (
        not source.live
        and source.url is None
        and source.encoding.channels == _HEARD_APART
    )


def is_not_offered(error: SttError) -> bool:
    """Whether the service refused the way, not the user: nothing was transcribed."""
    return error.http_status in (400, 404, 405, 409, 413, 415, 422)


def answer_was_lost(error: SttError) -> bool:
    """Whether a transcript may have been made, and paid for, that never arrived."""
    status = error.http_status or 0
    return error.transient and not was_not_taken(error) and status not in PAID.unbilled


def _sent(
    api: SpeechApi, call: FastCall, source: AudioSource, options: RecognizeOptions
) -> Generator[Progress, None, Transcript]:
    def read(response: HttpResponse) -> Transcript:
        api.checked(response)
        return parse_fast_result(
            response.json(),
            ids_of(response),
            name=source.name,
            language=options.languages[0] if options.languages else None,
            keep_raw=options.keep_raw,
        )

    try:
        return (
            yield from api.upload(
                call.request, read, policy=PAID, timeouts=_SLOW_ANSWER
            )
        )
    except SttError as error:
        error.with_ids(call.ids)
        _explain(error, options)
        raise


def _explain(error: SttError, options: RecognizeOptions) -> None:
    """Say what a failure means for this kind of request."""
    if isinstance(error, AudioError) and error.http_status == 413:
        error.hint = UPLOAD_HINT
    elif is_enhanced(options.model) and options.speakers and error.transient:
        # "MAI-Transcribe", the note on diarization: 408, 500, 503.
        error.hint = (
            "with --speakers, these models fail for recordings longer than about "
            "15 minutes; remove --speakers"
        )
    elif answer_was_lost(error):
        error.hint = (
            "Azure may already have transcribed it, and charges for every attempt"
        )


def _with_its_channels(
    source: AudioSource, options: RecognizeOptions
) -> RecognizeOptions:
    """Return the options for the channels that a recording has.

    Raises:
        UsageError: it has more than the service tells apart, or its speakers are
            to be told apart as well.
    """
    if not options.channels or source.live:
        return options
    channels = source.encoding.channels
    if channels == 1:
        return replace(options, channels=False)
    if channels > _HEARD_APART:
        raise UsageError(
            f"fast transcription supports two channels, but {source.name} has "
            f"{channels}",
            hint="use --transport websocket, which recognizes each channel separately",
        )
    if options.speakers:
        raise UsageError(
            "fast transcription labels speakers only in mono audio",
            hint="remove --channels or --speakers",
        )
    return options


def _encoded(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()
