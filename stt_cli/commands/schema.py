"""``stt schema``: the JSON Schemas of what stt prints."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import LocalOptions

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt schema",
        "stt schema transcript > transcript.schema.json",
    )
)
@with_option_groups
def schema(
    ctx: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=values.schemas,
            help="Schema, such as transcript, job or event. Default: list them all.",
            show_default=False,
        ),
    ] = None,
    local: LocalOptions,
) -> None:
    """Print the JSON Schemas of the output.

    Every object has a schema_version. It is incremented when a key is removed or
    changes its meaning, but not when a key is added.
    """
    from stt_cli.formats.schemas import schema_summaries, schema_text
    from stt_cli.ui.tables import Column, print_table

    with local.start(ctx) as run:
        if name is not None:
            run.reporter.result(schema_text(name))
            return
        columns = [Column("name", "bold", whole=True), Column("what", wraps=True)]
        print_table(columns, schema_summaries(), run.environment, paged=True)
