"""``stt history``: what was sent, when, with which IDs."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import JsonArray, LocalOptions

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")

_DEFAULT_LIMIT = 50


@app.command(
    epilog=examples(
        "stt history meeting --since yesterday",
        "stt history -p azure --json | jq -r '.[].ids.session_id'",
    ),
)
@with_option_groups
def history(
    ctx: typer.Context,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...",
            help="Show only operations that contain every word in the input name, "
            "an ID, the status or the error.",
        ),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            "-p",
            metavar="NAME",
            autocompletion=values.providers,
            help="Show only this provider.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="WHEN",
            autocompletion=values.of("today", "yesterday"),
            help="Show only operations since then: 2h, 3d, today, yesterday, "
            "2026-11-20, 2026-11-20T14:00Z.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", metavar="N", min=0, help="Maximum number to show; 0 shows all."
        ),
    ] = _DEFAULT_LIMIT,
    json: JsonArray = False,
    local: LocalOptions,
) -> None:
    """Show past operations and their IDs, newest first.

    Times are local on a terminal. Piped output is tab-separated: time (UTC),
    command, provider, status, ID, input, kind of ID, error.
    """
    from stt_cli.ledger import LedgerQuery
    from stt_cli.ui.history import show_history
    from stt_cli.workflows.since import since as moment_of

    with local.start(ctx) as run:
        query = LedgerQuery(
            words=tuple(words or ()),
            provider=provider,
            since=moment_of(since, run.environment.now()) if since else None,
            limit=limit or None,
        )
        show_history(query, run, as_json=json)
