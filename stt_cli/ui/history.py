"""What was sent, when, with which IDs, as a table or JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import label
from stt_cli.formats.json_output import json_document
from stt_cli.ledger import LedgerQuery, Operation
from stt_cli.ui.run import Run
from stt_cli.ui.style import is_terminal
from stt_cli.ui.tables import Cell, Column, print_table

_EMPTY = "no matching operations"


def show_history(query: LedgerQuery, run: Run, *, as_json: bool) -> None:
    """Print the operations of the ledger that fit, the newest first."""
    limit, ledger = query.limit, run.ledger
    wanted = None if limit is None else limit + 1  # one more tells that there is more
    rows = list(ledger.search(replace(query, limit=wanted)))
    if not ledger.keeps and ledger.notice is None:
        message = "the ledger is disabled"
        run.reporter.warning(message, "set STT_LEDGER=on to enable it")
    shown = rows[:limit]
    if as_json:
        listed = [row.to_dict() | {"status": _status(row)} for row in shown]
        run.environment.stdout.write(json_document(listed))
    else:
        _print(shown, run)
    if len(rows) > len(shown):
        message = f"showing the first {limit}; use --limit 0 to show all"
        run.reporter.notice(Notice(message))


def _print(rows: list[Operation], run: Run) -> None:
    columns = [
        Column("when", "dim", whole=True),
        Column("command", roomy=True),
        Column("provider"),
        Column("status", whole=True),
        Column("id", whole=True),
        Column("input", tail=True),
        Column("reason", "red", wraps=True),
    ]
    terminal = is_terminal(run.environment.stdout)
    print_table(
        columns,
        (
            (
                _moment(row.started_at, run.environment) if terminal else row.started,
                row.command,
                row.provider,
                Cell(_status(row), _style(row)),
                row.main_id,
                row.input,
                # The kind lets `stt session-id` read a line back.
                *(() if terminal else (_kind(row),)),
                row.error,
            )
            for row in rows
        ),
        run.environment,
        empty=None if run.reporter.is_quiet else _EMPTY,
        paged=True,
    )


def _kind(row: Operation) -> str | None:
    return label(row.main_kind) if row.main_kind else None


def _status(row: Operation) -> str:
    """Return the word that ``status`` and ``batch list`` have for it."""
    return "running" if row.status == "started" else row.status


def _moment(started: datetime, environment: Environment) -> str:
    """Return ``11-20 14:03``, local time; of another year the date alone."""
    local = started.astimezone()
    this_year = local.year == environment.now().astimezone().year
    return f"{local:%m-%d %H:%M}" if this_year else f"{local:%Y-%m-%d}"


def _style(row: Operation) -> str:
    if row.error_code:
        return "red"
    return "yellow" if row.is_open else "green"
