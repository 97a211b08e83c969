"""The command that goes on with what was waited for, from any shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stt_cli.core.errors import InterruptedRun, OutOfTimeError, SttError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import ServiceChoice
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.ui.verdict import named
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.options import WaitOptions
from stt_cli.workflows.jobs.poll import ServiceGone

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

GO_ON = "to continue, run: stt batch resume"
"""What a list of submissions is told that was not brought to its end."""

_FEW = 5
"""Up to so many IDs are typed out where ``--all`` finds them as well."""

_MOST = 100
"""Up to so many IDs are printed; ``stt status`` lists them all."""

_CAPTIONS = {
    "max_line_length": "--max-line-length",
    "max_lines": "--max-lines",
    "max_seconds": "--max-cue-seconds",
    "min_seconds": "--min-cue-seconds",
    "gap": "--cue-gap",
}


def command_that_goes_on(
    context: JobContext,
    waiting: Sequence[str],
    choice: ServiceChoice,
    wait: WaitOptions,
) -> str:
    """Return the command, with every option that its result depends on."""
    words = ["stt", "poll"]
    in_ledger = all(context.operation_of(job_id) is not None for job_id in waiting)
    words += ["--all"] if in_ledger and len(waiting) > _FEW else list(waiting)
    for name, value in (
        ("-p", choice.provider),
        ("--endpoint", choice.endpoint),
        ("--profile", choice.profile),
        ("-f", wait.format),
        ("-o", wait.output),
        ("--caption-language", wait.captions.language),
        ("--webhook", wait.webhook),
    ):
        words += [name, value] if value is not None else []
    for name, is_set in (
        ("--insecure", choice.insecure),
        ("--force", wait.force),
        ("--skip-existing", wait.skip_existing),
        ("--no-results", not wait.fetch),
        ("--interpolate", wait.captions.interpolate),
        ("--raw", wait.keep_raw),
    ):
        words += [name] if is_set else []
    usual = CaptionOptions()
    for field, name in _CAPTIONS.items():
        value = getattr(wait.captions, field)
        words += [name, f"{value:g}"] if value != getattr(usual, field) else []
    return shlex.join(words)


def show_queued(run: Run, context: JobContext, provider: str | None) -> None:
    """Say what was begun and is no job yet, which no service can be asked after."""
    rows = context.ledger.unfinished(provider)
    living = {row.owner: context.ledger.is_elsewhere(row) for row in rows}
    left = sum(not living[row.owner] for row in rows)
    if left:
        are = "recording is" if left == 1 else "recordings are"
        notice = Notice(f"{left} {are} not submitted yet", hint=GO_ON)
        run.reporter.notice(notice)


def out_of_time(waiting: Sequence[str], limit: float, command: str) -> OutOfTimeError:
    """Return the error that names the jobs still running and how to go on."""
    verb = "is" if len(waiting) == 1 else "are"
    return OutOfTimeError(
        f"timed out after {limit:g} s; {named(waiting)} {verb} still running",
        hint=f"to keep waiting, run: {command}",
        ids=ids_of(waiting),
    )


def service_gone(gone: ServiceGone, waiting: Sequence[str], command: str) -> SttError:
    """Return the error that names the jobs of a service that no longer answers."""
    error = gone.error.copied()
    minutes = round(gone.silence / 60)
    error.message = f"no response for {minutes} minutes: {error.message}"
    error.hint = f"the jobs may still be running; to keep waiting, run: {command}"
    return error.with_ids(ids_of(waiting))


def interrupted(
    stop: BaseException, waiting: Sequence[str], command: str
) -> InterruptedRun:
    """Return the interruption, told that the jobs run on and how to go on."""
    status = (
        stop.exit_status if isinstance(stop, InterruptedRun) else ExitStatus.INTERRUPTED
    )
    left = (
        "the job is still running"
        if len(waiting) == 1
        else "the jobs are still running"
    )
    return InterruptedRun(
        f"interrupted; {left}",
        exit_status=status,
        hint=f"to keep waiting, run: {command}",
        ids=ids_of(waiting),
    )


def ids_of(waiting: Sequence[str]) -> Identifiers:
    """Return the IDs of jobs for an error; of very many, the first."""
    if len(waiting) == 1:
        return Identifiers.of(job_id=waiting[0])
    return Identifiers.of(job_ids=named(waiting, _MOST) if waiting else None)
