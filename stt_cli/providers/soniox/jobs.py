"""Soniox's batch jobs: upload, create, look, fetch, delete, clean up."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError
from stt_cli.core.events import (
    Identified,
    Notice,
    Progress,
    Sending,
    SubmissionEvent,
    Submitted,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions, JobQuery
from stt_cli.core.secret import Secret
from stt_cli.core.transcript import RecognitionStatus, Segment, Transcript
from stt_cli.core.webhook import WebhookCall, WebhookReader, WebhookReply
from stt_cli.net.bodies import FormPart, multipart
from stt_cli.net.retry import NEVER, UNREPEATABLE, UPLOAD, RetryPolicy
from stt_cli.net.upload_progress import send_with_progress
from stt_cli.protocols.json_fields import text
from stt_cli.protocols.soniox.fields import checked, recognition_fields
from stt_cli.protocols.soniox.objects import File, TranscriptBody, read_job
from stt_cli.protocols.soniox.requests import DEFAULT_MODEL, LARGEST_PAGE
from stt_cli.protocols.soniox.segments import segments_of
from stt_cli.protocols.soniox.webhook import (
    DEFAULT_HEADER,
    is_authentic,
    read_notification,
)
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.job_states import states_by_list
from stt_cli.providers.recording_form import (
    content_type,
    upload_body,
    upload_name,
)
from stt_cli.providers.soniox.recovery import OURS, made_before
from stt_cli.providers.soniox.service import (
    PAGE,
    SLOW_ANSWER,
    Service,
    older_model,
)

_SECRET_FIELD = "webhook_auth_header_value"
_FEW = 3  # jobs that are asked after singly


def transcript_of(job: Job, body: TranscriptBody) -> Transcript:
    """Return the transcript of a job, silence as one without words."""
    segments = tuple(segments_of(body.tokens))
    if not segments and body.text.strip():
        segments = (Segment(body.text.strip()),)
    languages = {segment.language for segment in segments}
    hints = job.details.get("language_hints") or [None]
    details: dict[str, Any] = {"model": job.details.get("model"), **body.details}
    only = languages.pop() if len(languages) == 1 else None
    return Transcript(
        provider=job.provider,
        input=job.input or job.id,
        # Silence is a result too: the service completes it with no words.
        status=RecognitionStatus.SUCCESS if segments else RecognitionStatus.NO_MATCH,
        language=only or (hints[0] if len(hints) == 1 else None),
        ids=job.ids,
        duration=job.duration,
        segments=segments,
        details=details,
        raw=(body.raw,),
    )


def reader_of(context: ProviderContext) -> WebhookReader:
    """Return what reads notifications.

    With a secret set the agreed header must come with it. Without one a call is
    no more than a reason to look at the job now.
    """
    secret = context.secrets.get("webhook_secret")
    header = context.values.get("webhook_header")

    def read(call: WebhookCall) -> WebhookReply:
        if secret and not is_authentic(call.headers, header, secret):
            return WebhookReply(401, refused="the secret header is missing or wrong")
        notification = read_notification(call.body)
        if call.method != "POST" or notification is None:
            return WebhookReply(400, refused="it is not a Soniox notification")
        return WebhookReply(job_ids=(notification.job_id,))

    return read


class Jobs:
    """The jobs of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._requests = service.requests

    def submit(
        self, source: AudioSource, options: JobOptions
    ) -> Iterator[SubmissionEvent]:
        """Upload, unless the service can fetch it itself, and create the job."""
        fields = self._fields(options)
        reference = fields["client_reference_id"]
        ids = Identifiers.of(client_reference_id=reference)
        file_id: str | None = None
        if source.url is not None:
            fields["audio_url"] = source.url
            checked(fields)
        made = made_before(self._service, source, options, fields)
        if made.transcription is not None:
            yield Submitted(read_job(made.transcription))
            return
        if "file_id" not in fields and "audio_url" not in fields:
            file = made.file
            if file is None:
                yield Sending("upload", ids)
                file = yield from self._upload(source, options, reference)
            file_id = fields["file_id"] = file.id
            ids = ids.merged(Identifiers.of(file_id=file.id))
            yield Identified(ids)
        yield Sending("create", ids)
        try:
            try:
                created = self._create(fields, reference, file_id)
            except SttError as error:
                older = older_model(error, fields, options.recognition)
                if older is None:
                    raise
                yield Notice(f"{error.message}; trying {older}")
                fields["model"] = older
                created = self._create(fields, reference, file_id)
        except SttError as error:
            if file_id is not None and _is_refusal(error):
                yield from self._forget_upload(file_id)
            raise error.with_ids(ids) from None
        yield Submitted(read_job(created))

    def preview(self, source: AudioSource, options: JobOptions) -> str:
        """Return the requests of a submission, secrets masked."""
        fields = self._fields(options)
        if fields["client_reference_id"].startswith(OURS):  # another one when sent
            fields["client_reference_id"] = f"{OURS}…"
        lines = []
        if source.url is not None:
            fields["audio_url"] = source.url
        else:
            upload = self._requests.upload("multipart/form-data", None)
            name = upload_name(source, options.name)
            lines = [f"{upload.method} {upload.url}", f'  file="{name}"']
            fields["file_id"] = "…"
        if _SECRET_FIELD in fields:
            fields[_SECRET_FIELD] = "***"
        create = self._requests.create({})
        body = json.dumps(fields, ensure_ascii=False)
        return "\n".join([*lines, f"{create.method} {create.url}", f"  {body}"])

    def job(self, job_id: str) -> Job:
        """Return where a transcription stands."""
        try:
            return read_job(self._service.ask(self._requests.transcription(job_id)))
        except SttError as error:
            raise error.with_ids(Identifiers.of(transcription_id=job_id)) from None

    def jobs(self, query: JobQuery) -> Iterator[Job]:
        """Yield transcriptions, a page or all; states are picked out here."""
        size = PAGE if query.limit is None else max(1, query.limit)
        follow = query.follow_pages or query.limit is not None
        pages = self._service.pages(
            self._requests.transcriptions, "transcriptions", min(size, 1000)
        )
        for page in pages if follow else islice(pages, 1):
            for fields in page.objects:
                job = read_job(fields)
                if not query.states or str(job.state) in query.states:
                    yield job

    def job_states(
        self, job_ids: Sequence[str]
    ) -> Iterator[tuple[str, Job | SttError]]:
        """Yield where transcriptions stand; many of them cost a list."""
        size = min(LARGEST_PAGE, max(PAGE, 2 * len(job_ids)))

        def listed() -> Iterator[tuple[str | None, Callable[[], Job]]]:
            transcriptions = self._requests.transcriptions
            for page in self._service.pages(transcriptions, "transcriptions", size):
                for fields in page.objects:
                    yield text(fields, "id"), partial(read_job, fields)

        return states_by_list(job_ids, listed, self.job, page_size=size, few=_FEW)

    def transcripts(self, job: Job) -> Iterator[Transcript]:
        """Yield the transcript; then remove the recording that was uploaded."""
        answer = self._service.ask(self._requests.transcript(job.id))
        yield transcript_of(job, TranscriptBody.read(answer))
        self._clean_up(job)

    def delete(self, job_id: str) -> None:
        """Remove a transcription and its uploaded file.

        The vendor says in one place that the first takes the second along, and
        files were seen to stay: so both are removed, and one that is gone
        already is fine.
        """
        job = self.job(job_id)
        self._service.remove(self._requests.delete_transcription(job_id))
        file_id = job.ids.get("file_id")
        if file_id is not None:
            self._delete_file(file_id)

    def _fields(self, options: JobOptions) -> dict[str, Any]:
        wishes = options.recognition
        fields = recognition_fields(wishes, DEFAULT_MODEL)
        cut_off = options.interrupted
        reference = (
            (cut_off.ids.get("client_reference_id") if cut_off else None)
            or options.client_reference_id
            or wishes.session_id
            or self._new_reference()
        )
        fields.setdefault("client_reference_id", reference)
        if options.webhook_url:
            fields["webhook_url"] = options.webhook_url
        context = self._service.context
        if _SECRET_FIELD in fields:
            secret = Secret(fields[_SECRET_FIELD])
            context.environment.redactor.register(secret)
        elif fields.get("webhook_url") and context.secrets.get("webhook_secret"):
            name = context.values.get("webhook_header") or DEFAULT_HEADER
            fields["webhook_auth_header_name"] = name
            fields[_SECRET_FIELD] = context.secrets["webhook_secret"].reveal()
        return checked(fields)

    def _new_reference(self) -> str:
        return OURS + self._service.context.environment.new_hex_id()

    def _upload(
        self, source: AudioSource, options: JobOptions, reference: str
    ) -> Generator[Progress, None, File]:
        """Upload in constant memory; returns the file. Use ``yield from``."""
        recording, name = upload_body(source), upload_name(source, options.name)
        parts = [
            FormPart("client_reference_id", reference.encode()),
            FormPart("file", recording, content_type(source), name),
        ]
        boundary = self._service.context.environment.new_hex_id()
        kind, body = multipart(parts, boundary)
        request = self._requests.upload(kind, body)
        service = self._service

        def work(on_bytes: Any) -> dict[str, Any]:
            def send(policy: RetryPolicy = NEVER) -> dict[str, Any]:
                return service.sender.send(
                    request,
                    service.read,
                    policy=policy,
                    timeouts=SLOW_ANSWER,
                    on_bytes=on_bytes,
                )

            if not body.repeatable:
                return send()
            if not reference.startswith(OURS):
                # No name and no size would prove that a file is this recording;
                # one too many does no harm.
                return send(UPLOAD)
            return service.make(
                send,
                lambda: service.find_by_reference(
                    self._requests.files, "files", reference, size=recording.length
                ),
                UPLOAD,
            )

        return File.read((yield from send_with_progress(work, body.length)))

    def _create(
        self, fields: dict[str, Any], reference: str, file_id: str | None
    ) -> dict[str, Any]:
        """Create a transcription; ``file_id`` is that of an upload of its own."""
        service, request = self._service, self._requests.create(fields)
        if file_id is None and not reference.startswith(OURS):
            # Another with this reference may be of the same address or file.
            return service.ask(request, UNREPEATABLE)
        return service.make(
            lambda: service.ask_once(request),
            lambda: service.find_by_reference(
                self._requests.transcriptions,
                "transcriptions",
                reference,
                file_id=fields.get("file_id"),
                audio_url=fields.get("audio_url"),
            ),
        )

    def _forget_upload(self, file_id: str) -> Iterator[Notice]:
        """Remove a file that no transcription will ever use."""
        try:
            self._delete_file(file_id)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            yield Notice(
                f"cannot delete the uploaded file {file_id} at Soniox: {error.message}",
                hint="it counts against your storage until it is deleted",
            )

    def _clean_up(self, job: Job) -> None:
        """Remove the upload of a job that this tool made; its audio is not needed.

        Whose upload it is tells the reference, which file and job share. That a
        file stays is no failure of the run that got its transcript.
        """
        file_id = job.ids.get("file_id")
        reference = job.ids.get("client_reference_id") or ""
        if file_id is None or not reference.startswith(OURS):
            return
        try:
            self._delete_file(file_id)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            message = (
                f"soniox: cannot delete the uploaded file {file_id}: {error.message}"
            )
            self._service.context.log(message)

    def _delete_file(self, file_id: str) -> None:
        with suppress(NotFoundError):
            self._service.remove(self._requests.delete_file(file_id))


def _is_refusal(error: SttError) -> bool:
    """Whether the service said for good that it made no transcription.

    A run that was stopped, or an answer that nobody understands, leaves that open:
    the transcription may need the upload.
    """
    if isinstance(error, INTERRUPTIONS) or error.transient:
        return False
    return 400 <= (error.http_status or 0) < 500
