"""What a service counted and charged, as a table or JSON."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from stt_cli.core.events import Notice
from stt_cli.core.usage import ModelUsage, Usage
from stt_cli.providers.registry import require_capability
from stt_cli.providers.spec import Capability
from stt_cli.ui.quantities import clock
from stt_cli.ui.tables import Column, print_json, print_table
from stt_cli.workflows.deadline import deadline

if TYPE_CHECKING:
    from stt_cli.ui.run import Run


def show_usage(
    start: datetime, run: Run, *, as_json: bool, timeout: float | None
) -> None:
    """Print the use of a provider from ``start`` until now."""
    spec, end = run.spec, run.environment.now()
    require_capability(spec, Capability.USAGE)
    context = run.context(spec, purpose=Capability.USAGE)
    with closing(spec.open(context)) as service, deadline(timeout):
        usage = service.usage(start, end)
    if as_json:
        print_json(usage.to_dict(), run.environment)
    elif usage.models:
        _print(usage, run)
    else:
        day = f"{start.astimezone():%Y-%m-%d}"
        run.reporter.notice(Notice(f"no usage at {spec.name} since {day}"))


def _print(usage: Usage, run: Run) -> None:
    columns = (
        Column("model", "bold"),
        Column("requests", right=True),
        Column("heard", right=True),
        Column("spoken", right=True),
        Column(usage.currency, right=True),
    )
    rows = [_row(each, each.model or "") for each in usage.models]
    if len(rows) > 1:
        rows.append(_row(usage.total, "total"))
    print_table(columns, rows, run.environment)


def _row(usage: ModelUsage, name: str) -> list[str | None]:
    return [
        name,
        None if usage.requests is None else str(usage.requests),
        clock(usage.heard) if usage.heard else None,
        clock(usage.spoken) if usage.spoken else None,
        None if usage.cost is None else f"{usage.cost:.2f}",
    ]
