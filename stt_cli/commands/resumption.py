"""What ``stt batch resume`` does with its options."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from stt_cli.commands.failures import verdict
from stt_cli.commands.job_options import Common, at_the_desk, require_cluster
from stt_cli.commands.run import Run
from stt_cli.commands.submission_output import SubmissionOutput
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ui.jobs import jobs_json
from stt_cli.ui.plain import printable
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.resume import Backlog, backlog, forget
from stt_cli.workflows.jobs.submit import preview, submit_tasks


@dataclass(frozen=True, slots=True)
class Resumption:
    """Everything the command line said."""

    workers: int | None
    again: bool
    forget: bool
    dry_run: bool
    as_json: bool
    timeout: float | None


def carry_on(ctx: typer.Context, given: Common, request: Resumption) -> int:
    """Finish what was begun, and return the exit code."""
    if request.forget and (request.again or request.dry_run):
        raise UsageError("--forget goes with neither --again nor --dry-run")
    with at_the_desk(ctx, given) as (run, desk):
        desk.require_ledger()
        if given.provider is not None and not request.forget:
            require_cluster(desk.spec(given.provider), given.dask)
        left = backlog(desk, given.provider)
        _tell_what_is_not_ours(run, left)
        if not (left.tasks or left.elsewhere or left.unreadable or left.profiles):
            run.reporter.notice(Notice("nothing is left to submit"))
        if request.forget:
            return _forget(run, desk, given.provider)
        if request.dry_run:
            return _show(run, desk, left)
        names = [task.order.name for task in left.tasks]
        if not names:
            if request.as_json:
                run.reporter.result(jobs_json([], single=False))
            return _verdict_of_the_rest(run, left)
        sizes = [task.plan.size for task in left.tasks]
        shown = SubmissionOutput(
            run, names, sizes, as_json=request.as_json, named_by_user=False
        )
        with deadline(request.timeout):
            specs = [task.spec for task in left.tasks]
            workers = desk.settle_jobs(request.workers, specs)
            news = submit_tasks(desk, left.tasks, workers, again=request.again)
            shown.watch(news)
            code = shown.verdict()
        return code or _verdict_of_the_rest(run, left)


def _tell_what_is_not_ours(run: Run, left: Backlog) -> None:
    if left.elsewhere:
        are = "recording is" if left.elsewhere == 1 else "recordings are"
        told = f"{left.elsewhere} {are} being submitted by another process"
        run.reporter.notice(Notice(told))
    for profile, count in left.profiles.items():
        were = "recording was" if count == 1 else "recordings were"
        chosen = f"with the profile {profile}" if profile else "without a profile"
        option = f" --profile {profile}" if profile else ""
        run.reporter.warning(
            f"{count} {were} begun {chosen}", f"go on with: stt batch resume{option}"
        )


def _verdict_of_the_rest(run: Run, left: Backlog) -> int:
    failures = [(row.input or row.key, error) for row, error in left.unreadable]
    code = verdict(failures, len(left.tasks) + len(failures), run)
    return code or (ExitStatus.USAGE if left.profiles else ExitStatus.OK)


def _show(run: Run, desk: JobDesk, left: Backlog) -> int:
    for task in left.tasks:
        text = preview(desk, task.spec, task.order, task.endpoint)
        text = run.environment.redactor.clean(text)
        run.reporter.result(printable(text.rstrip("\n")) + "\n")
    return ExitStatus.OK


def _forget(run: Run, desk: JobDesk, provider: str | None) -> int:
    count, sent = forget(desk, provider)
    were = "recording was" if count == 1 else "recordings were"
    if count:
        run.reporter.notice(Notice(f"{count} {were} forgotten"))
    for row in sent:
        run.reporter.ids(row.ids, row.input or None)
    if sent:
        run.reporter.warning(
            f"the service may have taken {len(sent)} of them; their IDs stay in the "
            "ledger",
            "`stt batch list -p NAME` shows what a service has",
        )
    return ExitStatus.OK
