"""A whole list in the ledger before the first request, whoever began it.

Thousands of recordings are one transaction: nothing of a recording is read here
but its size and time. What an earlier process planned and did not finish is gone
on with rather than planned again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from functools import cache

from stt_cli.core.options import JobOptions
from stt_cli.ledger import NewSubmission, Operation, QueueEntry
from stt_cli.providers.base import Provider, ProviderSpec
from stt_cli.workflows.jobs.desk import SUBMIT, JobDesk
from stt_cli.workflows.jobs.locations import PIPE, location_of, name_at
from stt_cli.workflows.jobs.orders import Order, Task
from stt_cli.workflows.jobs.stored_options import register_secrets, stored


def plan_orders(
    desk: JobDesk,
    provider: Provider,
    orders: Sequence[Order],
    *,
    force: bool = False,
) -> list[Task]:
    """Write the list down, in one transaction; one task an order, in their order."""
    spec = provider.spec
    redactor = desk.environment.redactor
    for options in {id(order.options): order.options for order in orders}.values():
        register_secrets(options, spec.secret_params, redactor)
    endpoint = desk.endpoint_of(spec)
    plans = _plans(desk, spec, orders, force=force)
    left = _left_behind(desk, spec, endpoint)
    tasks: list[Task | None] = []
    for order, plan in zip(orders, plans, strict=True):
        row = _gone_on_with(left, plan, redactor.clean)
        task = (
            Task(row.key, spec, order, plan, endpoint, force, (), row) if row else None
        )
        tasks.append(task)
    new = [number for number, task in enumerate(tasks) if task is None]
    region = provider.context.values.get("region")
    entries = desk.ledger.enqueue(
        SUBMIT,
        spec.name,
        [
            NewSubmission(
                orders[number].name,
                plans[number],
                {
                    "endpoint": endpoint,
                    "language": orders[number].options.recognition.language,
                    "region": region,
                    "profile": desk.settings.profile,
                },
            )
            for number in new
        ],
    )
    for number, entry in zip(new, entries, strict=True):
        tasks[number] = Task(
            entry.key, spec, orders[number], plans[number], endpoint, force
        )
    return [task for task in tasks if task is not None]


def measured(name: str | None) -> tuple[int | None, int | None, bool]:
    """Return a file's size in bytes, its time in nanoseconds, and whether it flows.

    Both are ``None`` where there is no such file; a pipe gives its bytes once.
    """
    if name is None:
        return None, None, True
    try:
        status = os.stat(name)  # noqa: PTH116 - 10,000 at once
    except (OSError, ValueError):
        return None, None, False
    if not stat.S_ISREG(status.st_mode):
        return None, None, stat.S_ISFIFO(status.st_mode)
    return status.st_size, status.st_mtime_ns, False


def _plans(
    desk: JobDesk, spec: ProviderSpec, orders: Sequence[Order], *, force: bool
) -> list[QueueEntry]:
    clean = cache(desk.environment.redactor.clean)
    known: dict[tuple[int, str], str] = {}

    def wishes(options: JobOptions, source: str) -> str:
        # Most orders share their options, and hardly any source holds a secret.
        address = "" if clean(source) == source else source
        key = id(options), address
        if key not in known:
            known[key] = stored(
                options,
                secret_params=spec.secret_params,
                clean=clean,
                source=address,
                force=force,
            )
        return known[key]

    batch = desk.environment.new_hex_id()
    plans = []
    for position, order in enumerate(orders):
        source = location_of(order.name)
        size, modified, flows = measured(name_at(source))
        source = PIPE if flows else source
        is_file = source.startswith("file:")
        if is_file and size is None and clean(order.name) != order.name:
            # No file but a mistyped address, whose secret is not to be kept.
            source = location_of(clean(order.name))
        options = wishes(order.options, source)
        plans.append(QueueEntry(batch, position, source, options, size, modified))
    return plans


def _left_behind(
    desk: JobDesk, spec: ProviderSpec, endpoint: str | None
) -> dict[tuple[str, str], list[Operation]]:
    """Return what dead processes left unfinished, by place and wishes."""
    left: dict[tuple[str, str], list[Operation]] = {}
    living: dict[str | None, bool] = {None: False}
    for row in desk.ledger.unfinished(spec.name):
        facts = row.facts.get("endpoint"), row.facts.get("profile")
        entry = row.queue_entry
        if entry is None or facts != (endpoint, desk.settings.profile):
            continue
        if row.owner not in living:
            living[row.owner] = desk.ledger.is_elsewhere(row)
        if not living[row.owner]:
            left.setdefault((entry.source, entry.options), []).append(row)
    return left


def _gone_on_with(
    left: dict[tuple[str, str], list[Operation]],
    plan: QueueEntry,
    clean: Callable[[str], str],
) -> Operation | None:
    """Take the operation that an earlier process left of the same recording."""
    if plan.source == PIPE:
        return None
    rows = left.get((clean(plan.source), clean(plan.options)), [])
    for row in rows:
        sent = row.step is not None or bool(row.ids)
        before = row.queue_entry
        same = before is not None and (before.size, before.modified) == (
            plan.size,
            plan.modified,
        )
        if same or not sent:
            rows.remove(row)
            return row
    return None
