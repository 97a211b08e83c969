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
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.locations import name_at
from stt_cli.workflows.jobs.orders import Order, Task
from stt_cli.workflows.jobs.stored_options import StoredOptions, read_stored

FORGOTTEN = "forgotten"
"""How a submission ends that the user gave up, of which something was sent."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is left to submit, the oldest list first, each in its order.

    Args:
        elsewhere: how many another living process is submitting now.
        profiles: how many were begun with another profile, another account; by
            its name, ``None`` where there was none.
        unreadable: operations that cannot be gone on with, and why.
    """

    tasks: tuple[Task, ...]
    elsewhere: int = 0
    profiles: Mapping[str | None, int] = field(default_factory=dict)
    unreadable: tuple[tuple[Operation, SttError], ...] = ()


def backlog(desk: JobDesk, provider: str | None = None) -> Backlog:
    """Return what is planned and neither a job nor in another process's hands."""
    tasks: list[Task] = []
    unreadable: list[tuple[Operation, SttError]] = []
    living: dict[str | None, bool] = {None: False}
    profiles: Counter[str | None] = Counter()
    elsewhere = 0
    for row in desk.ledger.unfinished(provider):
        if row.owner not in living:
            living[row.owner] = desk.ledger.is_elsewhere(row)
        if living[row.owner]:
            elsewhere += 1
            continue
        if row.facts.get("profile") != desk.settings.profile:
            profiles[row.facts.get("profile")] += 1
            continue
        try:
            tasks.append(_task(desk, row))
        except SttError as error:
            unreadable.append((row, error))
    return Backlog(tuple(tasks), elsewhere, profiles, tuple(unreadable))


def forget(desk: JobDesk, provider: str | None = None) -> tuple[int, list[Operation]]:
    """Give up what is unfinished; what was sent of it stays in the ledger.

    Returns:
        How many were given up, and those that the service may have taken.
    """
    left = backlog(desk, provider)
    rows = [task.earlier for task in left.tasks if task.earlier is not None]
    rows += [row for row, _ in left.unreadable]
    dropped = set(desk.ledger.drop([row.key for row in rows]))
    sent = [row for row in rows if row.key not in dropped]
    for row in sent:
        desk.ledger.recorder(row.key).finish(FORGOTTEN)
    return len(rows), sent


def _task(desk: JobDesk, row: Operation) -> Task:
    plan = row.queue_entry
    if plan is None:  # never, as the ledger answers
        raise AudioError(f"{row.input}: where it is was not written down")
    kept = read_stored(plan.options)
    return Task(
        key=row.key,
        spec=provider_spec(row.provider),
        order=_order(desk, row, plan.source, kept),
        plan=plan,
        endpoint=row.facts.get("endpoint"),
        force=kept.force,
        withheld=kept.withheld,
        earlier=row,
    )


def _order(desk: JobDesk, row: Operation, location: str, kept: StoredOptions) -> Order:
    shown = row.input or location
    return Order(shown, _opener(desk, location, shown), kept.options)


def _opener(desk: JobDesk, location: str, shown: str) -> Callable[[], AudioSource]:
    def open_again() -> AudioSource:
        name = name_at(location)
        if name is None:
            raise AudioError(
                f"{shown}: it came through a pipe, and cannot be read again",
                hint="pipe it into `stt batch submit -` once more",
            )
        return open_source(name, desk.environment, name=shown)

    return open_again
