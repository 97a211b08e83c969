"""Whose turn a recording is: this process's, another's, or nobody's any more."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from stt_cli.audio.source import AudioEncoding, AudioSource
from stt_cli.core.errors import AudioError, ConfigurationError, JobFailedError, SttError
from stt_cli.core.events import Notice
from stt_cli.core.job import Job, JobState
from stt_cli.ledger import AlreadySubmitted, Busy, Granted, Operation
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import Capability
from stt_cli.workflows.jobs.context import JobContext, job_id_of
from stt_cli.workflows.jobs.fingerprint import fingerprint
from stt_cli.workflows.jobs.options import comparable
from stt_cli.workflows.jobs.queue import (
    PIPE,
    QueuedSubmission,
    SubmissionWaits,
    measured,
    name_at,
)

_PAUSE = 0.25
"""Seconds between two questions whether another shell is done with it."""


def open_recording(submission: QueuedSubmission, provider: Provider) -> AudioSource:
    """Open a queued recording, as far as it is still there.

    Where it is gone or has changed, and something was sent of what it was, it is a
    ``LostSource``: the service may have all that it needs.

    Raises:
        AudioError: it cannot be read, and nothing was sent of it.
        ConfigurationError: what it needs was a secret, and is not kept; or it was
            begun in another region, where alone it can be looked for.
    """
    _check_region(submission, provider)
    if submission.withheld:
        raise ConfigurationError(
            f"{submission.request.name}: {', '.join(submission.withheld)} contained "
            "a secret, which the ledger does not store",
            hint="run the same `stt batch submit` again to continue",
        )
    can_be_found = submission.was_sent and provider.spec.can(Capability.RECOVERS)
    try:
        source = submission.request.open()
        if can_be_found and _is_another(submission):
            raise AudioError(
                f"{submission.request.name} has changed since it was sent",
                hint="submit the changed recording again",
            )
    except AudioError as error:
        if not can_be_found:
            raise
        return LostSource(submission.request.name, submission.entry.size, error)
    return source


def claimed(
    context: JobContext,
    submission: QueuedSubmission,
    source: AudioSource,
    region: str | None,
) -> Generator[SubmissionWaits, None, Granted | AlreadySubmitted]:
    """Wait until it is ours to submit, or a job that is known. Use ``yield from``.

    Raises:
        AudioError: it cannot be read.
    """
    profile, options = context.settings.profile, comparable(submission.entry.options)
    # Another profile is another account: a job of it cannot be asked after here.
    wanted = (submission.spec.name, submission.endpoint, region, profile, options)
    mark = None
    if not isinstance(source, LostSource):
        mark = fingerprint(source, wanted)
    return (yield from _claimed(context, submission, mark or f"once {submission.key}"))


def _check_region(submission: QueuedSubmission, provider: Provider) -> None:
    begun = submission.earlier.facts.get("region") if submission.earlier else None
    region = provider.context.values.get("region")
    if begun is not None and region is not None and begun != region:
        raise ConfigurationError(
            f"{submission.request.name} was queued for the region {begun}, but the "
            f"region is now {region}",
            hint=f"set the region to {begun} and run: stt batch resume",
        )


def fail_unread(
    context: JobContext, submission: QueuedSubmission, error: SttError
) -> None:
    """Write down that a recording cannot be read, unless another process has it."""
    mark = f"once {submission.key}"
    if isinstance(context.ledger.claim(submission.key, mark, force=True), Granted):
        context.ledger.recorder(submission.key).finish("failed", error=error)


def is_away(submission: QueuedSubmission) -> bool:
    """Whether an earlier process had the file, and it is not there now.

    A share that is not mounted is no reason to give up what it holds.
    """
    name = (
        name_at(submission.entry.source)
        if submission.entry.source.startswith("file:")
        else None
    )
    return (
        submission.earlier is not None and name is not None and not Path(name).exists()
    )


def job_of(operation: Operation) -> Job:
    """Return a job as the ledger knows it.

    Raises:
        JobFailedError: another process has tried meanwhile, and it is none.
    """
    if job_id_of(operation) is None:
        raise JobFailedError(
            f"{operation.input} was dropped by another process: "
            f"{operation.error or operation.status}",
            ids=operation.ids,
        )
    states = {str(state): state for state in JobState}
    job_id = job_id_of(operation)
    return Job(
        id=job_id or operation.key,
        provider=operation.provider,
        state=states.get(operation.status, JobState.QUEUED),
        input=operation.input,
        created=operation.started_at,
        ids=operation.ids,
    )


def _claimed(
    context: JobContext, submission: QueuedSubmission, mark: str
) -> Generator[SubmissionWaits, None, Granted | AlreadySubmitted]:
    while True:
        claim = context.ledger.claim(submission.key, mark, force=submission.force)
        if not isinstance(claim, Busy):
            return claim
        yield SubmissionWaits()
        context.environment.sleep(_PAUSE * (1 + context.environment.random()))


def _is_another(submission: QueuedSubmission) -> bool:
    before = submission.earlier.queue_entry if submission.earlier else None
    if submission.entry.source == PIPE or before is None:
        return False
    size, modified, _ = measured(name_at(submission.entry.source))
    return (size, modified) != (before.size, before.modified)


@dataclass(frozen=True, slots=True)
class LostSource:
    """A recording of which something was sent, and that is no longer what it was.

    It stands in while the service is asked what it has: nothing of it can be read. A
    job that was made is found, and an upload is made a job of; what would have to be
    sent again fails with ``reason``.
    """

    name: str
    size: int | None
    reason: AudioError
    path: Path | None = None
    url: str | None = None
    live: bool = False
    duration: float | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def encoding(self) -> AudioEncoding:
        """Raises ``reason``."""
        raise self.reason

    def check_decodable(self) -> None:
        """Raise ``reason``."""
        self._refuse()

    def pcm(
        self, sample_rate: int = 16_000, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Raise ``reason``."""
        self._refuse()

    def original(self, block_bytes: int = 65_536) -> Iterator[bytes]:
        """Raise ``reason``."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise self.reason
