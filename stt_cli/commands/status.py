"""``stt status``: one look at jobs, or at all that are open."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands.help_text import examples
from stt_cli.commands.job_options import Common

app = typer.Typer()


@app.command(epilog=examples("stt status", "stt status ID --json"))
def status(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            help="Jobs, sessions or transcriptions; none means those that are open.",
            show_default=False,
        ),
    ] = None,
    provider: common.Provider = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    json_output: common.Json = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Look once at a job or session; with no ID, at the open ones.

    Exit code 0 whatever the state is; 5 when there is no such job.
    """
    from stt_cli.commands.job_actions import show_status

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    return show_status(ctx, given, ids or [], as_json=json_output, timeout=timeout)
