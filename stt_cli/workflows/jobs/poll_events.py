"""What happens while jobs are waited for, and how patient the waiting is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from stt_cli.core.errors import SttError
from stt_cli.core.job import Job

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job stands differently than at the look before, or is seen first."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has ended, or will never be known: then ``error`` says why."""

    id: str
    job: Job | None = None
    error: SttError | None = None


@dataclass(frozen=True, slots=True)
class Fetched(Generic[Result]):
    """What an ended job brought, or why that could not be fetched."""

    ended: JobEnded
    result: Result | None = None
    error: SttError | None = None


@dataclass(frozen=True, slots=True)
class StillRunning:
    """Time ran out for these jobs, after so many seconds."""

    ids: tuple[str, ...]
    limit: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long such a job usually takes by the vendor's document, in seconds."""

    job: Job
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class LookFailed:
    """A look, or the fetching of a result, failed for now; waiting goes on."""

    error: SttError
    doing: str = "a look"


PollEvent = JobSeen | JobEnded | Estimate | LookFailed | StillRunning

Rest = Callable[[float], Sequence[str] | None]
"""Waits so many seconds, or shorter when notifications came: of which jobs."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait.

    Args:
        interval: seconds between looks; ``None`` follows the provider's advice,
            what the service asked for, and chance.
        timeout: seconds to wait at most; ``None`` leaves it to the provider.
        rest: how to wait; by default the environment's ``sleep``.
        workers: how many results of a service are fetched at a time.
    """

    interval: float | None = None
    timeout: float | None = None
    rest: Rest | None = None
    workers: int = 8
