"""Scriptix' sessions as jobs: submit, look, list, fetch, delete, be notified."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import (
    AudioError,
    NotFoundError,
    ProviderError,
    SttError,
)
from stt_cli.core.events import SubmissionEvent, Submitted
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply
from stt_cli.protocols.scriptix.documents import (
    Document,
    Link,
    read_document,
    read_export,
)
from stt_cli.protocols.scriptix.requests import LARGEST_PAGE, download
from stt_cli.protocols.scriptix.results import read_result
from stt_cli.protocols.scriptix.session import (
    read_session,
    session_id_of,
    status_filter,
    unwrapped,
)
from stt_cli.protocols.scriptix.webhooks import (
    SIGNATURE_HEADER,
    is_signed,
    read_notification,
)
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.job_states import states_by_list
from stt_cli.providers.scriptix.options import SECRET_HEADER, submission_of
from stt_cli.providers.scriptix.service import Service
from stt_cli.providers.scriptix.upload import Upload

_PAGE = 25


def reader_of(context: ProviderContext) -> WebhookReader:
    """Return what reads notifications.

    A signature that is there must be right. With a secret set, an unsigned call
    must bring it in the header that we asked the service to send. Without a
    secret a call is no more than a reason to look at the session now.
    """
    secret = context.secrets.get("webhook_secret")

    def is_ours(call: WebhookCall) -> bool:
        given = (call.header(SECRET_HEADER) or "").encode("utf-8", "surrogateescape")
        return bool(secret) and hmac.compare_digest(
            given, secret.reveal().encode() if secret else b""
        )

    def read(call: WebhookCall) -> WebhookReply:
        signed = is_signed(call.body, call.headers, secret)
        if signed is False:
            return WebhookReply(401, refused="the signature is wrong")
        if signed is None and secret and not is_ours(call):
            return WebhookReply(401, refused="no signature and no shared secret")
        notification = read_notification(call.body, call.headers)
        if call.method not in ("POST", "PUT") or notification is None:
            return WebhookReply(400, refused="it is not a Scriptix notification")
        return WebhookReply(
            job_ids=(notification.session_id,), key=call.header(SIGNATURE_HEADER)
        )

    return read


class Jobs:
    """The sessions of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._requests = service.requests

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Make a session and hand in the recording; the session ID comes at once."""
        self._service.require_batch_token()
        wanted = submission_of(options, self._service.context)
        upload = Upload(
            self._service, source, wanted, options.name, options.interrupted
        )
        answer = yield from upload.run()
        own = {"status": "new", **unwrapped(answer)}
        job = read_session(own)
        yield Submitted(replace(job, duration=job.duration or _length_of(source)))

    def preview(self, source: AudioSource, options: JobOptions) -> str:
        """Return the first request of a submission, secrets masked."""
        wanted = submission_of(options, self._service.context)
        fields = dict(wanted.fields)
        if "webhook_headers" in fields:
            headers = [line.partition(":")[0] for line in fields["webhook_headers"]]
            fields["webhook_headers"] = [f"{name}: ***" for name in headers]
        if source.url is not None:
            fields["media_source"] = source.url
        request = self._requests.create({})
        body = json.dumps(fields, ensure_ascii=False)
        return f"{request.method} {request.url} (upload: {wanted.route})\n  {body}"

    def job(self, session_id: str) -> Job:
        """Return where a session stands."""
        self._service.require_batch_token()
        answer = self._service.ask(self._requests.session(session_id), session_id)
        return read_session(answer, session_id)

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield sessions, a page or all; one state is filtered by the service."""
        self._service.require_batch_token()
        follow = query.follow_pages or query.limit is not None
        sessions = self._service.sessions(
            size=_PAGE if query.limit is None and not follow else query.limit or 100,
            status=status_filter(query.states),
            follow=follow,
        )
        for fields in sessions:
            job = read_session(fields)
            if not query.states or str(job.state) in query.states:
                yield job

    def job_states(
        self, session_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where sessions stand: many by the list, one by itself."""
        return states_by_list(
            session_ids, self._listed, self.job, page_size=LARGEST_PAGE
        )

    def transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcript: the document's, else that of the raw result."""
        document = self._document(job)
        segments = document.segments if document else ()
        raw: list[Any] = [document.raw] if document else []
        if not segments:
            answer = self._service.ask(self._requests.result(job.id), job.id)
            segments = tuple(read_result(answer))
            raw.append(answer)
        yield replace(_transcript(job, segments, document), raw=tuple(raw))

    def delete(self, session_id: str) -> None:
        """Erase a session's file name and transcript.

        A repeated deletion whose first answer was lost is a deletion too.
        """
        self._service.require_batch_token()
        tried = [0]

        def read(response: Any) -> None:
            tried[0] += 1
            if tried[0] == 1 or response.status != 404:
                self._service.check(response, session_id)

        self._service.sender.send(self._requests.delete(session_id), read)

    def _listed(self) -> Iterator[tuple[str | None, Callable[[], Job]]]:
        for fields in self._service.sessions(size=LARGEST_PAGE):
            yield session_id_of(fields), partial(read_session, fields)

    def _document(self, job: Job) -> Document | None:
        document_id = job.ids.get("document_id")
        if document_id is None:
            return None
        try:
            request = self._requests.document(job.id, document_id)
            export = read_export(self._service.fetch(request, job.id))
            if isinstance(export, Link):
                export = self._service.fetch(download(export.url)).body
            return read_document(_object(export))
        except (NotFoundError, ProviderError) as error:
            if error.transient:
                raise
            message = f"scriptix: no document, using the raw result: {error.message}"
            self._service.context.log(message)
            return None


def _object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise ProviderError("Scriptix sent a document that is not a JSON object")
    return fields


def _transcript(
    job: Job, segments: tuple[Segment, ...], document: Document | None
) -> Transcript:
    language = job.details.get("language") or (document.language if document else None)
    return Transcript(
        provider=job.provider,
        input=job.input or job.id,
        status=RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH,
        language=language,
        ids=job.ids,
        duration=job.duration,
        segments=segments,
        details={"document": dict(document.details)} if document else {},
    )


def _length_of(source: AudioSource) -> float | None:
    """Return the recording's length, for the estimate."""
    try:
        return None if source.url or source.live else source.duration
    except AudioError:
        return None
