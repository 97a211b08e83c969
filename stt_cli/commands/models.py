"""``stt models``: the recognition models of a provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands.help_text import examples

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
def models(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Only this model.", show_default=False),
    ] = None,
    provider: common.Provider = None,
    language: common.Language = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    as_json: common.JsonArray = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
) -> None:
    """List a provider's recognition models, for `stt recognize --model`.

    A pipe gets ID, languages and name, parted by tabs.
    """
    from stt_cli.commands.catalogue import list_from_provider
    from stt_cli.commands.run import start_run
    from stt_cli.core.language_tags import matches_language
    from stt_cli.providers.base import Capability
    from stt_cli.ui.tables import Column

    def ask(service: Provider) -> Iterator[Model]:
        found = [service.model(name)] if name else service.models()
        for model in found:
            if matches_language(language, model.languages):
                yield model

    with start_run(ctx, quiet=quiet, verbose=verbose, profile=profile) as run:
        list_from_provider(
            run,
            provider=provider,
            endpoint=endpoint,
            insecure=insecure,
            timeout=timeout,
            capability=Capability.MODELS,
            what="models",
            ask=ask,
            columns=[Column("model", "bold", whole=True), Column("languages"),
                     Column("name")],
            row=lambda model: (model.id, " ".join(model.languages), model.name),
            as_json=as_json,
        )  # fmt: skip
