"""The options that several commands share, each defined once.

All stand after the sub-command, mean the same everywhere and have the same help.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from stt_cli.core.errors import UsageError
from stt_cli.core.options import Params

OUTPUT_PANEL = "Output"
SERVICE_PANEL = "Service"
CAPTIONS_PANEL = "Captions (srt, vtt)"

Provider = Annotated[
    str | None,
    typer.Option(
        "--provider",
        "-p",
        metavar="NAME",
        help="The service to use; `stt providers` lists them. "
        "Default: STT_PROVIDER, the config file, else local.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", "-l", metavar="TAG", help="Such as en-US or de-DE."),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Another base address: a private endpoint, a container, an emulator.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="Recognise on a Dask cluster: its scheduler, such as tcp://host:8786, "
        "or local to start one here. For the provider local.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure",
        help="Send the key in clear text to a host that is not this machine.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="The profile of the config file to read.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Short for -f json.", rich_help_panel=OUTPUT_PANEL),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="text, json, jsonl, srt, vtt or tsv. Default: the suffix of -o, "
        "else text.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
JsonArray = Annotated[
    bool,
    typer.Option("--json", help="Print a JSON array.", rich_help_panel=OUTPUT_PANEL),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to a file, or into a folder that exists or ends in /. - is stdout.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace what is already there.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Print what would be sent, and send nothing.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.0,
        help="Give up after this long, the whole command counted.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help="No IDs, progress or hints on stderr; errors only.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        show_default=False,
        help="Show what is sent and received; -vv adds tracebacks.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
LogFile = Annotated[
    str | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Write a log of the run, with its session IDs and no secrets.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
MaxLineLength = Annotated[
    int,
    typer.Option(
        "--max-line-length",
        metavar="N",
        min=10,
        help="Characters a line; wide ones (Chinese, Japanese) count as two.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]
MaxLines = Annotated[
    int,
    typer.Option(
        "--max-lines",
        metavar="N",
        min=1,
        help="Lines a caption.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]
MaxCueSeconds = Annotated[
    float,
    typer.Option(
        "--max-cue-seconds",
        metavar="SECONDS",
        min=0.1,
        help="How long a caption stays at most.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]
MinCueSeconds = Annotated[
    float,
    typer.Option(
        "--min-cue-seconds",
        metavar="SECONDS",
        min=0.0,
        help="How long a caption stays at least, where there is room.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]
CueGap = Annotated[
    float,
    typer.Option(
        "--cue-gap",
        metavar="SECONDS",
        min=0.0,
        help="The pause between two captions.",
        rich_help_panel=CAPTIONS_PANEL,
    ),
]


def format_name(chosen: str | None, *, json_output: bool) -> str | None:
    """Return the format asked for by ``-f`` or ``--json``, or ``None``.

    Raises:
        UsageError: both were given and differ.
    """
    if json_output and chosen not in (None, "json"):
        raise UsageError(f"--json and -f {chosen} exclude each other")
    return "json" if json_output else chosen


def params_from(pairs: Sequence[str]) -> Params:
    """Return ``KEY=VALUE`` pairs by key; the same key again adds a value.

    Raises:
        UsageError: a pair has no ``=`` or no key.
    """
    params: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise UsageError(
                f"--param {pair!r} is not KEY=VALUE",
                hint="put a = between the service's name for it and the value",
            )
        params[key.strip()] = (*params.get(key.strip(), ()), value)
    return params
