"""``stt languages``: the languages that a provider recognizes, by mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import CommonOptions, JsonArray
from stt_cli.core.options import Mode

if TYPE_CHECKING:
    from stt_cli.core.catalog import Language
    from stt_cli.providers.base import Provider

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt languages -p bing --mode conversation", "stt languages -p azure --json"
    ),
)
@with_option_groups
def languages(
    ctx: typer.Context,
    *,
    common: CommonOptions,
    mode: Annotated[
        Mode | None,
        typer.Option("--mode", help="Show only languages that have this mode."),
    ] = None,
    json_output: JsonArray = False,
) -> None:
    """List the languages that a provider recognizes.

    Piped output is tab-separated: tag, modes, name.
    """
    from stt_cli.providers.spec import Capability
    from stt_cli.ui.catalog import list_from_provider
    from stt_cli.ui.tables import Column

    def ask(service: Provider) -> Iterator[Language]:
        for language in service.languages():
            if mode is None or not language.modes or str(mode) in language.modes:
                yield language

    with common.start(ctx) as run:
        list_from_provider(
            run,
            timeout=common.timeout,
            capability=Capability.LANGUAGES,
            what="languages",
            ask=ask,
            columns=[Column("language", "bold"), Column("modes"), Column("name")],
            row=lambda known: (known.tag, " ".join(known.modes), known.name),
            as_json=json_output,
        )
