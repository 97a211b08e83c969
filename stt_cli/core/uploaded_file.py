"""A recording that was uploaded to a service for a job, and may lie there still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.secret import Redactor
from stt_cli.core.timestamps import iso_utc


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file; ``size`` is in bytes, ``job`` the job that uses it, if any does."""

    id: str
    provider: str
    name: str | None = None
    size: int | None = None
    created: datetime | None = None
    job: Job | None = None
    ids: Identifiers = field(default_factory=Identifiers)
    details: Mapping[str, Any] = field(default_factory=dict)

    def masked(self, redactor: Redactor) -> UploadedFile:
        """Return the file with every text masked that a service may echo."""
        return replace(
            self,
            name=redactor.clean(self.name) if self.name else self.name,
            job=self.job.masked(redactor) if self.job else None,
            details=redactor.clean_data(self.details),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the file object of the JSON contract."""
        return {
            "id": self.id,
            "provider": self.provider,
            "name": self.name,
            "size": self.size,
            "created": iso_utc(self.created),
            "job": self.job.id if self.job else None,
            "job_state": str(self.job.state) if self.job else None,
            "ids": self.ids.to_dict(),
            "details": dict(self.details),
        }
