"""``stt usage``: what a service counted and charged."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import CommonOptions, Json

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt usage -p soniox",
        "stt usage -p soniox --since 7d --json | jq -r .total.cost",
    )
)
@with_option_groups
def usage(
    ctx: typer.Context,
    *,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="WHEN",
            autocompletion=values.of("today", "yesterday", "7d", "30d"),
            help="First day to include: 7d, today, yesterday, 2026-11-20. Services "
            "report whole days in UTC.",
        ),
    ] = "30d",
    common: CommonOptions,
    json_output: Json = False,
) -> None:
    """Show usage and cost at a service, by model.

    Piped output is tab-separated: model, requests, audio in, audio out, cost.
    """
    from stt_cli.ui.usage import show_usage
    from stt_cli.workflows.since import since as moment_of

    with common.start(ctx) as run:
        start = moment_of(since, run.environment.now())
        show_usage(start, run, as_json=json_output, timeout=common.timeout)
