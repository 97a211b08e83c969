"""This machine's own jobs, for services that keep none: a JSON file each.

The local engine and services that transcribe at once have no job that could be
asked for. Their work gets an ID here, and its result stands in the state
folder until it is deleted. Files are private (0600): they hold what was said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from stt_cli.audio.inputs import shown_input
from stt_cli.core.environment import Environment
from stt_cli.core.errors import (
    JobFailedError,
    NotFoundError,
    OutputError,
    SttError,
)
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job, JobState
from stt_cli.core.private_folder import replace_private
from stt_cli.core.transcript import Transcript
from stt_cli.core.transcript_reading import error_from_dict, transcript_from_dict
from stt_cli.ledger.sqlite.process_locks import ProcessLocks

_OWNER = "owner"
"""The detail of a running job that names the lock of its process."""

PREFIX = "stt-"
"""What an ID of ours begins with: no vendor's support would know it."""

_ID = re.compile(rf"{PREFIX}[0-9a-f]{{32}}")


def is_local(job_id: str) -> bool:
    """Whether an ID is one of ours."""
    return _ID.fullmatch(job_id) is not None


@dataclass(frozen=True, slots=True)
class LocalJob:
    """A job and, once it is done, its result."""

    job: Job
    transcript: Transcript | None = None


class LocalJobs:
    """The folder of this machine's jobs.

    The process that works on a job holds a lock while it lives: the number of a
    process says nothing, for the system gives it to another one later.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._folder = environment.directories.state / "jobs"
        self._locks = ProcessLocks(environment.directories.state / "job-locks")

    def close(self) -> None:
        """Let go of the lock: what this process left running has failed."""
        self._locks.let_go()

    def begin(self, provider: str, input_name: str, key: str | None = None) -> Job:
        """Write a running job down and return it.

        Args:
            key: 32 hex digits that its ID is made of; a job that was cut off is
                begun again under its own.
        """
        now = self._environment.now()
        job_id = PREFIX + (key or self._environment.new_hex_id())
        job = Job(
            id=job_id,
            provider=provider,
            state=JobState.RUNNING,
            input=shown_input(input_name, self._environment.redactor.clean),
            created=now,
            started=now,
            ids=Identifiers.of(job_id=job_id),
        )
        with self._explained(job):
            job = replace(job, details={_OWNER: self._locks.hold()})
            self._write_file(LocalJob(job))
        return job

    def succeed(self, job: Job, transcript: Transcript) -> Job:
        """Write the result down and return the job as it now stands."""
        done = replace(
            job,
            state=JobState.SUCCEEDED,
            finished=self._environment.now(),
            duration=transcript.duration,
            ids=job.ids.merged(transcript.ids),
            details={},
        )
        self._write(LocalJob(done, transcript))
        return done

    def fail(self, job: Job, error: SttError) -> Job:
        """Write the failure down and return the job as it now stands."""
        done = replace(
            job,
            state=JobState.FAILED,
            finished=self._environment.now(),
            error=error,
            ids=job.ids.merged(error.ids),
            details={},
        )
        self._write(LocalJob(done))
        return done

    def get(self, job_id: str) -> LocalJob:
        """Return a job. Raises ``NotFoundError``."""
        try:
            data = json.loads(self._path(job_id).read_bytes())
            return self._checked(_read(data))
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(
                f"no job {job_id} on this machine",
                hint="it may have been deleted; `stt batch list -p NAME` lists jobs",
            ) from None
        except (ValueError, KeyError, TypeError) as fault:
            raise NotFoundError(
                f"the file of job {job_id} is damaged: {fault}",
                hint=f"submit the recording again; the file is {self._path(job_id)}",
                ids=Identifiers.of(job_id=job_id),
            ) from fault

    def all(self, provider: str) -> Iterator[Job]:
        """Yield the provider's jobs, newest first."""
        with suppress(FileNotFoundError):
            paths = sorted(
                self._folder.glob(f"{PREFIX}*.json"),
                key=lambda path: path.stat().st_mtime_ns,
                reverse=True,
            )
            for path in paths:
                with suppress(NotFoundError):
                    job = self.get(path.stem).job
                    if job.provider == provider:
                        yield job

    def delete(self, job_id: str) -> None:
        """Remove a job and its result. Raises ``NotFoundError``."""
        self.get(job_id)
        self._path(job_id).unlink(missing_ok=True)

    def _path(self, job_id: str) -> Path:
        if not is_local(job_id):
            raise NotFoundError(f"{job_id} is not the ID of a job on this machine")
        return self._folder / f"{job_id}.json"

    def _checked(self, own: LocalJob) -> LocalJob:
        """Tell a job whose process was killed from one that still runs."""
        if own.job.state is not JobState.RUNNING or self._is_at_work(own.job):
            return own
        error = JobFailedError(
            "the process running the job ended without a result",
            hint="to continue, run: stt batch resume",
        )
        return LocalJob(replace(own.job, state=JobState.FAILED, error=error))

    def _is_at_work(self, job: Job) -> bool:
        """Whether the process that began a job still lives."""
        try:
            return self._locks.is_held(str(job.details.get(_OWNER, "")))
        except OSError:  # it may well be
            return True

    def _write(self, own: LocalJob) -> None:
        """Write a job whole, brought to the disk, or leave what was there."""
        with self._explained(own.job):
            self._write_file(own)

    @contextmanager
    def _explained(self, job: Job) -> Iterator[None]:
        """Raise ``OutputError`` for a full disk or a folder that takes no files."""
        try:
            yield
        except OSError as fault:
            raise OutputError(
                f"cannot store the job in {self._folder}: {fault.strerror or fault}",
                hint="free up disk space and make the folder writable, or set "
                "STT_HOME; `stt recognize` does not need this folder",
                ids=job.ids,
            ) from fault

    def _write_file(self, own: LocalJob) -> None:
        data: dict[str, Any] = {"job": own.job.to_dict(), "transcript": None}
        if own.transcript is not None:
            data["transcript"] = own.transcript.to_dict()
        text = json.dumps(data, ensure_ascii=True, default=str)
        replace_private(self._path(own.job.id), text)


def _read(data: dict[str, Any]) -> LocalJob:
    kept = data["job"]
    job = Job(
        **{
            **kept,
            "state": JobState(kept["state"]),
            "created": _moment(kept["created"]),
            "started": _moment(kept["started"]),
            "finished": _moment(kept["finished"]),
            "error": error_from_dict(kept["error"]),
            "ids": Identifiers.from_mapping(kept["ids"]),
        }
    )
    transcript = data["transcript"]
    return LocalJob(job, transcript_from_dict(transcript) if transcript else None)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
