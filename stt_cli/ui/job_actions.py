"""``status`` and ``batch list|results|delete|update`` as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.job import Job, JobState
from stt_cli.core.options import JobQuery, Params
from stt_cli.core.parallel import run_streams
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.providers.registry import provider_spec
from stt_cli.ui.job_output import JobOutput, fetched_now
from stt_cli.ui.jobs import jobs_json, print_jobs, unknown_job, warning_of_state
from stt_cli.ui.resume_hint import show_queued
from stt_cli.ui.run import Run
from stt_cli.ui.verdict import verdict
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.jobs.context import JobContext, job_id_of
from stt_cli.workflows.jobs.poll import JobEnded
from stt_cli.workflows.jobs.status import (
    JobStatus,
    delete_job,
    in_order,
    list_jobs,
    statuses,
    transcripts_of,
)

_AT_A_TIME = 8
"""How many results are fetched at a time."""


def show_status(
    ids: Sequence[str],
    run: Run,
    *,
    as_json: bool,
    timeout: float | None,
) -> int:
    """Look once at each job and show where it stands."""
    with run.jobs() as context, deadline(timeout):
        if not ids:
            context.require_ledger()
        job_ids = context.job_ids(ids) or _open_ids(context, run.choice.provider)
        if not job_ids:
            run.reporter.notice(Notice("no unfinished jobs"))
        if not ids:
            show_queued(run, context, run.choice.provider)
        seen = in_order(statuses(context, job_ids, run.choice.provider), job_ids)
        for one in seen:
            if one.job is not None:
                run.reporter.ids(one.job.ids, _whose(one.job, job_ids))
                _notice_problem(run, one.job)
    jobs = [one.job for one in seen if one.job is not None]
    if as_json:
        objects = [_object(one) for one in seen]
        single = len(ids) == 1
        if not (single and not jobs):
            run.reporter.result(jobs_json(objects, single=single))
    else:
        print_jobs(jobs, run.environment, paged=True)
    failures = [(one.id, one.error) for one in seen if one.error is not None]
    return verdict(failures, len(job_ids), run)


def show_list(
    query: JobQuery,
    run: Run,
    *,
    as_json: bool,
    timeout: float | None,
) -> int:
    """List the jobs of one provider."""
    known = [str(state) for state in JobState]
    wrong = [state for state in query.states if state not in known]
    if wrong:
        raise UsageError(
            f"unknown state {wrong[0]!r}", hint=f"choose from {', '.join(known)}"
        )
    with run.jobs() as context, deadline(timeout):
        jobs = list(list_jobs(context, run.spec, query))
    if as_json:
        text = jobs_json([job.to_dict() for job in jobs], single=False)
        run.reporter.result(text)
    else:  # reading it is not bounded by --timeout
        print_jobs(jobs, run.environment, paged=True)
    if not jobs:
        which = "matching jobs" if query.states else "jobs"
        chosen = run.choice.provider is not None
        hint = None if chosen else "use -p to list another provider's jobs"
        run.reporter.notice(Notice(f"no {which} at {run.spec.name}", hint))
    return ExitStatus.OK


def show_results(
    ids: Sequence[str],
    run: Run,
    chosen_format: str | None,
    output: str | None,
    *,
    force: bool,
    timeout: float | None,
    captions: CaptionOptions,
    keep_raw: bool = False,
) -> int:
    """Fetch and show the transcripts of jobs that have ended."""
    with run.jobs() as context, deadline(timeout):
        job_ids = context.job_ids(ids)
        out = JobOutput(
            run,
            context,
            job_ids,
            output=output,
            name=chosen_format,
            force=force,
            single=len(ids) == 1,
            bare=True,
            captions=captions,
            keep_raw=keep_raw,
        )
        failed: dict[str, list[tuple[str, SttError]]] = {}
        streams = []
        for one in in_order(statuses(context, job_ids, run.choice.provider), job_ids):
            if one.job is not None:
                run.reporter.ids(one.job.ids, _whose(one.job, job_ids))
            if one.job is not None and not one.job.state.is_final:
                failed[one.id] = _not_ended(context, one)
                continue
            ended = JobEnded(one.id, one.job, one.error)
            streams.append(partial(fetched_now, out, ended, run.choice.provider))
        for fetched in run_streams(streams, _AT_A_TIME):
            failed[fetched.ended.id] = out.take(fetched)
            out.mark_reported(fetched.ended.id)
        out.finish()
        failures = [each for job_id in job_ids for each in failed.get(job_id, [])]
        return verdict(failures, len(job_ids), run)


def delete_all(ids: Sequence[str], run: Run, *, timeout: float | None) -> int:
    """Delete each job; what is gone already is a failure of its own."""
    with run.jobs() as context, deadline(timeout):
        failures: list[tuple[str, SttError]] = []
        job_ids = context.job_ids(ids)
        for job_id in job_ids:
            try:
                delete_job(context, job_id, run.choice.provider)
                run.reporter.notice(Notice(f"deleted {job_id}"))
            except INTERRUPTIONS:
                raise
            except SttError as error:
                failures.append((job_id, error))
        return verdict(failures, len(job_ids), run)


def change_job(
    job_id: str,
    run: Run,
    name: str | None,
    params: Params,
    *,
    as_json: bool,
    timeout: float | None,
) -> int:
    """Change what can be changed of a job, and show it."""
    with run.jobs() as context, deadline(timeout):
        (job_id,) = context.job_ids([job_id])
        address = context.address_of(job_id, run.choice.provider)
        provider = context.provider(provider_spec(address.provider), address.endpoint)
        job = provider.update_job(job_id, name, params)
        run.reporter.ids(job.ids)
        if as_json:
            run.reporter.result(jobs_json([job.to_dict()], single=True))
        else:
            print_jobs([job], run.environment)
    return ExitStatus.OK


def _notice_problem(run: Run, job: Job) -> None:
    """Say why a job failed and what to do, and what else went wrong with it."""
    for warning in job.warnings:
        run.reporter.warning(warning)
    unknown = warning_of_state(job)
    if unknown:
        run.reporter.warning(unknown, "check for an update of stt")
    if job.error is not None:
        message = f"{job.id}: {job.error.message}"
        run.reporter.notice(Notice(message, hint=job.error.hint))


def _whose(job: Job, job_ids: Sequence[str]) -> str | None:
    """Return what the IDs of one of several jobs are told with."""
    return job.input or job.id if len(set(job_ids)) > 1 else None


def _open_ids(context: JobContext, provider: str | None) -> list[str]:
    found = (job_id_of(row) for row in context.open_operations(provider))
    return [job_id for job_id in found if job_id]


def _object(one: JobStatus) -> dict[str, object]:
    if one.job is not None:
        return one.job.to_dict()
    return unknown_job(one.id, one.error or NotFoundError(f"unknown ID {one.id}"))


def _not_ended(context: JobContext, one: JobStatus) -> list[tuple[str, SttError]]:
    try:
        if one.job is not None:
            list(transcripts_of(context, one.job))
    except SttError as error:
        return [(one.id, error)]
    return []
