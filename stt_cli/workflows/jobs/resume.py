"""What earlier processes left unfinished, whichever shell it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import AudioError, SttError
from stt_cli.ledger import Operation
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.options import StoredOptions, read_stored
from stt_cli.workflows.jobs.queue import QueuedSubmission, SubmissionRequest, name_at

FORGOTTEN = "forgotten"
"""How a submission ends that the user gave up, of which something was sent."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is left to submit, the oldest list first, each in its order.

    Args:
        elsewhere: how many another living process is submitting now.
        profiles: how many were begun with another profile, another account; by
            its name, ``None`` where there was none.
        unreadable: operations that cannot be resumed, and why.
    """

    queued: tuple[QueuedSubmission, ...]
    elsewhere: int = 0
    profiles: Mapping[str | None, int] = field(default_factory=dict)
    unreadable: tuple[tuple[Operation, SttError], ...] = ()


def backlog(context: JobContext, provider: str | None = None) -> Backlog:
    """Return what is queued and neither a job nor in another process's hands."""
    queued: list[QueuedSubmission] = []
    unreadable: list[tuple[Operation, SttError]] = []
    living: dict[str | None, bool] = {None: False}
    profiles: Counter[str | None] = Counter()
    elsewhere = 0
    for operation in context.ledger.unfinished(provider):
        if operation.owner not in living:
            living[operation.owner] = context.ledger.is_elsewhere(operation)
        if living[operation.owner]:
            elsewhere += 1
            continue
        if operation.facts.get("profile") != context.settings.profile:
            profiles[operation.facts.get("profile")] += 1
            continue
        try:
            queued.append(_queued(context, operation))
        except SttError as error:
            unreadable.append((operation, error))
    return Backlog(tuple(queued), elsewhere, profiles, tuple(unreadable))


def forget(
    context: JobContext, provider: str | None = None
) -> tuple[int, list[Operation]]:
    """Give up what is unfinished; what was sent of it stays in the ledger.

    Returns:
        How many were given up, and those that the service may have taken.
    """
    left = backlog(context, provider)
    operations = [
        submission.earlier
        for submission in left.queued
        if submission.earlier is not None
    ]
    operations += [operation for operation, _ in left.unreadable]
    dropped = set(context.ledger.drop([operation.key for operation in operations]))
    sent = [operation for operation in operations if operation.key not in dropped]
    for operation in sent:
        context.ledger.recorder(operation.key).finish(FORGOTTEN)
    return len(operations), sent


def _queued(context: JobContext, operation: Operation) -> QueuedSubmission:
    entry = operation.queue_entry
    if entry is None:  # never, as the ledger answers
        raise AudioError(f"{operation.input}: its location is not in the ledger")
    kept = read_stored(entry.options)
    return QueuedSubmission(
        key=operation.key,
        spec=provider_spec(operation.provider),
        request=_request(context, operation, entry.source, kept),
        entry=entry,
        endpoint=operation.facts.get("endpoint"),
        force=kept.force,
        withheld=kept.withheld,
        earlier=operation,
    )


def _request(
    context: JobContext, operation: Operation, location: str, kept: StoredOptions
) -> SubmissionRequest:
    shown = operation.input or location
    return SubmissionRequest(shown, _opener(context, location, shown), kept.options)


def _opener(
    context: JobContext, location: str, shown: str
) -> Callable[[], AudioSource]:
    def open_again() -> AudioSource:
        name = name_at(location)
        if name is None:
            raise AudioError(
                f"{shown} was piped in and cannot be read again",
                hint="pipe it into `stt batch submit -` again",
            )
        return open_source(name, context.environment, name=shown)

    return open_again
