"""Fast transcription of a local recording: a form up, the transcript back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.events import Identified, Sending, SubmissionEvent, Transcribed
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.options import JobOptions
from stt_cli.core.transcript import Transcript
from stt_cli.net.bodies import FormPart, multipart
from stt_cli.net.client import Timeouts
from stt_cli.net.retry import REPEATABLE
from stt_cli.protocols.azure_rest.errors import ids_of
from stt_cli.protocols.azure_rest.fast import (
    PATH,
    UPLOAD_HINT,
    check_size,
    definition,
    version_for,
)
from stt_cli.protocols.azure_rest.results import parse_fast_result
from stt_cli.providers.azure.api import SpeechApi
from stt_cli.providers.recording_form import original_body

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

_SLOW_ANSWER = Timeouts(read=1_800.0)
"""An hour of audio is answered in a minute or so; 5 hours may be."""


def check_fast(source: AudioSource, options: JobOptions) -> None:
    """Raise ``UsageError`` for what does not go by fast transcription."""
    if options.webhook_url is not None:
        raise UsageError(
            "fast transcription answers at once and calls no web hook",
            hint="leave --webhook-url out, or submit an address",
        )
    duration = None if source.live or source.url else source.duration
    check_size(source.size, duration)


def form_request(
    api: SpeechApi, source: AudioSource, options: JobOptions, boundary: str
) -> HttpRequest:
    """Return the request with the recording as it stands in its file."""
    wishes = options.recognition
    told = json.dumps(definition(wishes), ensure_ascii=False).encode()
    recording = original_body(source)
    name = PurePath(source.name).name if source.name != "-" else "audio"
    content_type, body = multipart(
        [
            FormPart("definition", told, "application/json"),
            FormPart("audio", recording, "application/octet-stream", name),
        ],
        boundary,
    )
    url = version_for(api.version, wishes).url(api.base, PATH)
    headers = (("Accept", "application/json"), ("Content-Type", content_type))
    return HttpRequest("POST", url, headers, body).for_transcript()


def submit_file(
    api: SpeechApi, source: AudioSource, options: JobOptions, boundary: str
) -> Iterator[SubmissionEvent]:
    """Upload a recording and yield its transcript; the service keeps no job."""
    check_fast(source, options)
    request = form_request(api, source, options, boundary)
    yield Sending("upload")

    def read(response: HttpResponse) -> Transcript:
        try:
            api.checked(response)
        except AudioError as error:
            if response.status == 413:
                error.hint = UPLOAD_HINT
            raise
        return parse_fast_result(
            response.json(),
            ids_of(response),
            name=source.name,
            language=options.recognition.language,
        )

    transcript = yield from api.upload(
        request, read, policy=REPEATABLE, timeouts=_SLOW_ANSWER
    )
    if transcript.ids:
        yield Identified(transcript.ids)
    yield Transcribed(replace(transcript, input=source.name))


def preview_file(api: SpeechApi, source: AudioSource, options: JobOptions) -> str:
    """Return the request as text, for ``--dry-run``."""
    check_fast(source, options)
    request = form_request(api, source, options, "(boundary)")
    size = f"{source.size} bytes" if source.size is not None else "chunked"
    return "\n".join(
        [
            f"{request.method} {request.url}",
            "Content-Type: multipart/form-data",
            f"definition: {json.dumps(definition(options.recognition))}",
            f"audio: {source.name}, {size}",
        ]
    )
