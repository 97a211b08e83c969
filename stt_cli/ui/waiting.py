"""Waiting for jobs as it is shown: progress, results, and the command that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from stt_cli.core.errors import InterruptedRun, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.parallel import take_all
from stt_cli.providers.registry import provider_spec
from stt_cli.ui.job_output import FetchResult, JobOutput
from stt_cli.ui.jobs import state_words, warning_of_state
from stt_cli.ui.progress import Task
from stt_cli.ui.quantities import clock
from stt_cli.ui.resume_hint import (
    command_that_goes_on,
    ids_of,
    interrupted,
    out_of_time,
    service_gone,
    show_queued,
)
from stt_cli.ui.run import Run
from stt_cli.ui.verdict import MOST_NAMES, named
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.jobs.context import JobContext, job_id_of, name_of
from stt_cli.workflows.jobs.options import WaitOptions
from stt_cli.workflows.jobs.poll import (
    AttemptFailed,
    Estimate,
    Fetched,
    JobEnded,
    PollEvent,
    PollOptions,
    ServiceGone,
    StateChanged,
    StillRunning,
    WaitFor,
    wait_for_jobs,
)

if TYPE_CHECKING:
    from stt_cli.core.webhook import WebhookReader

_MOST_ESTIMATES = 3
"""Of so many jobs at most it is told how long they usually take."""

_MOST_ERRORS = 20
"""So many failures are told in full; the others are counted."""

_GRACE = 5.0
"""Seconds beyond ``--timeout`` after which a request that hangs is cut off."""


def wait_and_show(
    ids: Sequence[str], wait: WaitOptions, run: Run, *, everything: bool
) -> int:
    """Wait for the jobs named, or for all open ones; return the exit code."""
    with run.jobs() as context:
        job_ids = context.job_ids(ids)
        if everything:
            context.require_ledger()
            show_queued(run, context, run.choice.provider)
            open_ids = map(job_id_of, context.open_operations(run.choice.provider))
            job_ids += [job_id for job_id in open_ids if job_id]
            job_ids = list(dict.fromkeys(job_ids))
        elif not job_ids:
            raise UsageError(
                "no jobs to wait for",
                hint="pass job IDs, or --all for every unfinished job",
            )
        output = JobOutput(
            run,
            context,
            job_ids,
            output=wait.output,
            name=wait.format,
            force=wait.force,
            skip_existing=wait.skip_existing,
            single=len(ids) == 1 and not everything,
            fetch=wait.fetch,
            captions=wait.captions,
            keep_raw=wait.keep_raw,
        )
        if not job_ids:
            run.reporter.notice(Notice("no unfinished jobs"))
            output.finish()
            return ExitStatus.OK
        if wait.skip_existing:
            job_ids = _without_files(job_ids, output, run)
            if not job_ids:
                return ExitStatus.OK
        return wait_for_all(context, run, job_ids, wait, output)


def _without_files(job_ids: list[str], output: JobOutput, run: Run) -> list[str]:
    """Return the jobs whose transcripts are not in files yet."""
    left = [job_id for job_id in job_ids if not output.has_files(job_id)]
    skipped = len(job_ids) - len(left)
    if skipped:
        exist = "the transcript exists" if skipped == 1 else "the transcripts exist"
        run.reporter.notice(Notice(f"skipped {skipped} of {len(job_ids)}: {exist}"))
    return left


def wait_for_all(
    context: JobContext,
    run: Run,
    job_ids: Sequence[str],
    wait: WaitOptions,
    output: JobOutput,
) -> int:
    """Wait until every job has ended, handing each to ``output`` as it does.

    Raises:
        SttError: the only job failed, or time ran out, or the run was stopped; the
            hint is then the command that goes on.
    """
    chosen = run.choice.provider
    waiting = dict.fromkeys(job_ids)

    def command() -> str:
        return command_that_goes_on(context, list(waiting), run.choice, wait)

    def fetch(ended: JobEnded) -> FetchResult:
        return output.fetch(ended, chosen)

    bound = None if wait.timeout is None else wait.timeout + _GRACE
    late: list[StillRunning] = []
    gone: list[ServiceGone] = []
    with ExitStack() as stack:
        options = PollOptions(
            wait.interval,
            wait.timeout,
            _notified_wait(context, run, job_ids, chosen, wait, stack),
            wait.workers,
        )
        view = stack.enter_context(WaitingView(run, context, job_ids))

        def take(event: PollEvent | Fetched[FetchResult]) -> None:
            view.show(event)
            if isinstance(event, StillRunning):
                late.append(event)
            elif isinstance(event, ServiceGone):
                gone.append(event)
            elif isinstance(event, Fetched):
                for name, error in output.take(event):
                    view.fail(event.ended, name, error)
                output.mark_reported(event.ended.id)
                del waiting[event.ended.id]  # an interrupted fetch goes on

        events = wait_for_jobs(context, job_ids, chosen, fetch, options)
        try:
            with deadline(bound):
                take_all(events, take)
        except DeadlinePassed as passed:
            output.finish()
            view.conclude()
            if wait.timeout is None:
                passed.hint = f"to keep waiting, run: {command()}"
                raise passed.with_ids(ids_of(list(waiting))) from None
            raise out_of_time(list(waiting), wait.timeout, command()) from None
        except (KeyboardInterrupt, InterruptedRun) as stop:
            output.finish()
            view.conclude()
            raise interrupted(stop, list(waiting), command()) from None
    output.finish()
    if gone:
        view.conclude()
        raise service_gone(gone[0], list(waiting), command())
    if late:
        view.conclude()
        limit = max(each.limit for each in late)
        raise out_of_time(list(waiting), limit, command())
    return view.verdict(wait.output if wait.fetch else None)


def _notified_wait(
    context: JobContext,
    run: Run,
    job_ids: Sequence[str],
    chosen: str | None,
    wait: WaitOptions,
    stack: ExitStack,
) -> WaitFor | None:
    """Return what waits for notifications too, if they are wanted."""
    if wait.webhook is None:
        return None
    from stt_cli.workflows.jobs.webhooks import receiving

    reader = _reader_of(context, job_ids, chosen)
    wanted = set(job_ids)
    listening = receiving(reader, wait.webhook, wanted.__contains__, run.log)
    receiver = stack.enter_context(listening)
    run.reporter.notice(Notice(f"listening for notifications at {receiver.url}"))
    return receiver.wait


def _reader_of(
    context: JobContext, job_ids: Sequence[str], chosen: str | None
) -> WebhookReader:
    addresses = [context.address_of(job_id, chosen) for job_id in job_ids]
    providers = {(each.provider, each.endpoint) for each in addresses}
    if len(providers) != 1:
        raise UsageError(
            "--webhook can only be used with one service at a time",
            hint="run `stt poll` once for each service, with -p",
        )
    name, endpoint = providers.pop()
    return context.provider(provider_spec(name), endpoint).webhook_reader()


class WaitingView:
    """The progress of waiting: rows, IDs and states on stderr. Use as a context."""

    def __init__(self, run: Run, context: JobContext, job_ids: Sequence[str]) -> None:
        self._run = run
        self._job_ids = job_ids
        self._names = {job_id: name_of(context, job_id) for job_id in job_ids}
        self._is_several = len(job_ids) > 1
        self._places = {job_id: at for at, job_id in enumerate(job_ids)}
        self._tasks: dict[str, Task] = {}
        self._stack = ExitStack()
        self._done = 0
        self._failed: dict[str, str] = {}
        self._first: tuple[int, SttError] | None = None
        self._reported = 0
        self._reasons: set[str] = set()

    def __enter__(self) -> Self:
        progress = self._run.reporter.progress(expected=len(self._job_ids))
        self._progress = self._stack.enter_context(progress)
        for job_id in self._job_ids:
            self._tasks[job_id] = progress.task(self._name_of(job_id))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, fault, trace)

    def show(self, event: PollEvent | Fetched[FetchResult]) -> None:
        """Show one event of waiting."""
        reporter = self._run.reporter
        match event:
            case StateChanged():
                name = self._names.get(event.job.id) if self._is_several else None
                reporter.ids(event.job.ids, name)
                for warning in event.job.warnings:
                    reporter.warning(warning)
                unknown = warning_of_state(event.job)
                if unknown:
                    reporter.warning(
                        f"{unknown}; waiting for it to end",
                        "use --timeout SECONDS to set a limit",
                    )
                words = state_words(event.job)
                if event.job.id in self._tasks:
                    self._tasks[event.job.id].say(words)
                reporter.detail(f"{event.job.id} is {words}")
            case Estimate() if len(self._job_ids) <= _MOST_ESTIMATES:
                least, most = clock(event.least), clock(event.most)
                span = least if least == most else f"{least} to {most}"
                text = f"{event.job.id} usually takes {span}"
                reporter.notice(Notice(text))
            case AttemptFailed():
                reporter.warning(
                    f"{event.doing} failed: {event.error.message}; retrying"
                )
            case Fetched():
                self._done += 1
                self._tasks[event.ended.id].finish()

    def fail(self, ended: JobEnded, name: str, error: SttError) -> None:
        """Tell that something of a job failed; the only one is told at the end."""
        place = self._places[ended.id]
        if self._first is None or place < self._first[0]:
            self._first = place, error
        self._failed.setdefault(ended.id, self._name_of(ended.id))
        if len(self._job_ids) == 1:
            return
        self._progress.remark = f"{len(self._failed)} failed"
        if ended.job is None and error.message in self._reasons:
            return  # a wrong key, say, is told once and not for each job
        self._reasons.add(error.message)
        if name not in error.message:
            error.message = f"{name}: {error.message}"
        if self._reported < _MOST_ERRORS:
            self._run.reporter.error(error)
        self._reported += 1

    def conclude(self) -> None:
        """Say in a line how many are done, and which have failed."""
        count = len(self._job_ids)
        in_order = sorted(self._failed, key=self._places.__getitem__)
        failed = [self._failed[job_id] for job_id in in_order]
        if count == 1:
            return
        if failed:
            self._run.reporter.warning(
                f"{len(failed)} of {count} failed: {named(failed, MOST_NAMES)}"
            )
        if self._done < count:
            text = (
                f"{self._done} of {count} finished, {count - self._done} still running"
            )
            self._run.reporter.notice(Notice(text))

    def verdict(self, output: str | None) -> int:
        """Return the exit code of a run that waited to the end.

        Raises:
            SttError: the only job failed.
        """
        self.conclude()
        count = len(self._job_ids)
        if count > 1 and output not in (None, "-"):
            good = count - len(self._failed)
            text = f"{good} of {count} finished; transcripts are in {output}"
            self._run.reporter.notice(Notice(text))
        if self._first is None:
            return ExitStatus.OK
        if count == 1:
            raise self._first[1]
        return int(self._first[1].exit_status)

    def _name_of(self, job_id: str) -> str:
        return self._names.get(job_id) or job_id
