"""``stt batch submit`` and ``resume`` as they are shown, and their exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from stt_cli.audio.inputs import left_out
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.options import JobOptions
from stt_cli.core.plain_text import printable
from stt_cli.formats.files import prepare
from stt_cli.formats.naming import formats_of, output_paths
from stt_cli.providers.spec import ProviderSpec
from stt_cli.ui.jobs import jobs_json
from stt_cli.ui.run import Run
from stt_cli.ui.submission_output import SubmissionOutput
from stt_cli.ui.verdict import verdict
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.inputs import requests_of, size_of
from stt_cli.workflows.jobs.options import ResumeOptions, SubmitOptions, WaitOptions
from stt_cli.workflows.jobs.resume import Backlog, backlog, forget
from stt_cli.workflows.jobs.submit import (
    check_submission,
    preview,
    submit_all,
    submit_queued,
)
from stt_cli.workflows.option_checks import check_cluster, settled_language


def submit_and_show(request: SubmitOptions, run: Run) -> int:
    """Submit everything, print the IDs, and return the exit code."""
    run.environment.require_stdout()
    with run.jobs() as context:
        spec = run.spec
        options = _with_language(request.options, spec, run)
        check = partial(check_submission, spec)
        check_cluster(spec, run.choice.cluster)
        check(options)
        _check_format(request, run)
        requests = requests_of(
            request.inputs, options, check, run.environment, run.reporter.notice
        )
        for notice in left_out(request.inputs.arguments):
            run.reporter.notice(notice)
        names = [each.name for each in requests]
        _check_output(request, names, run)
        if request.dry_run:
            for each in requests:
                _show_request(preview(context, spec, each), run)
            return ExitStatus.OK
        shown = SubmissionOutput(
            run,
            names,
            [size_of(name) for name in names],
            as_json=request.format == "json",
            prints=not request.wait,
        )
        with deadline(request.timeout):
            workers = context.choose_workers(request.workers, [spec])
            events = submit_all(context, spec, requests, workers, force=request.force)
            shown.watch(events)
            code = shown.verdict()
            if request.wait and shown.jobs:
                waited = _wait(context, run, shown.inputs, request)
                code = code or waited
        return code


def resume_and_show(request: ResumeOptions, run: Run) -> int:
    """Finish what was begun, and return the exit code."""
    if request.forget and (request.again or request.dry_run):
        raise UsageError("--forget cannot be used with --again or --dry-run")
    provider = run.choice.provider
    with run.jobs() as context:
        context.require_ledger()
        if provider is not None and not request.forget:
            check_cluster(run.spec, run.choice.cluster)
        left = backlog(context, provider)
        _notice_other_processes(run, left)
        if not (left.queued or left.elsewhere or left.unreadable or left.profiles):
            run.reporter.notice(Notice("nothing left to submit"))
        if request.forget:
            return _forget(run, context, provider)
        if request.dry_run:
            return _show(run, context, left)
        names = [each.request.name for each in left.queued]
        if not names:
            if request.as_json:
                run.reporter.result(jobs_json([], single=False))
            return _verdict_of_the_rest(run, left)
        sizes = [each.entry.size for each in left.queued]
        shown = SubmissionOutput(
            run, names, sizes, as_json=request.as_json, named_by_user=False
        )
        with deadline(request.timeout):
            specs = [each.spec for each in left.queued]
            workers = context.choose_workers(request.workers, specs)
            events = submit_queued(context, left.queued, workers, again=request.again)
            shown.watch(events)
            code = shown.verdict()
        return code or _verdict_of_the_rest(run, left)


def _wait(
    context: JobContext,
    run: Run,
    inputs: Mapping[str, Sequence[str]],
    request: SubmitOptions,
) -> int:
    from stt_cli.ui.job_output import JobOutput
    from stt_cli.ui.waiting import wait_for_all

    job_ids = list(inputs)
    # The command's own --timeout stands around this.
    wait = WaitOptions(
        format=request.format,
        output=request.output,
        force=request.force,
        captions=request.captions,
        keep_raw=request.keep_raw,
    )
    single = not request.inputs.may_be_many and len(job_ids) == 1
    output = JobOutput(
        run,
        context,
        job_ids,
        output=wait.output,
        name=wait.format,
        force=wait.force,
        captions=wait.captions,
        keep_raw=wait.keep_raw,
        single=single,
        inputs=inputs,
    )
    return wait_for_all(context, run, job_ids, wait, output)


def _with_language(options: JobOptions, spec: ProviderSpec, run: Run) -> JobOptions:
    settled = settled_language(options.recognition, spec, run.settings)
    return replace(options, recognition=settled)


def _check_format(request: SubmitOptions, run: Run) -> None:
    """Refuse what only transcripts can be written as, where none are waited for."""
    if request.wait:
        formats_of(request.format, request.output, run.default_formats)
    elif request.format not in (None, "json"):
        raise UsageError(
            f"-f {request.format} requires --wait", hint="add --wait to get transcripts"
        )
    elif request.output not in (None, "-"):
        raise UsageError(
            f"-o {request.output} requires --wait",
            hint="add --wait to get transcripts, or save the IDs with `> FILE`",
        )


def _check_output(request: SubmitOptions, names: Sequence[str], run: Run) -> None:
    """Refuse what could not be written, before anything is paid for."""
    if request.wait and not request.dry_run:
        for chosen in formats_of(request.format, request.output, run.default_formats):
            paths = output_paths(names, request.output, chosen)
            # What is there already may be the result of an earlier run of the same.
            prepare(paths or (), request.output or "-", force=True)


def _notice_other_processes(run: Run, left: Backlog) -> None:
    if left.elsewhere:
        are = "recording is" if left.elsewhere == 1 else "recordings are"
        message = f"{left.elsewhere} {are} being submitted by another process"
        run.reporter.notice(Notice(message))
    for profile, count in left.profiles.items():
        were = "recording was" if count == 1 else "recordings were"
        chosen = f"with the profile {profile}" if profile else "without a profile"
        option = f" --profile {profile}" if profile else ""
        run.reporter.warning(
            f"{count} {were} queued {chosen}",
            f"to continue, run: stt batch resume{option}",
        )


def _verdict_of_the_rest(run: Run, left: Backlog) -> int:
    failures = [(row.input or row.key, error) for row, error in left.unreadable]
    code = verdict(failures, len(left.queued) + len(failures), run)
    return code or (ExitStatus.USAGE if left.profiles else ExitStatus.OK)


def _show(run: Run, context: JobContext, left: Backlog) -> int:
    for each in left.queued:
        text = preview(context, each.spec, each.request, each.endpoint)
        _show_request(text, run)
    return ExitStatus.OK


def _forget(run: Run, context: JobContext, provider: str | None) -> int:
    count, sent = forget(context, provider)
    were = "recording was" if count == 1 else "recordings were"
    if count:
        run.reporter.notice(Notice(f"{count} {were} dropped"))
    for row in sent:
        run.reporter.ids(row.ids, row.input or None)
    if sent:
        run.reporter.warning(
            f"the service may already have {len(sent)} of them; their IDs stay in "
            "the ledger",
            "`stt batch list -p NAME` lists the jobs at a service",
        )
    return ExitStatus.OK


def _show_request(text: str, run: Run) -> None:
    """Print what would be sent; an address may hold a password or a signature."""
    text = run.environment.redactor.clean(text)
    run.reporter.result(printable(text.rstrip("\n")) + "\n")
