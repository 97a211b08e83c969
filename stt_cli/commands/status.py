"""``stt status``: where jobs stand, or all that are open."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import CommonOptions, Json

app = typer.Typer()


@app.command(epilog=examples("stt status", "stt status ID --json"))
@with_option_groups
def status(
    ctx: typer.Context,
    *,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="IDs of jobs, sessions or transcriptions. Default: the unfinished "
            "ones.",
            show_default=False,
        ),
    ] = None,
    common: CommonOptions,
    json_output: Json = False,
) -> int:
    """Show the status of jobs or sessions.

    Exits with code 0 whatever the state, 5 if there is no such job.
    """
    from stt_cli.ui.job_actions import show_status

    with common.start(ctx) as run:
        return show_status(ids or [], run, as_json=json_output, timeout=common.timeout)
