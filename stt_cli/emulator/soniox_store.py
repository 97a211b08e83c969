"""What the emulated Soniox keeps: files, transcriptions, their caps and states."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from stt_cli.protocols.soniox.rest_server import CreateRequest, Refusal

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
