"""``stt history``: what was sent, when, with which IDs."""

from __future__ import annotations

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
        "stt history meeting --since 3d",
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
            help="Only later ones: 2h, 3d, 2026-11-20, 2026-11-20T14:00Z.",
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

    A pipe gets time, command, provider, status, ID and input, parted by tabs.
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
        listed = [row.to_dict() for row in rows]
        world.stdout.write(json_document(listed))
    else:
        _print(rows, world, quiet=quiet)
    if more:
        reporter.notice(Notice(f"there are more than {limit}; --limit 0 shows all"))


def _print(rows: list[Operation], world: Environment, *, quiet: bool) -> None:
    from stt_cli.ui.tables import Cell, Column, print_table

    columns = [
        Column("when (UTC)", "dim", whole=True),
        Column("command", roomy=True),
        Column("provider"),
        Column("status", whole=True),
        Column("id", whole=True),
        Column("input", tail=True),
    ]
    terminal = world.stdout.isatty()
    print_table(
        columns,
        (
            (
                _moment(row.started, world) if terminal else row.started,
                row.command,
                row.provider,
                Cell(row.status, _style(row)),
                row.main_id,
                row.input,
            )
            for row in rows
        ),
        world,
        empty=None if quiet else _EMPTY,
    )


def _moment(started: str, world: Environment) -> str:
    """Return ``11-20 14:03``; of another year the date alone."""
    this_year = started[:4] == f"{world.now():%Y}"
    return started[5:16].replace("T", " ") if this_year else started[:10]


def _style(row: Operation) -> str:
    if row.error_code:
        return "red"
    return "yellow" if row.is_open else "green"
