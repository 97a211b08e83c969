"""``stt poll``: wait until jobs are done, then print or save their transcripts."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands.help_text import examples
from stt_cli.commands.job_options import (
    Common,
    Interval,
    Wait,
    Workers,
    interval_seconds,
)

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt poll ID",
        "stt poll ID1 ID2 -f srt -o captions/",
        "stt poll --all --timeout 3600",
    )
)
def poll(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID...", help="The IDs of jobs.", show_default=False),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Every unfinished job of the ledger.")
    ] = False,
    interval: Interval = "auto",
    jobs: Workers = 8,
    webhook: Annotated[
        str | None,
        typer.Option(
            "--webhook",
            metavar="HOST:PORT",
            help="Listen there for the service's notifications and look at once; "
            "without one, looks go on.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    no_results: Annotated[
        bool, typer.Option("--no-results", help="Only wait; fetch no transcripts.")
    ] = False,
    provider: common.Provider = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    output_format: common.Format = None,
    json_output: common.Json = False,
    output: common.Output = None,
    force: common.Force = False,
    max_line_length: common.MaxLineLength = 42,
    max_lines: common.MaxLines = 2,
    max_cue_seconds: common.MaxCueSeconds = 7.0,
    min_cue_seconds: common.MinCueSeconds = 0.8,
    cue_gap: common.CueGap = 0.08,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Wait until jobs are done, then print or save their transcripts.

    Exit code 6 for a job that failed, 7 when time ran out. Ctrl-C stops the
    waiting and leaves the jobs alone.
    """
    from stt_cli.commands.waiting import wait_and_show
    from stt_cli.formats.caption_options import CaptionOptions

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    captions = CaptionOptions(
        max_line_length, max_lines, max_cue_seconds, min_cue_seconds, cue_gap
    )
    wait = Wait(
        interval=interval_seconds(interval),
        timeout=timeout,
        webhook=webhook,
        fetch=not no_results,
        format=common.format_name(output_format, json_output=json_output),
        output=output,
        force=force,
        captions=captions,
        workers=jobs,
    )
    return wait_and_show(ctx, given, ids or [], wait, everything=all_)
