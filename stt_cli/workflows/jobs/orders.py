"""What is to be submitted, and what is told about each while it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import SttError
from stt_cli.core.events import SubmissionEvent
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.ledger import Operation, QueueEntry
from stt_cli.providers.base import ProviderSpec


@dataclass(frozen=True, slots=True)
class Order:
    """One recording that is to be submitted, and what is wanted of it.

    Args:
        name: its path or address, by which it can be opened again; ``-`` is stdin.
        open: returns the recording, or raises what is wrong with it.
    """

    name: str
    open: Callable[[], AudioSource]
    options: JobOptions


@dataclass(frozen=True, slots=True)
class Task:
    """An order as the ledger has it, under its operation's key.

    Args:
        endpoint: the address it goes to, where that is not the service's own.
        plan: its place, size and wishes as they are kept.
        force: submit it even though the same is a job already.
        withheld: what of its wishes was a secret and is lost with its process.
        earlier: the operation as an earlier process left it.
    """

    key: str
    spec: ProviderSpec
    order: Order
    plan: QueueEntry
    endpoint: str | None = None
    force: bool = False
    withheld: tuple[str, ...] = ()
    earlier: Operation | None = None

    @property
    def was_sent(self) -> bool:
        """Whether an earlier process may have sent anything of it."""
        row = self.earlier
        return row is not None and (row.step is not None or bool(row.ids))


@dataclass(frozen=True, slots=True)
class SubmissionWaits:
    """Another shell is submitting the same recording: its job will be ours."""


@dataclass(frozen=True, slots=True)
class SubmittedBefore:
    """The same recording with the same wishes is a job already."""

    job: Job
    since: datetime


@dataclass(frozen=True, slots=True)
class SubmissionFailed:
    """One recording could not be submitted; the others go on.

    ``stays_open`` tells that it can be gone on with, by any shell.
    """

    error: SttError
    stays_open: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionNews:
    """What happened to the recording of that number in the list of orders."""

    index: int
    event: SubmissionEvent | SubmissionWaits | SubmittedBefore | SubmissionFailed
