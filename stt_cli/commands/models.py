"""``stt models``: the recognition models of a provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands.options import CommonOptions, JsonArray, Language

if TYPE_CHECKING:
    from stt_cli.core.catalogue import Model
    from stt_cli.providers.base import Provider

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt models -p soniox",
        "stt models -p watson -l en-US --json",
        "stt models -p watson en-US_BroadbandModel --json",
    ),
)
@with_option_groups
def models(
    ctx: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Only this model.", show_default=False),
    ] = None,
    common: CommonOptions,
    language: Language = None,
    json_output: JsonArray = False,
) -> None:
    """List a provider's recognition models, for `stt recognize --model`.

    A pipe gets ID, languages and name, parted by tabs.
    """
    from stt_cli.core.language_tags import matches_language
    from stt_cli.providers.base import Capability
    from stt_cli.ui.catalogue import list_from_provider
    from stt_cli.ui.tables import Column

    def ask(service: Provider) -> Iterator[Model]:
        found = [service.model(name)] if name else service.models()
        for model in found:
            if matches_language(language, model.languages):
                yield model

    with common.start(ctx) as run:
        list_from_provider(
            run,
            timeout=common.timeout,
            capability=Capability.MODELS,
            what="models",
            ask=ask,
            columns=[Column("model", "bold", whole=True), Column("languages"),
                     Column("name")],
            row=lambda model: (model.id, " ".join(model.languages), model.name),
            as_json=json_output,
        )  # fmt: skip
