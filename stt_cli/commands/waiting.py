"""What ``stt poll`` and ``batch submit --wait`` do: wait, fetch, show, judge."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from stt_cli.commands.failures import verdict
from stt_cli.commands.job_options import Common, at_the_desk
from stt_cli.commands.job_output import JobOutput
from stt_cli.commands.run import Run
from stt_cli.core.errors import InterruptedRun, OutOfTimeError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.providers.registry import provider_spec
from stt_cli.ui.jobs import state_words
from stt_cli.ui.progress import Progress, Task
from stt_cli.ui.quantities import clock
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.jobs.desk import JobDesk, job_id_of
from stt_cli.workflows.jobs.poll import (
    Estimate,
    JobEnded,
    JobSeen,
    LookFailed,
    PollEvent,
    command_that_goes_on,
    out_of_time,
    wait_for_jobs,
)

if TYPE_CHECKING:
    from stt_cli.core.webhook import WebhookReader

_GRACE = 5.0
"""Seconds beyond ``--timeout`` after which a request that hangs is cut off."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How to wait, and what to do with the transcripts."""

    interval: float | None
    timeout: float | None
    webhook: str | None
    fetch: bool
    format: str | None
    output: str | None
    force: bool
    captions: CaptionOptions = field(default_factory=CaptionOptions)


def wait_and_show(
    ctx: typer.Context, given: Common, ids: list[str], wait: Wait, *, everything: bool
) -> int:
    """Wait for the jobs named, or for all open ones; return the exit code."""
    with at_the_desk(ctx, given) as (run, desk):
        job_ids = list(dict.fromkeys(ids))
        if everything:
            open_ids = map(job_id_of, desk.open_rows(given.provider))
            job_ids += [job_id for job_id in open_ids if job_id]
            job_ids = list(dict.fromkeys(job_ids))
        elif not job_ids:
            raise UsageError(
                "no job to wait for", hint="name its ID, or take --all open ones"
            )
        single = len(ids) == 1 and not everything
        output = JobOutput(
            run,
            desk,
            job_ids,
            output=wait.output,
            name=wait.format,
            force=wait.force,
            single=single,
            fetch=wait.fetch,
            captions=wait.captions,
        )
        if not job_ids:
            run.reporter.notice(Notice("no job is open"))
            output.finish()
            return ExitStatus.OK
        return wait_for_all(desk, run, job_ids, given.provider, wait, output)


def wait_for_all(
    desk: JobDesk,
    run: Run,
    job_ids: Sequence[str],
    chosen: str | None,
    wait: Wait,
    output: JobOutput,
) -> int:
    """Wait until every job has ended, handing each to ``output`` as it does."""
    waiting = list(job_ids)
    failures: list[tuple[str, SttError]] = []
    bound = None if wait.timeout is None else wait.timeout + _GRACE
    with ExitStack() as stack:
        rest = None
        if wait.webhook is not None:
            reader = _reader_of(desk, job_ids, chosen)
            from stt_cli.workflows.webhook_receiver import receiving

            listening = receiving(reader, wait.webhook, job_ids.__contains__, run.log)
            receiver = stack.enter_context(listening)
            run.reporter.notice(
                Notice(f"listening for notifications at {receiver.url}")
            )
            rest = receiver.rest
        progress = stack.enter_context(run.reporter.progress(expected=len(job_ids)))
        view = _View(run, progress, job_ids)
        try:
            with deadline(bound):
                events = wait_for_jobs(
                    desk,
                    job_ids,
                    chosen,
                    interval=wait.interval,
                    timeout=wait.timeout,
                    rest=rest,
                )
                for event in events:
                    view.show(event)
                    if isinstance(event, JobEnded):
                        failures += output.take(event, chosen)
                        waiting.remove(event.id)  # an interrupted fetch goes on
        except DeadlinePassed as passed:
            output.finish()
            if wait.timeout is None:
                passed.hint = f"go on with: {command_that_goes_on(waiting)}"
                raise passed.with_ids(_ids_of(waiting)) from None
            raise out_of_time(waiting, wait.timeout) from None
        except OutOfTimeError:
            output.finish()
            raise
        except (KeyboardInterrupt, InterruptedRun) as stop:
            output.finish()
            raise _interrupted(stop, waiting) from None
    output.finish()
    return verdict(failures, len(job_ids), run)


def _reader_of(
    desk: JobDesk, job_ids: Sequence[str], chosen: str | None
) -> WebhookReader:
    places = [desk.place_of(job_id, chosen) for job_id in job_ids]
    providers = {(place.provider, place.endpoint) for place in places}
    if len(providers) != 1:
        raise UsageError(
            "notifications can be taken for one service at a time",
            hint="wait for the jobs of each service by itself, with -p",
        )
    name, endpoint = providers.pop()
    return desk.provider(provider_spec(name), endpoint).webhook_reader()


def _interrupted(stop: BaseException, waiting: Sequence[str]) -> InterruptedRun:
    """Return the interruption, told that the jobs run on and how to go on."""
    status = (
        stop.exit_status if isinstance(stop, InterruptedRun) else ExitStatus.INTERRUPTED
    )
    left = "the job runs on" if len(waiting) == 1 else "the jobs run on"
    return InterruptedRun(
        f"waiting was interrupted; {left}",
        exit_status=status,
        hint=f"go on with: {command_that_goes_on(waiting)}",
        ids=_ids_of(waiting),
    )


def _ids_of(waiting: Sequence[str]) -> Identifiers:
    if len(waiting) == 1:
        return Identifiers.of(job_id=waiting[0])
    return Identifiers.of(job_ids=", ".join(waiting))


class _View:
    """The progress of waiting: a row a job, IDs and states on stderr."""

    def __init__(self, run: Run, progress: Progress, job_ids: Sequence[str]) -> None:
        self._run = run
        self._tasks: dict[str, Task] = {
            job_id: progress.task(job_id) for job_id in job_ids
        }

    def show(self, event: PollEvent) -> None:
        """Show one event of waiting."""
        reporter = self._run.reporter
        match event:
            case JobSeen():
                reporter.ids(event.job.ids)
                for warning in event.job.warnings:
                    reporter.warning(warning)
                if event.job.id in self._tasks:
                    self._tasks[event.job.id].say(state_words(event.job))
                reporter.detail(f"{event.job.id} is {state_words(event.job)}")
            case Estimate():
                least, most = clock(event.least), clock(event.most)
                span = least if least == most else f"{least} to {most}"
                text = f"{event.job.id} usually takes {span} (an estimate)"
                reporter.notice(Notice(text))
            case LookFailed():
                reporter.warning(f"a look failed: {event.error.message}; going on")
            case JobEnded():
                self._tasks[event.id].finish()
