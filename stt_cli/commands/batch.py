"""``stt batch``: hand recordings to a service's jobs, list, fetch and delete them."""

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
    Dask,
    DryRun,
    FromStdin,
    JobIds,
    Json,
    JsonArray,
    Manifest,
    Raw,
    ResultOptions,
    Workers,
)
from stt_cli.commands.recognition_options import Param, RecognitionOptions, params_from
from stt_cli.core.options import FileQuery, JobOptions, JobQuery

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.callback(
    epilog=examples(
        "stt batch submit *.wav -p azure",
        "stt batch list -p azure --state running",
        "stt batch results ID -f srt -o captions/",
    )
)
def batch() -> None:
    """Submit, list and delete transcription jobs, and fetch their results.

    `stt status` checks on jobs, `stt poll` waits for them.
    """


@app.command(
    epilog=examples(
        "stt batch submit a.wav b.wav -p soniox",
        "stt batch submit *.wav -p local --dask tcp://scheduler:8786",
        "ID=$(stt batch submit a.wav -p azure) && stt poll $ID",
        "stt batch submit -p soniox --manifest calls.csv -j 8",
        "find . -name '*.wav' -print0 | stt batch submit --from-stdin",
    )
)
@with_option_groups
def submit(
    ctx: typer.Context,
    *,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs or URLs.",
            show_default=False,
        ),
    ] = None,
    from_stdin: FromStdin = False,
    manifest: Manifest = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="TEXT",
            help="Name for the job at the service; with several recordings, 'TEXT "
            "(recording)'.",
        ),
    ] = None,
    recognition: RecognitionOptions,
    common: CommonOptions,
    param: Param = None,
    webhook_url: Annotated[
        str | None,
        typer.Option(
            "--webhook-url",
            metavar="URL",
            help="URL for the service to notify when the job ends.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Wait for the jobs to finish, then print the transcripts."
        ),
    ] = False,
    dry_run: DryRun = False,
    dask: Dask = None,
    workers: Workers = None,
    result: ResultOptions,
    raw: Raw = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Submit recordings again even if they already have a job; "
            "overwrite existing files.",
            rich_help_panel=OUTPUT_PANEL,
        ),
    ] = False,
    captions: CaptionLayout,
) -> int:
    """Submit recordings as transcription jobs and print their IDs.

    The whole list is in the ledger before the first request: `stt batch resume`
    continues after any interruption, and no recording is submitted twice. If the
    service has no jobs, stt keeps the job on this machine.

    Each line of a manifest has input, and optionally language, name, model,
    phrases, speakers, channels, words, detailed, profanity, params, webhook_url
    and reference. Options given here apply where a line has none. Paths are
    relative to the manifest.
    In CSV and TSV, separate phrases with ; and name parameter columns param.KEY.
    """
    from stt_cli.ui.batch import submit_and_show
    from stt_cli.workflows.inputs import Inputs
    from stt_cli.workflows.jobs.options import SubmitOptions

    request = SubmitOptions(
        inputs=Inputs(tuple(inputs or ()), from_stdin, manifest),
        options=JobOptions(
            recognition=recognition.chosen, name=name, webhook_url=webhook_url
        ),
        workers=workers,
        wait=wait,
        dry_run=dry_run,
        timeout=common.timeout,
        format=result.format,
        output=result.output,
        force=result.force,
        captions=captions.chosen,
        keep_raw=raw,
    )
    with common.start(ctx, cluster=dask) as run:
        return submit_and_show(request, run)


@app.command(
    epilog=examples(
        "stt batch resume",
        "stt batch resume -p soniox -j 8",
        "stt batch resume --dry-run",
    )
)
@with_option_groups
def resume(
    ctx: typer.Context,
    *,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Also resubmit recordings that the service may already have.",
        ),
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Drop the unsubmitted recordings instead.")
    ] = False,
    dry_run: DryRun = False,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            "-p",
            metavar="NAME",
            autocompletion=values.providers,
            help="Resume only this provider's recordings. Default: all of them.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    common: CommonOptions,
    dask: Dask = None,
    workers: Workers = None,
    json_output: JsonArray = False,
) -> int:
    """Submit the recordings that an interrupted run did not, without duplicates.

    Recordings stay in the ledger until they are submitted, no matter which shell
    queued them. Exits with code 0 when none are left.
    """
    from stt_cli.ui.batch import resume_and_show
    from stt_cli.workflows.jobs.options import ResumeOptions

    request = ResumeOptions(
        workers, again, forget, dry_run, json_output, common.timeout
    )
    with common.start(ctx, cluster=dask) as run:
        return resume_and_show(request, run)


@app.command(
    "list",
    epilog=examples(
        "stt batch list -p azure --state running",
        "stt batch list -p soniox --all --json",
    ),
)
@with_option_groups
def list_(
    ctx: typer.Context,
    *,
    follow_pages: Annotated[
        bool, typer.Option("--all", help="List all jobs, following every page.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=1, help="Maximum number of jobs to list."
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar="STATE,...",
            autocompletion=values.job_states,
            help="Show only jobs in these states: queued, running, succeeded, failed, "
            "unknown.",
        ),
    ] = None,
    common: CommonOptions,
    json_output: Json = False,
) -> int:
    """List the jobs at a service, newest first if the service sorts them."""
    from stt_cli.ui.job_actions import show_list

    states = tuple(part.strip() for part in state.split(",")) if state else ()
    query = JobQuery(follow_pages=follow_pages, limit=limit, states=states)
    with common.start(ctx) as run:
        return show_list(query, run, as_json=json_output, timeout=common.timeout)


@app.command(
    epilog=examples("stt batch results ID", "stt batch results ID -f srt -o captions/")
)
@with_option_groups
def results(
    ctx: typer.Context,
    *,
    ids: JobIds,
    common: CommonOptions,
    result: ResultOptions,
    raw: Raw = False,
    captions: CaptionLayout,
) -> int:
    """Fetch the transcripts of finished jobs."""
    from stt_cli.ui.job_actions import show_results

    with common.start(ctx) as run:
        return show_results(
            ids,
            run,
            result.format,
            result.output,
            force=result.force,
            timeout=common.timeout,
            captions=captions.chosen,
            keep_raw=raw,
        )


@app.command(
    epilog=examples(
        "stt batch files -p soniox",
        "stt batch files -p soniox --unused --delete",
        "stt batch files -p soniox --delete ID",
    )
)
@with_option_groups
def files(
    ctx: typer.Context,
    *,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="File IDs.", show_default=False),
    ] = None,
    unused: Annotated[
        bool,
        typer.Option(
            "--unused",
            help="Only files that no job needs: their job has ended, or they have "
            "had no job for an hour.",
        ),
    ] = False,
    delete: Annotated[
        bool,
        typer.Option("--delete", help="Delete the given files, or all --unused ones."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete --unused files without confirmation.")
    ] = False,
    follow_pages: Annotated[
        bool, typer.Option("--all", help="List all files, following every page.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=1, help="Maximum number of files to list."
        ),
    ] = None,
    common: CommonOptions,
    json_output: JsonArray = False,
) -> int:
    """List or delete the recordings stored at a service.

    Uploads count against the service's storage until they are deleted. stt deletes
    its own when it fetches their transcripts, but not others.
    """
    from stt_cli.ui.uploaded_files import FilesRequest, show_files

    request = FilesRequest(
        ids=tuple(ids or ()),
        query=FileQuery(
            follow_pages=follow_pages or bool(ids),
            limit=None if ids else limit,
            unused=unused,
        ),
        delete=delete,
        assume_yes=yes,
        as_json=json_output,
        timeout=common.timeout,
    )
    with common.start(ctx) as run:
        return show_files(request, run)


@app.command(epilog=examples("stt batch delete ID"))
@with_option_groups
def delete(
    ctx: typer.Context,
    *,
    ids: JobIds,
    common: CommonOptions,
) -> int:
    """Delete jobs and their results at the service."""
    from stt_cli.ui.job_actions import delete_all

    with common.start(ctx) as run:
        return delete_all(ids, run, timeout=common.timeout)


@app.command(
    epilog=examples(
        "stt batch update ID --name 'Monday call'",
        "stt batch update ID --param customProperties.team=support",
    )
)
@with_option_groups
def update(
    ctx: typer.Context,
    *,
    job_id: Annotated[str, typer.Argument(metavar="ID", help="Job ID.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help="New name for the job.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            metavar="KEY=VALUE",
            help="Another field to change, by the service's name for it. May be "
            "repeated.",
            rich_help_panel=SERVICE_PANEL,
        ),
    ] = None,
    common: CommonOptions,
    json_output: Json = False,
) -> int:
    """Change a job's name and labels at the service, if it supports that."""
    from stt_cli.ui.job_actions import change_job

    params = params_from(param or ())
    with common.start(ctx) as run:
        return change_job(
            job_id, run, name, params, as_json=json_output, timeout=common.timeout
        )
