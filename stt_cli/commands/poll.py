"""``stt poll``: wait until jobs are done, then print or save their transcripts."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.cli.declaration import examples, with_option_groups
from stt_cli.commands import values
from stt_cli.commands.caption_options import CaptionLayout
from stt_cli.commands.options import (
    OUTPUT_PANEL,
    SERVICE_PANEL,
    CommonOptions,
    Raw,
    ResultOptions,
)
from stt_cli.core.errors import UsageError

app = typer.Typer()


@app.command(
    epilog=examples(
        "stt poll ID",
        "stt poll ID1 ID2 -f srt -o captions/",
        "stt poll --all --timeout 3600",
    )
)
@with_option_groups
def poll(
    ctx: typer.Context,
    *,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID...", help="Job IDs.", show_default=False),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Wait for every unfinished job in the ledger.")
    ] = False,
    no_results: Annotated[
        bool, typer.Option("--no-results", help="Wait without fetching transcripts.")
    ] = False,
    common: CommonOptions,
    interval: Annotated[
        str,
        typer.Option(
            "--interval",
            metavar="auto|SECONDS",
            autocompletion=values.of("auto"),
            help="Time between status checks; auto uses the service's recommendation.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = "auto",
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs",
            "-j",
            metavar="N",
            min=1,
            help="Maximum number of results to fetch at once.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = 8,
    webhook: Annotated[
        str | None,
        typer.Option(
            "--webhook",
            metavar="HOST:PORT",
            help="Listen on this address for the service's notifications, and keep "
            "polling as a fallback.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    result: ResultOptions,
    skip_existing: Annotated[
        bool,
        typer.Option(
            "--skip-existing",
            help="Skip jobs whose output files exist.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    raw: Raw = False,
    captions: CaptionLayout,
) -> int:
    """Wait for jobs to finish, then print or save their transcripts.

    Exits with code 6 if a job failed, 7 on timeout. Ctrl-C stops waiting; the jobs
    keep running.
    """
    from stt_cli.ui.waiting import wait_and_show
    from stt_cli.workflows.jobs.options import WaitOptions

    wait = WaitOptions(
        interval=_seconds(interval),
        timeout=common.timeout,
        webhook=webhook,
        fetch=not no_results,
        format=result.format,
        output=result.output,
        force=result.force,
        skip_existing=skip_existing,
        captions=captions.chosen,
        keep_raw=raw,
        workers=jobs,
    )
    with common.start(ctx) as run:
        return wait_and_show(ids or [], wait, run, everything=all_)


def _seconds(text: str) -> float | None:
    """Return the pause that ``--interval`` asks for, ``None`` for ``auto``.

    Raises:
        UsageError: it is neither ``auto`` nor a number of seconds.
    """
    if text == "auto":
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(
            f"invalid --interval {text!r}",
            hint="use auto, or a number of seconds such as 5",
        )
    return seconds
