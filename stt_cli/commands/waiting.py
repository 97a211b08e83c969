"""What ``stt poll`` and ``batch submit --wait`` do: wait, fetch, show, judge."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import typer

from stt_cli.commands.going_on import (
    command_that_goes_on,
    ids_of,
    interrupted,
    out_of_time,
    tell_what_is_planned,
)
from stt_cli.commands.job_options import Common, Wait, at_the_desk
from stt_cli.commands.job_output import Brought, JobOutput
from stt_cli.commands.run import Run
from stt_cli.commands.waiting_view import WaitingView
from stt_cli.core.errors import InterruptedRun, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.providers.registry import provider_spec
from stt_cli.workflows.deadline import DeadlinePassed, deadline
from stt_cli.workflows.jobs.desk import JobDesk, job_id_of
from stt_cli.workflows.jobs.poll import wait_for_jobs
from stt_cli.workflows.jobs.poll_events import (
    Fetched,
    JobEnded,
    Patience,
    PollEvent,
    Rest,
    StillRunning,
)

if TYPE_CHECKING:
    from stt_cli.core.webhook import WebhookReader

__all__ = ["Wait", "wait_and_show", "wait_for_all"]

_STOPS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed)

_GRACE = 5.0
"""Seconds beyond ``--timeout`` after which a request that hangs is cut off."""


def wait_and_show(
    ctx: typer.Context, given: Common, ids: list[str], wait: Wait, *, everything: bool
) -> int:
    """Wait for the jobs named, or for all open ones; return the exit code."""
    with at_the_desk(ctx, given) as (run, desk):
        job_ids = list(dict.fromkeys(ids))
        if everything:
            desk.require_ledger()
            tell_what_is_planned(run, desk, given.provider)
            open_ids = map(job_id_of, desk.open_rows(given.provider))
            job_ids += [job_id for job_id in open_ids if job_id]
            job_ids = list(dict.fromkeys(job_ids))
        elif not job_ids:
            raise UsageError(
                "no job to wait for", hint="name its ID, or take --all open ones"
            )
        output = JobOutput(
            run,
            desk,
            job_ids,
            output=wait.output,
            name=wait.format,
            force=wait.force,
            single=len(ids) == 1 and not everything,
            fetch=wait.fetch,
            captions=wait.captions,
        )
        if not job_ids:
            run.reporter.notice(Notice("no job is open"))
            output.finish()
            return ExitStatus.OK
        return wait_for_all(desk, run, job_ids, given.provider, wait, output, given)


def wait_for_all(
    desk: JobDesk,
    run: Run,
    job_ids: Sequence[str],
    chosen: str | None,
    wait: Wait,
    output: JobOutput,
    given: Common | None = None,
) -> int:
    """Wait until every job has ended, handing each to ``output`` as it does.

    Raises:
        SttError: the only job failed, or time ran out, or the run was stopped; the
            hint is then the command that goes on.
    """
    given = given or Common(chosen, None, False, None, False, 0, None)
    waiting = dict.fromkeys(job_ids)

    def command() -> str:
        return command_that_goes_on(desk, list(waiting), given, wait)

    def fetch(ended: JobEnded) -> Brought:
        return output.fetch(ended, chosen)

    bound = None if wait.timeout is None else wait.timeout + _GRACE
    late: list[StillRunning] = []
    with ExitStack() as stack:
        patience = Patience(
            wait.interval,
            wait.timeout,
            _rest(desk, run, job_ids, chosen, wait, stack),
            wait.workers,
        )
        view = stack.enter_context(WaitingView(run, desk, job_ids))

        def take(event: PollEvent | Fetched[Brought]) -> None:
            view.show(event)
            if isinstance(event, StillRunning):
                late.append(event)
            elif isinstance(event, Fetched):
                for name, error in output.take(event):
                    view.fail(event.ended, name, error)
                output.told(event.ended.id)
                del waiting[event.ended.id]  # an interrupted fetch goes on

        events = wait_for_jobs(desk, job_ids, chosen, fetch, patience)
        try:
            with deadline(bound):
                _hear_out(events, take)
        except DeadlinePassed as passed:
            output.finish()
            view.conclude()
            if wait.timeout is None:
                passed.hint = f"go on with: {command()}"
                raise passed.with_ids(ids_of(list(waiting))) from None
            raise out_of_time(list(waiting), wait.timeout, command()) from None
        except (KeyboardInterrupt, InterruptedRun) as stop:
            output.finish()
            view.conclude()
            raise interrupted(stop, list(waiting), command()) from None
    output.finish()
    if late:
        view.conclude()
        limit = max(each.limit for each in late)
        raise out_of_time(list(waiting), limit, command())
    return view.verdict(wait.output if wait.fetch else None)


def _hear_out(
    events: Generator[PollEvent | Fetched[Brought], None, None],
    take: Callable[[PollEvent | Fetched[Brought]], None],
) -> None:
    """Take all events; those that an interrupted run still has come before it ends."""
    try:
        for event in events:
            take(event)
    except _STOPS as stop:
        with suppress(StopIteration, *_STOPS):
            take(events.throw(stop))
            for event in events:
                take(event)
        raise


def _rest(
    desk: JobDesk,
    run: Run,
    job_ids: Sequence[str],
    chosen: str | None,
    wait: Wait,
    stack: ExitStack,
) -> Rest | None:
    """Return what waits for notifications too, if they are wanted."""
    if wait.webhook is None:
        return None
    from stt_cli.workflows.webhook_receiver import receiving

    reader = _reader_of(desk, job_ids, chosen)
    wanted = set(job_ids)
    listening = receiving(reader, wait.webhook, wanted.__contains__, run.log)
    receiver = stack.enter_context(listening)
    run.reporter.notice(Notice(f"listening for notifications at {receiver.url}"))
    return receiver.rest


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
