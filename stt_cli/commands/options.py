"""The options that several commands share, each defined once.

All stand after the sub-command, mean the same everywhere and have the same help.
"""

from __future__ import annotations

from typing import Annotated

import typer

OUTPUT_PANEL = "Output"
SERVICE_PANEL = "Service"

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
