"""What ``stt batch submit`` does with its options."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import typer

from stt_cli.commands.failures import verdict
from stt_cli.commands.job_options import Common, at_the_desk
from stt_cli.commands.job_output import JobOutput, format_of
from stt_cli.commands.orders import Inputs, orders_of
from stt_cli.commands.run import Run
from stt_cli.commands.waiting import Wait, wait_for_all
from stt_cli.core.errors import InterruptedRun, SttError, UsageError
from stt_cli.core.events import Identified, Notice, Progress, Sending, Submitted
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.formats.files import prepare
from stt_cli.formats.naming import output_paths
from stt_cli.ui.jobs import jobs_json, print_submitted
from stt_cli.ui.plain import one_line, printable
from stt_cli.ui.progress import Progress as ProgressView
from stt_cli.ui.progress import Task
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.submit import (
    SubmissionFailed,
    SubmissionNews,
    check_submission,
    preview,
    submit_all,
)

_STOPS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed)


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything the command line said."""

    inputs: Inputs
    workers: int
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
        check(options)
        _check_format(request)
        orders = orders_of(request.inputs, options, check, run.environment)
        names = [order.name for order in orders]
        _check_output(request, names)
        if request.dry_run:
            for order in orders:
                text = preview(desk, spec, order)
                run.reporter.result(printable(text.rstrip("\n")) + "\n")
            return ExitStatus.OK
        shown = _Shown(run, names, request)
        news = submit_all(desk, spec, orders, request.workers)
        with deadline(request.timeout):
            shown.watch(news)
            code = shown.verdict()
            if request.wait and shown.jobs:
                waited = _wait(desk, run, [job.id for job in shown.jobs], request)
                code = code or waited
        return code


def _wait(desk: JobDesk, run: Run, job_ids: list[str], request: Submission) -> int:
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
    return wait_for_all(desk, run, job_ids, None, wait, output)


class _Shown:
    """What a submission shows: IDs at once on stderr, jobs on stdout in order."""

    def __init__(self, run: Run, names: Sequence[str], request: Submission) -> None:
        self._run = run
        self._names = [run.environment.redactor.clean(name) for name in names]
        self._request = request
        self._jobs: dict[int, Job] = {}
        self._failures: dict[int, SttError] = {}
        self._printed = 0
        self._tasks: dict[int, Task] = {}
        world = run.environment
        self._lines = request.format != "json" and not world.stdout.isatty()

    @property
    def jobs(self) -> list[Job]:
        """The jobs that were made, in the order of the inputs."""
        return [self._jobs[index] for index in sorted(self._jobs)]

    def watch(self, news: Iterator[SubmissionNews]) -> None:
        """Show what happens until all is submitted, or the run is stopped."""
        with self._run.reporter.progress(expected=len(self._names)) as progress:
            try:
                for one in news:
                    self._take(one, progress)
            except _STOPS as stop:
                if isinstance(news, Generator):
                    self._hear_out(news, stop, progress)
                self._finish()
                raise
        self._finish()

    def verdict(self) -> int:
        """Return the exit code so far; raise the only input's failure."""
        failures = [
            (self._names[index], self._failures[index])
            for index in sorted(self._failures)
        ]
        return verdict(failures, len(self._names), self._run)

    def _hear_out(
        self,
        news: Generator[SubmissionNews, None, None],
        stop: BaseException,
        progress: ProgressView,
    ) -> None:
        try:
            self._take(news.throw(stop), progress)
            for one in news:
                self._take(one, progress)
        except (StopIteration, *_STOPS):
            return

    def _take(self, one: SubmissionNews, progress: ProgressView) -> None:
        index, event = one.index, one.event
        if index not in self._tasks:
            self._tasks[index] = progress.task(self._names[index])
        task, reporter = self._tasks[index], self._run.reporter
        match event:
            case Identified() | Sending():
                reporter.ids(event.ids)
            case Notice():
                reporter.notice(event)
            case Progress():
                task.update(event.done, event.total, event.unit)
            case Submitted():
                reporter.ids(event.job.ids)
                self._jobs[index] = event.job
                task.finish()
                self._print_what_can_be()
            case SubmissionFailed():
                self._failures[index] = event.error
                task.finish()
                self._print_what_can_be()

    def _print_what_can_be(self) -> None:
        """Print IDs in the order of the inputs, as soon as those before are known."""
        while self._printed in self._jobs or self._printed in self._failures:
            self._print_id(self._printed)
            self._printed += 1

    def _print_id(self, index: int) -> None:
        if self._lines and not self._request.wait and index in self._jobs:
            self._run.reporter.result(one_line(self._jobs[index].id) + "\n")

    def _finish(self) -> None:
        if self._request.wait:
            return
        for index in sorted(self._jobs):
            if index >= self._printed:
                self._print_id(index)
        self._printed = len(self._names)
        if self._request.format == "json":
            objects = [job.to_dict() for job in self.jobs]
            self._run.reporter.result(jobs_json(objects, single=False))
        elif not self._lines:
            print_submitted(self.jobs, self._run.environment)


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
