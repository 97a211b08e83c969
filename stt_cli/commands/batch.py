"""``stt batch``: hand recordings to a service's jobs, list, fetch and delete them."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands.batch_submission import (
    RESUME_EXAMPLES,
    SUBMIT_EXAMPLES,
    resume,
    submit,
)
from stt_cli.commands.help_text import examples
from stt_cli.commands.job_options import Common, JobIds
from stt_cli.core.options import JobQuery

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback(
    epilog=examples(
        "stt batch submit *.wav -p azure",
        "stt batch list -p azure --state running",
        "stt batch results ID -f srt -o captions/",
    )
)
def batch() -> None:
    """Submit recordings as jobs, list them, fetch transcripts, delete.

    `stt status` looks at a job, `stt poll` waits for it.
    """


app.command(epilog=SUBMIT_EXAMPLES)(submit)
app.command(epilog=RESUME_EXAMPLES)(resume)


@app.command(
    "list",
    epilog=examples(
        "stt batch list -p azure --state running",
        "stt batch list -p soniox --all --json",
    ),
)
def list_(
    ctx: typer.Context,
    follow_pages: Annotated[
        bool, typer.Option("--all", help="Follow every page of the service's list.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="No more than so many."),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE,...",
            help="Only these: queued, running, succeeded, failed.",
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
    """List the jobs that exist at a service, the newest first where it sorts."""
    from stt_cli.commands.job_actions import show_list

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    states = tuple(part.strip() for part in state.split(",")) if state else ()
    query = JobQuery(follow_pages=follow_pages, limit=limit, states=states)
    return show_list(ctx, given, query, as_json=json_output, timeout=timeout)


@app.command(
    epilog=examples("stt batch results ID", "stt batch results ID -f srt -o captions/")
)
def results(
    ctx: typer.Context,
    ids: JobIds,
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
    """Fetch the transcripts of jobs that have ended."""
    from stt_cli.commands.job_actions import show_results
    from stt_cli.formats.caption_options import CaptionOptions

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    chosen = common.format_name(output_format, json_output=json_output)
    captions = CaptionOptions(
        max_line_length, max_lines, max_cue_seconds, min_cue_seconds, cue_gap
    )
    return show_results(
        ctx,
        given,
        ids,
        chosen,
        output,
        force=force,
        timeout=timeout,
        captions=captions,
    )


@app.command(epilog=examples("stt batch delete ID"))
def delete(
    ctx: typer.Context,
    ids: JobIds,
    provider: common.Provider = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Remove jobs and their results from the service."""
    from stt_cli.commands.job_actions import delete_all

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    return delete_all(ctx, given, ids, timeout=timeout)


@app.command(
    epilog=examples(
        "stt batch update ID --name 'Monday call'",
        "stt batch update ID --param customProperties.team=support",
    )
)
def update(
    ctx: typer.Context,
    job_id: Annotated[str, typer.Argument(metavar="ID", help="The ID of a job.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="The job's new name.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            metavar="KEY=VALUE",
            help="Another label, by the service's own name.",
            rich_help_panel=common.SERVICE_PANEL,
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
    """Change a job's name and labels at the service, where it allows that."""
    from stt_cli.commands.job_actions import change_job

    given = Common(provider, endpoint, insecure, profile, quiet, verbose, log_file)
    params = common.params_from(param or ())
    return change_job(
        ctx, given, job_id, name, params, as_json=json_output, timeout=timeout
    )
