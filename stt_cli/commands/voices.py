"""``stt voices``: the voices of a provider."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import CommonOptions, JsonArray, LanguageFilter

app = typer.Typer(add_completion=False)

_EPILOG = examples(
    "stt voices -l de",
    "stt voices --gender female --json",
    "stt voices -p azure -l en-GB",
)


@app.command(epilog=_EPILOG)
@with_option_groups
def voices(
    ctx: typer.Context,
    *,
    language: LanguageFilter = None,
    gender: Annotated[
        str | None,
        typer.Option(
            "--gender",
            metavar="NAME",
            autocompletion=values.genders,
            help="Show only these voices: female, male or neutral.",
        ),
    ] = None,
    common: CommonOptions,
    json_output: JsonArray = False,
) -> None:
    """List the voices for `stt tts --voice`.

    A language without a region (en) lists all its regions (en-US, en-GB). Local
    voices also take a variant, such as en-US+m3 or de+whisper.
    """
    from stt_cli.core.options import VoiceQuery
    from stt_cli.providers.base import Capability
    from stt_cli.ui.catalog import list_from_provider
    from stt_cli.ui.tables import Column

    wanted = VoiceQuery(language, gender.strip().lower() if gender else None)
    with common.start(ctx) as run:
        list_from_provider(
            run,
            timeout=common.timeout,
            capability=Capability.VOICES,
            what="voices",
            ask=lambda service: iter(service.voices(wanted)),
            columns=[Column("voice", whole=True), Column("language"),
                     Column("gender"), Column("name")],
            row=lambda one: (one.id, one.language, one.gender, one.name),
            as_json=json_output,
        )  # fmt: skip
