"""``stt models``: the recognition models of a provider."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import GroupWithDefault, examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import (
    CommonOptions,
    JsonArray,
    LanguageFilter,
    LocalOptions,
    Timeout,
)
from stt_cli.core.events import Notice

app = typer.Typer(cls=GroupWithDefault, rich_markup_mode="rich")

_Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        autocompletion=values.local_models,
        help="Model, such as base; `stt models -p local` lists them.",
        show_default=False,
    ),
]


@app.callback(
    epilog=examples(
        "stt models -p local",
        "stt models download base",
        "stt models -p watson -l en-US --json",
    )
)
def models() -> None:
    """List, download, verify and remove recognition models.

    `stt models [NAME]` is short for `stt models list [NAME]`.
    """


@app.command(
    "list",
    epilog=examples(
        "stt models -p soniox",
        "stt models -p watson -l en-US --json",
        "stt models -p watson en-US_BroadbandModel --json",
    ),
)
@with_option_groups
def list_(
    ctx: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=values.recognition_models,
            help="Show only this model.",
            show_default=False,
        ),
    ] = None,
    common: CommonOptions,
    language: LanguageFilter = None,
    json_output: JsonArray = False,
) -> None:
    """List a provider's recognition models for `stt recognize --model`.

    Piped output is tab-separated: ID, languages, name; for local models ID,
    languages, size in bytes, speed, origin.
    """
    from stt_cli.ui.models import list_models

    with common.start(ctx) as run:
        list_models(run, name, language, timeout=common.timeout, as_json=json_output)


@app.command(epilog=examples("stt models download base", "stt models download small"))
@with_option_groups
def download(
    ctx: typer.Context,
    *,
    names: _Names,
    timeout: Timeout = None,
    common: LocalOptions,
) -> None:
    """Download Whisper models and check their SHA-256.

    Interrupted downloads are resumed. Models in the Hugging Face cache are used
    from there. HF_ENDPOINT selects a mirror of the hub; HF_HUB_OFFLINE=1 disables
    downloads.
    """
    from stt_cli.ui.models import download_models

    with common.start(ctx) as run:
        download_models(run, names, timeout=timeout)


@app.command(epilog=examples("stt models remove base"))
@with_option_groups
def remove(
    ctx: typer.Context,
    *,
    names: _Names,
    common: LocalOptions,
) -> None:
    """Remove downloaded models."""
    from stt_cli.providers.local.models import remove_model

    with common.start(ctx) as run:
        for name in names:
            folder = remove_model(name, run.environment)
            run.reporter.notice(Notice(f"removed {folder}"))


@app.command(epilog=examples("stt models verify base"))
@with_option_groups
def verify(
    ctx: typer.Context,
    *,
    names: _Names,
    common: LocalOptions,
) -> None:
    """Check the SHA-256 of installed models."""
    from stt_cli.providers.local.models import verify_model

    with common.start(ctx) as run:
        for name in names:
            found = verify_model(name, run.environment)
            run.reporter.result(f"{found.model.name}\tok\t{found.model.sha256}\n")


@app.command(epilog=examples("stt models path", "stt models path tiny.en"))
@with_option_groups
def path(
    ctx: typer.Context,
    *,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=values.local_models,
            help="Print the folder of this model.",
            show_default=False,
        ),
    ] = None,
    common: LocalOptions,
) -> None:
    """Print the folder of the downloaded models, or of one model."""
    from stt_cli.providers.local.models import installed_model, models_folder

    with common.start(ctx) as run:
        environment = run.environment
        folder = (
            installed_model(name, environment).folder
            if name
            else models_folder(environment)
        )
        run.reporter.result(f"{folder}\n")
