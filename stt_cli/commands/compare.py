"""``stt compare``: the same recording by several providers, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.options import (
    SERVICE_PANEL,
    JsonArray,
    Language,
    LocalOptions,
    Timeout,
)
from stt_cli.core.options import RecognizeOptions

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt compare call.wav -p local -p azure",
        "stt compare call.wav -p local -p soniox --reference call.txt",
        "stt compare call.wav -p local -p azure --reference call.txt --fail-above 0.1",
    )
)
@with_option_groups
def compare(
    ctx: typer.Context,
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs or URLs.",
            show_default=False,
        ),
    ],
    provider: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            "-p",
            metavar="NAME",
            autocompletion=values.providers,
            help="Provider to compare; name two or more.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    language: Language = None,
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="FILE",
            help="Correct transcript: a text file or a saved result.",
        ),
    ] = None,
    fail_above: Annotated[
        float | None,
        typer.Option(
            "--fail-above",
            metavar="RATE",
            min=0.0,
            help="Exit with code 11 if a word error rate is above this; 0.1 is 10%.",
        ),
    ] = None,
    timeout: Timeout = None,
    json: JsonArray = False,
    local: LocalOptions,
) -> int:
    """Compare providers side by side on the same recordings.

    Differences from the reference are marked, or from the first provider without
    one. Providers run one at a time, so that their times are comparable. Needs the
    extra `score`.
    """
    from stt_cli.ui.comparison import compare_and_show
    from stt_cli.workflows.comparison import recordings_to_compare

    with local.start(ctx) as run:
        return compare_and_show(
            recordings_to_compare(inputs, run.environment),
            provider or [],
            RecognizeOptions(language=language, timeout=timeout),
            run,
            reference=reference,
            fail_above=fail_above,
            json=json,
        )
