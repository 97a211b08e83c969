"""``stt emulate``: a local server that speaks a provider's wire protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stt_cli.cli.declaration import examples
from stt_cli.commands import values
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError

app = typer.Typer(no_args_is_help=False)

_EPILOG = examples(
    "stt emulate azure --transcript 'Hello.'",
    "stt recognize a.wav -p azure --endpoint http://127.0.0.1:PORT",
    "stt emulate soniox --transcript Hello. --fault chaos:1:0.3",
)


@app.command(epilog=_EPILOG)
def emulate(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=values.emulated,
            help="Service to emulate: azure, bing, watson, soniox, scriptix, or intent "
            "(an intent service).",
        ),
    ],
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Host to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, help="Port to listen on; 0 picks a free one."
        ),
    ] = 0,
    transcript: Annotated[
        str | None,
        typer.Option(
            "--transcript",
            metavar="TEXT",
            help="Transcript to return for every request; ' | ' separates phrases. "
            "azure: [de: Hallo.] after a phrase is its translation. "
            "azure and bing: [silence], [babble], [nomatch] and [error] "
            "return that result, [unreadable] makes a job fail to read the "
            "recording, and '[de-DE] Guten Tag.' is a phrase in that language. "
            "watson: [language:fr] sets the detected language. "
            "Default: what the local engine recognizes.",
        ),
    ] = None,
    transcripts: Annotated[
        Path | None,
        typer.Option(
            "--transcripts",
            metavar="FILE",
            help="Read transcripts from a file, one line per request.",
        ),
    ] = None,
    intents: Annotated[
        Path | None,
        typer.Option(
            "--intents",
            metavar="FILE",
            help="File with the patterns for intent, as for `stt recognize --intents`.",
        ),
    ] = None,
    delay: Annotated[
        float,
        typer.Option(
            "--delay", metavar="SECONDS", min=0.0, help="Delay before final results."
        ),
    ] = 0.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="NAME[:N]",
            autocompletion=values.faults,
            help="Inject a fault: drop-after:BYTES, status:503:TIMES, "
            "rate-limit:TIMES, lose-answer:TIMES, slow:SECONDS, garbage, "
            "chaos:SEED:RATE (random network faults in that share of "
            "requests), … An unknown name lists all faults. May be repeated.",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Also close connections where the service may: missing, repeated "
            "or malformed telemetry, connections older than 10 minutes, 180 s "
            "of silence; soniox: a key in the first message.",
        ),
    ] = False,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="TEXT",
            help="Key that clients must send; make one up, do not use a real key.",
        ),
    ] = None,
) -> int:
    """Run a local emulator of a service, for tests and CI.

    The first line on stdout is the base URL. Requests are logged to stderr.
    """
    from stt_cli.core.secret import Secret
    from stt_cli.emulator import build_emulator
    from stt_cli.emulator.config import EmulatorConfig, scripted
    from stt_cli.emulator.faults import FaultPlan
    from stt_cli.workflows.intents.actions import read_patterns

    if (name == "intent") != (intents is not None):
        raise UsageError(
            "--intents is required for, and only works with, `stt emulate intent`",
            hint="run `stt emulate intent --intents FILE`",
        )
    environment: Environment = ctx.obj

    def log(line: str) -> None:
        from stt_cli.core.plain_text import printable

        environment.stderr.write(printable(line) + "\n")
        environment.stderr.flush()

    config = EmulatorConfig(
        transcripts=scripted(transcript, transcripts),
        delay=delay,
        key=Secret(key) if key else None,
        faults=FaultPlan(fault or ()),
        host=host,
        port=port,
        strict=strict,
        patterns=read_patterns(str(intents)) if intents is not None else (),
        log=log,
    )
    server_app = build_emulator(name, config)
    from stt_cli.emulator.server import serve

    def announce(base_url: str) -> None:
        environment.stdout.write(base_url + "\n")
        environment.stdout.flush()

    return serve(server_app, config, announce)
