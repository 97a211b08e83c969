"""The options that several commands share, each declared once.

All stand after the sub-command, mean the same everywhere and have the same help.
A command takes them by the group, as one object: see ``cli.declaration``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.commands import values
from stt_cli.core.errors import UsageError
from stt_cli.core.options import ServiceChoice

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

OUTPUT_PANEL = "Output"
SERVICE_PANEL = "Service"


Provider = Annotated[
    str | None,
    typer.Option(
        "--provider",
        "-p",
        metavar="NAME",
        autocompletion=values.providers,
        help="Provider to use; `stt providers` lists them. Default: from the "
        "config file, else local. [env: STT_PROVIDER]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        autocompletion=values.recognized_languages,
        help="Language, such as en-US or de-DE. [env: STT_LANGUAGE]",
    ),
]
LanguageFilter = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        autocompletion=values.languages,
        help="Show only this language, such as en-US or de.",
    ),
]
Endpoint = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        metavar="URL",
        help="Base URL of a private endpoint, a container or an emulator. [env: "
        "STT_<PROVIDER>_ENDPOINT]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        autocompletion=values.of("local"),
        help="Recognize on a Dask cluster: a scheduler address such as "
        "tcp://host:8786, or local to start a cluster here. Only with -p "
        "local.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure",
        help="Allow sending the key unencrypted to another machine.",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Config file profile to use. [env: STT_PROFILE]",
        rich_help_panel=SERVICE_PANEL,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Same as -f json.", rich_help_panel=OUTPUT_PANEL),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        autocompletion=values.formats,
        help="Output format: text, json, jsonl, srt, vtt, tsv, csv or md. Separate "
        "several with commas, or use all. Default: from the suffix of -o, "
        "else text. [env: STT_FORMAT]",
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
        help="Write to a file, or to a folder if it exists or ends in /. Use - for "
        "stdout.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Raw = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="Include the service's raw response in the JSON.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Overwrite existing files.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Show what would be sent without sending anything.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.0,
        help="Time limit for the whole command.",
        rich_help_panel=SERVICE_PANEL,
    ),
]


def _set_quiet(ctx: typer.Context, quiet: bool) -> bool:
    ctx.obj.verbosity.errors_only = quiet
    return quiet


Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        callback=_set_quiet,
        help="Print only errors to stderr: no IDs, progress or hints.",
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
        help="Show requests and responses; -vv adds tracebacks.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
LogFile = Annotated[
    str | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Write a log of the run, with session IDs but without secrets.",
        rich_help_panel=OUTPUT_PANEL,
    ),
]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--from-stdin", help="Read inputs from stdin, one per line or NUL-separated."
    ),
]
Manifest = Annotated[
    str | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Read inputs from a JSONL, CSV or TSV file, one recording per line "
        "with its own options. Use - for stdin.",
    ),
]
JobIds = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="Job IDs.", show_default=False),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="Maximum number to run at once. Default: all cores for local, else 1.",
        rich_help_panel=SERVICE_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class LocalOptions:
    """What every command takes that stays on this machine."""

    profile: Profile = None
    quiet: Quiet = False
    verbose: Verbose = 0
    log_file: LogFile = None

    def start(self, ctx: typer.Context) -> AbstractContextManager[Run]:
        """Set up the command's run; leaving it closes what it opened."""
        from stt_cli.ui.run import start_run

        return start_run(
            ctx.obj,
            ServiceChoice(profile=self.profile),
            quiet=self.quiet,
            verbose=self.verbose,
            log_file=self.log_file,
        )


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """What every command takes that may ask a service."""

    provider: Provider = None
    endpoint: Endpoint = None
    insecure: Insecure = False
    profile: Profile = None
    timeout: Timeout = None
    quiet: Quiet = False
    verbose: Verbose = 0
    log_file: LogFile = None

    def start(
        self, ctx: typer.Context, *, cluster: str | None = None
    ) -> AbstractContextManager[Run]:
        """Set up the command's run; leaving it closes what it opened."""
        from stt_cli.ui.run import start_run

        return start_run(
            ctx.obj,
            ServiceChoice(
                self.provider, self.endpoint, self.insecure, self.profile, cluster
            ),
            quiet=self.quiet,
            verbose=self.verbose,
            log_file=self.log_file,
        )


@dataclass(frozen=True, slots=True)
class ResultOptions:
    """Where transcripts go, and how they are written."""

    output_format: Format = None
    json_output: Json = False
    output: Output = None
    force: Force = False

    @property
    def format(self) -> str | None:
        """The format asked for by ``-f`` or ``--json``.

        Raises:
            UsageError: both were given and differ.
        """
        if self.json_output and self.output_format not in (None, "json"):
            raise UsageError(f"--json cannot be used with -f {self.output_format}")
        return "json" if self.json_output else self.output_format
