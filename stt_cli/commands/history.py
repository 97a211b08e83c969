"""``stt history``: what was sent, when, with which IDs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import JsonArray, Profile, Quiet
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.ledger import Operation

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")

_DEFAULT_LIMIT = 50
_EMPTY = "there is nothing that fits; every run is kept from its start"


@app.command(
    epilog=examples(
        "stt history meeting --since yesterday",
        "stt history -p azure --json | jq -r '.[].ids.session_id'",
    ),
)
def history(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...",
            help="Only operations that contain every word: in the input's name, "
            "an ID, the status, the error.",
        ),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option("--provider", "-p", metavar="NAME", help="Only this provider's."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="WHEN",
            help="Only later ones: 2h, 3d, today, yesterday, 2026-11-20, "
            "2026-11-20T14:00Z.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", metavar="N", min=0, help="At most so many; 0 means all."
        ),
    ] = _DEFAULT_LIMIT,
    profile: Profile = None,
    json: JsonArray = False,
    quiet: Quiet = False,
) -> None:
    """Show what was sent, when, with which IDs; newest first.

    Times are local on a terminal. A pipe gets time (UTC), command, provider,
    status, ID, input, the ID's kind and the reason of a failure, parted by tabs.
    """
    from stt_cli.core.events import Notice
    from stt_cli.formats.json_output import json_document
    from stt_cli.ledger import LedgerQuery, open_ledger
    from stt_cli.settings import Settings
    from stt_cli.ui.reporter import Reporter
    from stt_cli.workflows.since import since as moment_of

    world: Environment = ctx.obj
    reporter = Reporter(world, quiet=quiet)
    query = LedgerQuery(
        words=tuple(words or ()),
        provider=provider,
        since=moment_of(since, world.now()) if since else None,
        limit=limit + 1 if limit else None,
    )
    settings = Settings.load(world, profile=profile)

    def warn(notice: Notice) -> None:
        reporter.warning(notice.message, notice.hint)

    with open_ledger(world, settings, warn=warn) as ledger:
        rows = list(ledger.search(query))
        if not ledger.keeps and ledger.notice is None:
            reporter.warning("the ledger is turned off", "STT_LEDGER=on turns it on")
    more, rows = len(rows) > limit > 0, rows[: limit or None]
    if json:
        listed = [row.to_dict() | {"status": _status(row)} for row in rows]
        world.stdout.write(json_document(listed))
    else:
        _print(rows, world, quiet=quiet)
    if more:
        reporter.notice(Notice(f"there are more than {limit}; --limit 0 shows all"))


def _print(rows: list[Operation], world: Environment, *, quiet: bool) -> None:
    from stt_cli.ui.style import is_terminal
    from stt_cli.ui.tables import Cell, Column, print_table

    columns = [
        Column("when", "dim", whole=True),
        Column("command", roomy=True),
        Column("provider"),
        Column("status", whole=True),
        Column("id", whole=True),
        Column("input", tail=True),
        Column("reason", "red", wraps=True),
    ]
    terminal = is_terminal(world.stdout)
    print_table(
        columns,
        (
            (
                _moment(row.started_at, world) if terminal else row.started,
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
        world,
        empty=None if quiet else _EMPTY,
    )


def _kind(row: Operation) -> str | None:
    from stt_cli.core.identifiers import label

    return label(row.main_kind) if row.main_kind else None


def _status(row: Operation) -> str:
    """Return the word that ``status`` and ``batch list`` have for it."""
    return "running" if row.status == "started" else row.status


def _moment(started: datetime, world: Environment) -> str:
    """Return ``11-20 14:03``, local time; of another year the date alone."""
    local = started.astimezone()
    this_year = local.year == world.now().astimezone().year
    return f"{local:%m-%d %H:%M}" if this_year else f"{local:%Y-%m-%d}"


def _style(row: Operation) -> str:
    if row.error_code:
        return "red"
    return "yellow" if row.is_open else "green"
