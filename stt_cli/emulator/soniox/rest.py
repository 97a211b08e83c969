"""The emulated Soniox over HTTP: files, transcriptions, models, keys."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.hearing import Ear
from stt_cli.emulator.http_faults import Handler, drain, with_faults
from stt_cli.emulator.soniox.jobs import STORAGE_FULL, Store, StoredJob, Worker
from stt_cli.protocols.soniox.rest_server import (
    LARGEST_FILE,
    CreateRequest,
    Refusal,
    invalid,
)

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

_NO_SUCH_FILE = Refusal(404, "file_not_found", "File could not be found.")
_NO_SUCH_JOB = Refusal(
    404, "transcription_not_found", "Transcription could not be found."
)
_WRONG_KEY = Refusal(401, "unauthenticated", "Incorrect API key provided.")
_LANGUAGES = [("en", "English"), ("de", "German"), ("fr", "French"), ("nl", "Dutch")]

SPEECH_MODEL = {
    "id": "tts-rt-v2",
    "aliased_model_id": None,
    "name": "TTS v2",
    "voices": [
        {"id": "Adrian", "description": "A calm voice", "gender": "male"},
        {"id": "Maya", "description": "A warm voice", "gender": "female"},
    ],
    "languages": [{"code": code, "name": name} for code, name in _LANGUAGES],
    "supports_speed_adjustment": True,
    "speed_min": 0.7,
    "speed_max": 1.3,
}


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
            ("GET", "/usage/summary", self._usage),
            ("POST", "/auth/temporary-api-key", self._temporary_key),
        ]
        return [
            Route(f"/v1{path}", self._guarded(handler), methods=[method])
            for method, path, handler in table
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if not self._is_authentic(request):
                return refused(_WRONG_KEY)
            return await handler(request)

        return with_faults(
            guarded, self._config, lambda status: refused(Refusal.of_status(status))
        )

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
        return (
            refused(file) if isinstance(file, Refusal) else answer(file.to_dict(), 201)
        )

    async def _list_files(self, request: Request) -> Response:
        files = [file.to_dict() for file in self._store.files.values()]
        return page_of(request, "files", files[::-1])

    async def _count_files(self, _request: Request) -> Response:
        return counted(len(self._store.files))

    async def _get_file(self, request: Request) -> Response:
        file = self._store.files.get(request.path_params["id"])
        return refused(_NO_SUCH_FILE) if file is None else answer(file.to_dict())

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
        if self._config.faults.value("older-models") and read.is_of_version_6:
            return refused(
                invalid(("value_error", "body.payload.model", "Invalid model"))
            )
        self._config.journal.add("create", fields=dict(read.fields))
        job = self._worker.begin(read)
        return refused(job) if isinstance(job, Refusal) else answer(job.to_dict(), 201)

    async def _list_jobs(self, request: Request) -> Response:
        jobs = [self._with_fault(job.to_dict()) for job in self._store.jobs.values()]
        return page_of(request, "transcriptions", jobs[::-1])

    async def _count_jobs(self, _request: Request) -> Response:
        return counted(len(self._store.jobs))

    async def _get_job(self, request: Request) -> Response:
        job = self._job(request)
        if job is None:
            return refused(_NO_SUCH_JOB)
        return answer(self._with_fault(job.to_dict()))

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
        from stt_cli.emulator.soniox.tokens import text_of

        whole = {"id": job.id, "text": text_of(job.tokens), "tokens": job.tokens}
        return answer(whole)

    async def _models(self, _request: Request) -> Response:
        kinds = {"rt": "real_time", "async": "async"}
        models = [
            model(f"stt-{kind}-{version}", mode)
            for version in ("v6", "v5")
            for kind, mode in kinds.items()
        ]
        return answer({"models": models})

    async def _speech_models(self, _request: Request) -> Response:
        return answer({"models": [SPEECH_MODEL]})

    async def _limits(self, _request: Request) -> Response:
        scope = {
            "current": {"transcribe_concurrent": 0, "tts_concurrent": 0},
            "limits": {"transcribe_concurrent": 10, "tts_concurrent": None},
        }
        return answer({"project": scope, "organization": scope})

    async def _usage(self, request: Request) -> Response:
        query = request.query_params
        found = self._store.usage.summary(
            query.get("start_time"), query.get("end_time")
        )
        return refused(found) if isinstance(found, Refusal) else answer(found)

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
        return answer({"api_key": key, "expires_at": ends.isoformat()}, 201)

    def _with_fault(self, job: dict[str, Any]) -> dict[str, Any]:
        return {**job, "status": self._config.faults.job_state(job["status"])}

    def _job(self, request: Request) -> StoredJob | None:
        return self._store.jobs.get(request.path_params["id"])


def answer(fields: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    body = json.dumps(fields, ensure_ascii=False).encode()
    return Response(body, status, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    """Return an error answer with a request ID of its own."""
    body = refusal.body(str(uuid4()))
    return Response(body, refusal.status, media_type="application/json")


def invalid_state(why: str) -> Refusal:
    """Return the refusal of what its state does not allow."""
    return Refusal(409, "transcription_invalid_state", f"Invalid state. {why}")


def counted(number: int) -> Response:
    """Return how many there are."""
    return answer({"total": number, "public_api": number, "playground": 0})


def page_of(request: Request, name: str, objects: list[dict[str, Any]]) -> Response:
    """Return a page of objects by ``limit`` and ``cursor``."""
    try:
        limit = int(request.query_params.get("limit", "1000"))
    except ValueError:
        limit = 0
    if not 1 <= limit <= 1000:
        return refused(invalid(("less_than_equal", "query.limit", "1 to 1000")))
    cursor = request.query_params.get("cursor")
    begin = 0
    if cursor:
        ids = [item["id"] for item in objects]
        try:
            begin = ids.index(base64.urlsafe_b64decode(cursor).decode()) + 1
        except ValueError:
            return refused(Refusal(400, "invalid_cursor", "The cursor is invalid."))
    part = objects[begin : begin + limit]
    more = begin + limit < len(objects)
    last = base64.urlsafe_b64encode(part[-1]["id"].encode()).decode() if more else None
    return answer({name: part, "next_page_cursor": last})


def model(name: str, mode: str) -> dict[str, Any]:
    """Return one model of recognition."""
    return {
        "id": name,
        "aliased_model_id": None,
        "name": name,
        "context_version": 2,
        "transcription_mode": mode,
        "languages": [{"code": code, "name": full} for code, full in _LANGUAGES],
        "supports_language_hints_strict": True,
        "supports_max_endpoint_delay": mode == "real_time",
        "supports_endpoint_sensitivity": mode == "real_time",
        "supports_endpoint_latency_adjustment": mode == "real_time",
        "supports_agent_text_input": name == "stt-rt-v6",
        "endpoint_latency_adjustment_max_level": 3,
        "translation_targets": [],
        "two_way_translation_pairs": [],
        "one_way_translation": "all_languages",
        "two_way_translation": "all_languages",
    }
