"""``stt providers``: what each can do, and what it still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands.options import JsonArray, Profile, Quiet
from stt_cli.core.environment import Environment

if TYPE_CHECKING:
    from stt_cli.ui.tables import Cell
    from stt_cli.workflows.provider_list import ProviderState

app = typer.Typer(no_args_is_help=False, rich_markup_mode="rich")


@app.command(
    epilog=examples(
        "stt providers",
        "stt providers --json | jq '.[] | select(.ready).name'",
    ),
)
def providers(
    ctx: typer.Context,
    profile: Profile = None,
    json: JsonArray = False,
    quiet: Quiet = False,
) -> None:
    """Show what each provider can do, and what it still needs.

    A pipe gets name, title, abilities and state, parted by tabs.
    """
    from stt_cli.settings import Settings
    from stt_cli.ui.listed_json import print_json
    from stt_cli.ui.tables import Column, print_table
    from stt_cli.workflows.provider_list import provider_states

    world: Environment = ctx.obj
    settings = Settings.load(world, profile=profile)
    states = list(provider_states(settings))
    if json:
        print_json([state.to_dict() for state in states], world)
        return
    columns = [
        Column("name", "bold"),
        Column("service"),
        Column("can", wraps=True),
        Column("state", wraps=True),
    ]
    rows = (
        (
            state.name,
            state.spec.title if state.spec else None,
            ", ".join(state.can),
            _state(state),
        )
        for state in states
    )
    print_table(columns, rows, world)


def _state(state: ProviderState) -> Cell:
    from stt_cli.ui.tables import Cell

    if state.is_ready:
        words = f"ready, at {state.endpoint}" if state.endpoint else "ready"
        return Cell(words, "green")
    if state.error is not None:
        return Cell(state.wanting, "red")
    return Cell(f"needs {state.wanting}", "yellow")
