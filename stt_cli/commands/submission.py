"""What ``stt batch submit`` does with its options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import typer

from stt_cli.commands.job_options import Common, at_the_desk, require_cluster
from stt_cli.commands.job_output import JobOutput, format_of
from stt_cli.commands.orders import Inputs, orders_of, size_of
from stt_cli.commands.run import Run
from stt_cli.commands.submission_output import SubmissionOutput
from stt_cli.commands.waiting import Wait, wait_for_all
from stt_cli.core.errors import UsageError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.options import JobOptions
from stt_cli.formats.files import prepare
from stt_cli.formats.naming import output_paths
from stt_cli.ui.plain import printable
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.submit import (
    check_submission,
    preview,
    submit_all,
)


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything the command line said."""

    inputs: Inputs
    workers: int | None
    options: JobOptions
    wait: bool
    dry_run: bool
    timeout: float | None
    format: str | None
    output: str | None
    force: bool


def carry_out(ctx: typer.Context, given: Common, request: Submission) -> int:
    """Submit everything, print the IDs, and return the exit code."""
    with at_the_desk(ctx, given) as (run, desk):
        spec = desk.spec(given.provider)
        options = _with_language(request.options, spec, run)
        check = partial(check_submission, spec)
        require_cluster(spec, given.dask)
        check(options)
        _check_format(request)
        orders = orders_of(request.inputs, options, check, run.environment)
        names = [order.name for order in orders]
        _check_output(request, names)
        if request.dry_run:
            for order in orders:
                # An address may hold a password or a signature.
                text = run.environment.redactor.clean(preview(desk, spec, order))
                run.reporter.result(printable(text.rstrip("\n")) + "\n")
            return ExitStatus.OK
        shown = SubmissionOutput(
            run,
            names,
            [size_of(name) for name in names],
            as_json=request.format == "json",
            prints=not request.wait,
        )
        with deadline(request.timeout):
            workers = desk.settle_jobs(request.workers, [spec])
            news = submit_all(desk, spec, orders, workers, force=request.force)
            shown.watch(news)
            code = shown.verdict()
            if request.wait and shown.jobs:
                job_ids = list(dict.fromkeys(job.id for job in shown.jobs))
                waited = _wait(desk, run, job_ids, request, given)
                code = code or waited
        return code


def _wait(
    desk: JobDesk, run: Run, job_ids: list[str], request: Submission, given: Common
) -> int:
    wait = Wait(
        interval=None,
        timeout=None,  # the command's own bound stands around this
        webhook=None,
        fetch=True,
        format=request.format,
        output=request.output,
        force=request.force,
    )
    single = not request.inputs.may_be_many and len(job_ids) == 1
    output = JobOutput(
        run,
        desk,
        job_ids,
        output=wait.output,
        name=wait.format,
        force=wait.force,
        single=single,
    )
    return wait_for_all(desk, run, job_ids, given.provider, wait, output, given)


def _with_language(options: JobOptions, spec: object, run: Run) -> JobOptions:
    wishes = options.recognition
    if wishes.language is not None:
        return options
    setting = run.settings.value("language")
    language = setting.value if setting else getattr(spec, "default_language", None)
    return replace(options, recognition=replace(wishes, language=language))


def _check_format(request: Submission) -> None:
    """Refuse what only transcripts can be written as, where none are waited for."""
    if request.wait:
        format_of(request.format, request.output)
    elif request.format not in (None, "json"):
        raise UsageError(
            f"-f {request.format} needs the transcripts", hint="add --wait"
        )
    elif request.output not in (None, "-"):
        raise UsageError(
            f"-o {request.output} needs the transcripts",
            hint="add --wait; the IDs are on stdout, so `> FILE` keeps them",
        )


def _check_output(request: Submission, names: Sequence[str]) -> None:
    """Refuse what could not be written, before anything is paid for."""
    if request.wait and not request.dry_run:
        chosen = format_of(request.format, request.output)
        paths = output_paths(names, request.output, chosen)
        # What is there already may be the result of an earlier run of the same.
        prepare(paths or (), request.output or "-", force=True)
