"""The emulated Soniox over HTTP: files, transcriptions, models, keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.soniox_answers import (
    SPEECH_MODEL,
    counted,
    drain,
    invalid_state,
    model,
    page_of,
    refused,
    told,
)
from stt_cli.emulator.soniox_store import STORAGE_FULL, Store, StoredJob
from stt_cli.emulator.soniox_work import Worker
from stt_cli.emulator.transcribe import Ear
from stt_cli.protocols.soniox.rest_server import (
    LARGEST_FILE,
    CreateRequest,
    Refusal,
    invalid,
)

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

_RETRY_AFTER = "1"
Handler = Callable[[Request], Awaitable[Response]]
_NO_SUCH_FILE = Refusal(404, "file_not_found", "File could not be found.")
_NO_SUCH_JOB = Refusal(
    404, "transcription_not_found", "Transcription could not be found."
)
_WRONG_KEY = Refusal(401, "unauthenticated", "Incorrect API key provided.")


class SonioxRest:
    """The REST service of one emulator."""

    def __init__(self, config: EmulatorConfig, store: Store, ear: Ear) -> None:
        self._config = config
        self._store = store
        self._worker = Worker(config, store, ear)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/files", self._upload),
            ("GET", "/files", self._list_files),
            ("GET", "/files/count", self._count_files),
            ("GET", "/files/{id}", self._get_file),
            ("DELETE", "/files/{id}", self._delete_file),
            ("POST", "/transcriptions", self._create),
            ("GET", "/transcriptions", self._list_jobs),
            ("GET", "/transcriptions/count", self._count_jobs),
            ("GET", "/transcriptions/{id}", self._get_job),
            ("DELETE", "/transcriptions/{id}", self._delete_job),
            ("GET", "/transcriptions/{id}/transcript", self._transcript),
            ("GET", "/models", self._models),
            ("GET", "/tts-models", self._speech_models),
            ("GET", "/concurrency-limits", self._limits),
            ("POST", "/auth/temporary-api-key", self._temporary_key),
        ]
        return [
            Route(f"/v1{path}", self._guarded(handler), methods=[method])
            for method, path, handler in table
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            faults = self._config.faults
            slow = faults.value("slow")
            if slow is not None:
                await asyncio.sleep(slow)
            if faults.value("silent") is not None:
                await asyncio.Event().wait()
            limited = faults.take("rate-limit") is not None
            status = 429 if limited else faults.take_status()
            if status is not None:
                await drain(request)
                answer = refused(Refusal.of_status(status))
                if limited:
                    answer.headers["Retry-After"] = _RETRY_AFTER
                return answer
            if not self._is_authentic(request):
                return refused(_WRONG_KEY)
            answer = await handler(request)
            if answer.body and faults.take("truncated") is not None:
                return Response(
                    answer.body[: len(answer.body) // 2], answer.status_code
                )
            if answer.body and faults.take("garbage") is not None:
                return Response(b"\x00\xffgarbage", answer.status_code)
            return answer

        return guarded

    def _is_authentic(self, request: Request) -> bool:
        wanted = self._config.key
        given = request.headers.get("Authorization")
        return wanted is None or given == f"Bearer {wanted.reveal()}"

    async def _upload(self, request: Request) -> Response:
        if self._config.faults.take("storage-full") is not None:
            await drain(request)
            return refused(STORAGE_FULL)
        if not request.headers.get("content-type", "").startswith(
            "multipart/form-data"
        ):
            return refused(invalid(("missing", "file.file", "Field required")))
        async with request.form() as form:
            upload: UploadFile | str | None = form.get("file")
            reference = form.get("client_reference_id")
            if upload is None or isinstance(upload, str):
                return refused(invalid(("missing", "file.file", "Field required")))
            if isinstance(reference, str) and len(reference) > 256:
                where = "body.client_reference_id"
                return refused(invalid(("value_error", where, "Too long")))
            data = await upload.read()
            name, kind = upload.filename or "", upload.content_type
        self._config.journal.add(
            "upload",
            filename=name,
            size=len(data),
            content_type=kind,
            client_reference_id=reference,
        )
        if len(data) > LARGEST_FILE:
            what = "File is larger than 1073741824 bytes"
            return refused(invalid(("less_than_equal", "file.file", what)))
        text = reference if isinstance(reference, str) and reference else None
        file = self._store.add_file(name, data, text)
        return refused(file) if isinstance(file, Refusal) else told(file.to_dict(), 201)

    async def _list_files(self, request: Request) -> Response:
        files = [file.to_dict() for file in self._store.files.values()]
        return page_of(request, "files", files[::-1])

    async def _count_files(self, _request: Request) -> Response:
        return counted(len(self._store.files))

    async def _get_file(self, request: Request) -> Response:
        file = self._store.files.get(request.path_params["id"])
        return refused(_NO_SUCH_FILE) if file is None else told(file.to_dict())

    async def _delete_file(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        self._config.journal.add("delete file", id=file_id)
        if self._store.files.pop(file_id, None) is None:
            return refused(_NO_SUCH_FILE)
        return Response(status_code=204)

    async def _create(self, request: Request) -> Response:
        read = CreateRequest.read(await request.body())
        if isinstance(read, Refusal):
            return refused(read)
        self._config.journal.add("create", fields=dict(read.fields))
        job = self._worker.begin(read)
        return refused(job) if isinstance(job, Refusal) else told(job.to_dict(), 201)

    async def _list_jobs(self, request: Request) -> Response:
        jobs = [job.to_dict() for job in self._store.jobs.values()]
        return page_of(request, "transcriptions", jobs[::-1])

    async def _count_jobs(self, _request: Request) -> Response:
        return counted(len(self._store.jobs))

    async def _get_job(self, request: Request) -> Response:
        job = self._job(request)
        return refused(_NO_SUCH_JOB) if job is None else told(job.to_dict())

    async def _delete_job(self, request: Request) -> Response:
        job = self._job(request)
        self._config.journal.add("delete transcription", id=request.path_params["id"])
        if job is None:
            return refused(_NO_SUCH_JOB)
        if job.status == "processing":
            return refused(invalid_state("It is being processed."))
        del self._store.jobs[job.id]
        return Response(status_code=204)

    async def _transcript(self, request: Request) -> Response:
        job = self._job(request)
        if job is None:
            return refused(_NO_SUCH_JOB)
        if job.status != "completed" or job.tokens is None:
            return refused(invalid_state("Only completed transcriptions have one."))
        from stt_cli.emulator.soniox_tokens import text_of

        whole = {"id": job.id, "text": text_of(job.tokens), "tokens": job.tokens}
        return told(whole)

    async def _models(self, _request: Request) -> Response:
        kinds = [("stt-rt-v5", "real_time"), ("stt-async-v5", "async")]
        return told({"models": [model(name, mode) for name, mode in kinds]})

    async def _speech_models(self, _request: Request) -> Response:
        return told({"models": [SPEECH_MODEL]})

    async def _limits(self, _request: Request) -> Response:
        scope = {
            "current": {"transcribe_concurrent": 0, "tts_concurrent": 0},
            "limits": {"transcribe_concurrent": 10, "tts_concurrent": None},
        }
        return told({"project": scope, "organization": scope})

    async def _temporary_key(self, request: Request) -> Response:
        try:
            fields = json.loads(await request.body())
            usage, seconds = fields["usage_type"], int(fields["expires_in_seconds"])
        except (ValueError, KeyError, TypeError):
            where = "body.payload.expires_in_seconds"
            return refused(invalid(("missing", where, "Field required")))
        if usage not in ("transcribe_websocket", "tts_rt") or not 1 <= seconds <= 3600:
            return refused(invalid(("value_error", "body.payload", "Out of range")))
        key = f"snx_temp_{uuid4().hex}"
        self._store.temporary_keys.add(key)
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        return told({"api_key": key, "expires_at": ends.isoformat()}, 201)

    def _job(self, request: Request) -> StoredJob | None:
        return self._store.jobs.get(request.path_params["id"])
