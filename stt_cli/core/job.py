"""A job at an asynchronous service, under one set of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from stt_cli.core.errors import SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.secret import Redactor
from stt_cli.core.timestamps import iso_utc


class JobState(StrEnum):
    """Where a job stands; the provider's own word is kept beside it.

    ``UNKNOWN`` is a word that stt does not know: the job has not ended, as far as
    anyone can tell, and is waited for.
    """

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether the state changes no more."""
        return self in (JobState.SUCCEEDED, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: ``details`` keeps every other documented field of the provider.

    ``warnings`` are for stderr: a notification that nobody took, for instance.
    """

    id: str
    provider: str
    state: JobState
    provider_state: str | None = None
    input: str | None = None
    created: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    duration: float | None = None
    error: SttError | None = None
    ids: Identifiers = field(default_factory=Identifiers)
    details: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    warnings: tuple[str, ...] = ()

    def masked(self, redactor: Redactor) -> Job:
        """Return the job with every text masked that a service may echo.

        Addresses of recordings and of web hooks have credentials in them.
        """
        clean = redactor.clean
        if self.error:
            self.error.masked(clean)
        return replace(
            self,
            provider_state=clean(self.provider_state) if self.provider_state else None,
            input=clean(self.input) if self.input else self.input,
            details=redactor.clean_data(self.details),
            warnings=tuple(map(clean, self.warnings)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the job object of the JSON contract."""
        return {
            "id": self.id,
            "provider": self.provider,
            "state": str(self.state),
            "provider_state": self.provider_state,
            "input": self.input,
            "created": iso_utc(self.created),
            "started": iso_utc(self.started),
            "finished": iso_utc(self.finished),
            "duration": self.duration,
            "error": self.error.to_dict() if self.error else None,
            "ids": self.ids.to_dict(),
            "details": dict(self.details),
        }
