"""``stt providers``: what each can do, and what it still needs."""

from __future__ import annotations

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import JsonArray, LocalOptions

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "stt providers",
        "stt providers --json | jq '.[] | select(.ready).name'",
    ),
)
@with_option_groups
def providers(
    ctx: typer.Context, *, json: JsonArray = False, local: LocalOptions
) -> None:
    """Show what each provider can do and what it still needs.

    Piped output is tab-separated: name, title, abilities, state.
    """
    from stt_cli.ui.catalog import list_providers

    with local.start(ctx) as run:
        list_providers(run, as_json=json)
