"""``stt batch submit`` and ``resume``: recordings handed in, now or gone on with."""

from __future__ import annotations

from typing import Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.commands import recognition_options as recognition
from stt_cli.commands.help_text import examples
from stt_cli.commands.job_options import Common, Recordings
from stt_cli.core.options import JobOptions, RecognizeOptions

SUBMIT_EXAMPLES = examples(
    "stt batch submit a.wav b.wav -p soniox",
    "stt batch submit *.wav -p local --dask tcp://scheduler:8786",
    "ID=$(stt batch submit a.wav -p azure) && stt poll $ID",
    "stt batch submit -p soniox --manifest calls.csv -j 8",
    "find . -name '*.wav' -print0 | stt batch submit --from-stdin",
)
RESUME_EXAMPLES = examples(
    "stt batch resume",
    "stt batch resume -p soniox -j 8",
    "stt batch resume --dry-run",
)


def submit(
    ctx: typer.Context,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, globs or URLs.",
            show_default=False,
        ),
    ] = None,
    from_stdin: Annotated[
        bool,
        typer.Option(
            "--from-stdin", help="Read inputs from stdin, one a line or NUL-separated."
        ),
    ] = False,
    manifest: Annotated[
        str | None,
        typer.Option(
            "--manifest",
            metavar="FILE",
            help="A list in JSONL, CSV or TSV: a recording a line, with options of "
            "its own. - is stdin.",
        ),
    ] = None,
    workers: Recordings = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="TEXT",
            help="The job's name at the service; of several: 'TEXT (recording)'.",
        ),
    ] = None,
    language: common.Language = None,
    model: recognition.Model = None,
    detailed: recognition.Detailed = False,
    words: recognition.Words = False,
    speakers: recognition.Speakers = False,
    profanity: recognition.Profanity = None,
    phrase: recognition.Phrases = None,
    param: recognition.Param = None,
    webhook_url: Annotated[
        str | None,
        typer.Option(
            "--webhook-url",
            metavar="URL",
            help="Where the service announces the job's end.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="Wait for the jobs and print the transcripts."),
    ] = False,
    dry_run: common.DryRun = False,
    dask: common.Dask = None,
    provider: common.Provider = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    output_format: common.Format = None,
    json_output: common.Json = False,
    output: common.Output = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Submit again what is a job already; replace files that exist.",
            rich_help_panel=common.OUTPUT_PANEL,
        ),
    ] = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Hand recordings to a service's jobs and print their IDs.

    The whole list is in the ledger before the first request: `stt batch resume`
    goes on after any interruption, and the same recording is not submitted twice.
    What a service transcribes at once becomes a job of this machine.

    A line of a manifest has input, and may have language, name, model, phrases,
    speakers, words, detailed, profanity, params, webhook_url and reference; the
    options given here hold for what it leaves out. Paths begin at its folder.
    In a table, phrases are separated by ; and a parameter has a column param.KEY.
    """
    from stt_cli.commands.orders import Inputs
    from stt_cli.commands.submission import Submission, carry_out

    given = Common(
        provider, endpoint, insecure, profile, quiet, verbose, log_file, dask
    )
    options = JobOptions(
        recognition=RecognizeOptions(
            language=language,
            detailed=detailed,
            words=words,
            speakers=speakers,
            profanity=profanity,
            model=model,
            phrases=tuple(phrase or ()),
            params=common.params_from(param or ()),
        ),
        name=name,
        webhook_url=webhook_url,
    )
    request = Submission(
        inputs=Inputs(tuple(inputs or ()), from_stdin, manifest),
        workers=workers,
        options=options,
        wait=wait,
        dry_run=dry_run,
        timeout=timeout,
        format=common.format_name(output_format, json_output=json_output),
        output=output,
        force=force,
    )
    return carry_out(ctx, given, request)


def resume(
    ctx: typer.Context,
    workers: Recordings = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Submit again what a service may have taken and cannot tell.",
        ),
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Give up what is left instead.")
    ] = False,
    dry_run: common.DryRun = False,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            "-p",
            metavar="NAME",
            help="Only what goes to this service. Default: all that is left.",
            rich_help_panel=common.SERVICE_PANEL,
        ),
    ] = None,
    dask: common.Dask = None,
    endpoint: common.Endpoint = None,
    insecure: common.Insecure = False,
    profile: common.Profile = None,
    timeout: common.Timeout = None,
    json_output: common.JsonArray = False,
    quiet: common.Quiet = False,
    verbose: common.Verbose = 0,
    log_file: common.LogFile = None,
) -> int:
    """Submit what an interruption left, and nothing twice.

    Recordings stay planned in the ledger until they are jobs, whichever shell
    began them. Exits 0 when nothing is left.
    """
    from stt_cli.commands.resumption import Resumption, carry_on

    given = Common(
        provider, endpoint, insecure, profile, quiet, verbose, log_file, dask
    )
    request = Resumption(workers, again, forget, dry_run, json_output, timeout)
    return carry_on(ctx, given, request)
