"""``stt voices``: the voices of a provider."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands.help_text import examples

app = typer.Typer(add_completion=False)

_EPILOG = examples(
    "stt voices -l de",
    "stt voices --gender female --json",
    "stt voices -p azure -l en-GB",
)


@app.command(epilog=_EPILOG)
def voices(
    ctx: typer.Context,
    language: common.Language = None,
    gender: Annotated[
        str | None,
        typer.Option("--gender", metavar="NAME", help="female, male or neutral."),
    ] = None,
    provider: common.Provider = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    json_output: common.JsonArray = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """List the voices that `stt tts --voice` takes.

    A language alone (en) finds all its regions (en-US, en-GB). The local voices
    take a variant of their sound as well, such as en-US+m3 or de+whisper.
    """
    from contextlib import closing

    from stt_cli.commands.run import start_run
    from stt_cli.core.errors import NotFoundError
    from stt_cli.core.options import VoiceQuery
    from stt_cli.providers.base import Capability
    from stt_cli.workflows.deadline import deadline

    wanted = VoiceQuery(language, gender.strip().lower() if gender else None)
    with start_run(
        ctx, quiet=quiet, verbose=verbose, log_file=log_file, profile=profile
    ) as run:
        spec = run.spec(provider)
        spec.require(Capability.VOICES, "a list of voices")
        context = run.context(spec, endpoint, insecure, purpose=Capability.VOICES)
        with closing(spec.open(context)) as opened, deadline(timeout):
            found = list(opened.voices(wanted))
        if not found:
            raise NotFoundError(
                f"{spec.name} has no such voice", hint="`stt voices` lists them all"
            )
        if json_output:
            from stt_cli.formats.json_output import to_json

            rows = [voice.to_dict() for voice in found]
            run.reporter.result(to_json(rows, indent=2) + "\n")
            return 0
        from stt_cli.ui.tables import Column, print_table

        print_table(
            [Column("voice", whole=True), Column("language"), Column("gender"),
             Column("name")],
            ([voice.id, voice.language, voice.gender, voice.name] for voice in found),
            run.environment,
        )  # fmt: skip
    return 0
