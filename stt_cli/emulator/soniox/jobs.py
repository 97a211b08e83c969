"""The files and transcriptions of the emulated Soniox: kept, worked on, announced."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.decoding import pcm_of, seconds_of
from stt_cli.emulator.hearing import BYTES_A_SECOND, Ear, Heard
from stt_cli.emulator.soniox.tokens import TokenStyle, tokens_of
from stt_cli.emulator.soniox.usage import UsageCounter
from stt_cli.emulator.webhook_caller import call_webhook
from stt_cli.protocols.soniox.rest_server import CreateRequest, Refusal, invalid
from stt_cli.protocols.soniox.webhook import notification_body

MOST_FILES = 1000
MOST_BYTES = 10 * 10**9
MOST_TRANSCRIPTIONS = 2000

STORAGE_FULL = Refusal(
    429, "limit_exceeded", "Total file storage limit of 10 GB reached."
)
TOO_MANY_FILES = Refusal(
    429, "limit_exceeded", "Maximum number of uploaded files reached."
)
TOO_MANY_JOBS = Refusal(
    429, "limit_exceeded", "Total transcriptions limit of 2000 reached."
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file with its bytes."""

    id: str
    filename: str
    data: bytes
    created_at: str
    client_reference_id: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the file object; an absent reference is left out, as documented."""
        known: dict[str, Any] = {
            "id": self.id,
            "filename": self.filename,
            "size": len(self.data),
            "created_at": self.created_at,
        }
        if self.client_reference_id is not None:
            known["client_reference_id"] = self.client_reference_id
        return known


@dataclass(slots=True)
class StoredJob:
    """A transcription and how it comes along."""

    id: str
    request: CreateRequest
    filename: str
    created_at: str
    began: float
    takes: float
    tokens: list[dict[str, Any]] | None = None
    duration_ms: int | None = None
    error: tuple[str, str] | None = None
    webhook_status: int | None = None

    @property
    def status(self) -> str:
        """Where it stands by now."""
        passed = time.monotonic() - self.began
        if passed < self.takes / 3:
            return "queued"
        if passed < self.takes or (self.tokens is None and self.error is None):
            return "processing"
        return "error" if self.error else "completed"

    def to_dict(self) -> dict[str, Any]:
        """Return the transcription object."""
        status = self.status
        failed = self.error if status == "error" and self.error else (None, None)
        return {
            "id": self.id,
            "status": status,
            "created_at": self.created_at,
            "filename": self.filename,
            **self.request.echoed(),
            "audio_duration_ms": 0 if status == "queued" else self.duration_ms,
            "error_type": failed[0],
            "error_message": failed[1],
            "webhook_status_code": self.webhook_status,
        }


@dataclass
class Store:
    """Everything of one emulator."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    jobs: dict[str, StoredJob] = field(default_factory=dict)
    temporary_keys: set[str] = field(default_factory=set)
    usage: UsageCounter = field(default_factory=UsageCounter)

    def add_file(
        self, filename: str, data: bytes, reference: str | None
    ) -> StoredFile | Refusal:
        """Keep a file, if there is room."""
        if sum(len(file.data) for file in self.files.values()) + len(data) > MOST_BYTES:
            return STORAGE_FULL
        if len(self.files) >= MOST_FILES:
            return TOO_MANY_FILES
        file = StoredFile(str(uuid4()), filename, data, now(), reference)
        self.files[file.id] = file
        return file

    def add_job(
        self, request: CreateRequest, filename: str, takes: float
    ) -> StoredJob | Refusal:
        """Keep a new transcription, if there is room."""
        if len(self.jobs) >= MOST_TRANSCRIPTIONS:
            return TOO_MANY_JOBS
        job = StoredJob(str(uuid4()), request, filename, now(), time.monotonic(), takes)
        self.jobs[job.id] = job
        return job


def now() -> str:
    """Return the time as the service writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Worker:
    """Does the jobs of one emulator, each as a task."""

    def __init__(self, config: EmulatorConfig, store: Store, ear: Ear) -> None:
        self._config = config
        self._store = store
        self._ear = ear
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, request: CreateRequest) -> StoredJob | Refusal:
        """Take a job, and start it."""
        file: StoredFile | None = None
        file_id = request.get("file_id")
        if file_id is not None:
            file = self._store.files.get(file_id)
            if file is None:
                where = "body.payload.file_id"
                return invalid(("value_error", where, "File not found"))
        url = request.get("audio_url")
        name = file.filename if file else urlsplit(url or "").path.rpartition("/")[2]
        job = self._store.add_job(request, name, self._config.delay)
        if isinstance(job, StoredJob):
            given = self._ear.given()  # in the order of the requests
            if self._config.faults.take("fail-job") is not None:
                job.error = ("invalid_audio_file", "Could not decode audio file.")
            task = asyncio.create_task(self._work(job, file, url, given))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return job

    async def _work(
        self,
        job: StoredJob,
        file: StoredFile | None,
        url: str | None,
        given: list[Heard] | None,
    ) -> None:
        if job.error is None:
            await self._transcribe(job, file, url, given)
        await self._tell(job)

    async def _transcribe(
        self,
        job: StoredJob,
        file: StoredFile | None,
        url: str | None,
        given: list[Heard] | None,
    ) -> None:
        if file is not None:
            await asyncio.to_thread(self._hear, job, file.data, given)
        elif given is not None:
            self._finish(job, given, 1.0 * max(len(given), 1))
        else:
            data = await _fetched(url or "")
            if data is None:
                job.error = ("file_download_failed", "Could not download the file.")
            else:
                await asyncio.to_thread(self._hear, job, data, None)

    def _hear(self, job: StoredJob, data: bytes, given: list[Heard] | None) -> None:
        seconds = seconds_of(data)
        if seconds is None:
            job.error = ("invalid_audio_file", "Could not decode audio file.")
            return
        if given is None:
            pcm = pcm_of(data) or b""
            given = self._ear.hear(pcm)
            seconds = len(pcm) / BYTES_A_SECOND
        self._finish(job, given, seconds)

    def _finish(self, job: StoredJob, heard: list[Heard], seconds: float) -> None:
        job.duration_ms = round(seconds * 1000)
        self._store.usage.add(job.request.fields["model"], seconds)
        job.tokens = tokens_of(heard, 0.0, seconds, _style(job.request))

    async def _tell(self, job: StoredJob) -> None:
        url = job.request.get("webhook_url")
        if url is None:
            return
        await asyncio.sleep(self._config.delay)
        while job.status not in ("completed", "error"):
            await asyncio.sleep(0.02)
        name = job.request.get("webhook_auth_header_name")
        value = job.request.get("webhook_auth_header_value")
        headers = {name: value} if name and value else {}
        body = notification_body(job.id, job.status)
        job.webhook_status = await call_webhook(url, body, headers)


def _style(request: CreateRequest) -> TokenStyle:
    hints: Any = request.fields.get("language_hints") or ["en"]
    return TokenStyle(
        speakers=request.wants_speakers,
        languages=request.wants_languages,
        language=hints[0],
        translation=request.translation,
    )


async def _fetched(url: str) -> bytes | None:
    import httpx

    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            answer = await client.get(url)
    except httpx.HTTPError:
        return None
    return answer.content if answer.is_success else None
