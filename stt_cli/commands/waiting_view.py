"""What is shown while jobs are waited for, and what is said of them at the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from stt_cli.commands.failures import MOST_NAMES, named
from stt_cli.commands.job_output import Brought
from stt_cli.commands.run import Run
from stt_cli.core.errors import SttError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ui.jobs import state_words
from stt_cli.ui.progress import Task
from stt_cli.ui.quantities import clock
from stt_cli.workflows.jobs.desk import JobDesk, name_of
from stt_cli.workflows.jobs.poll_events import (
    Estimate,
    Fetched,
    JobEnded,
    JobSeen,
    LookFailed,
    PollEvent,
)

_MOST_ESTIMATES = 3
"""Of so many jobs at most it is told how long they usually take."""

_MOST_ERRORS = 20
"""So many failures are told in full; the others are counted."""


class WaitingView:
    """The progress of waiting: rows, IDs and states on stderr. Use as a context."""

    def __init__(self, run: Run, desk: JobDesk, job_ids: Sequence[str]) -> None:
        self._run = run
        self._job_ids = job_ids
        self._names = {job_id: name_of(desk, job_id) for job_id in job_ids}
        self._is_several = len(job_ids) > 1
        self._places = {job_id: at for at, job_id in enumerate(job_ids)}
        self._tasks: dict[str, Task] = {}
        self._stack = ExitStack()
        self._done = 0
        self._failed: dict[str, str] = {}
        self._first: tuple[int, SttError] | None = None
        self._told = 0
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

    def show(self, event: PollEvent | Fetched[Brought]) -> None:
        """Show one event of waiting."""
        reporter = self._run.reporter
        match event:
            case JobSeen():
                name = self._names.get(event.job.id) if self._is_several else None
                reporter.ids(event.job.ids, name)
                for warning in event.job.warnings:
                    reporter.warning(warning)
                words = state_words(event.job)
                if event.job.id in self._tasks:
                    self._tasks[event.job.id].say(words)
                reporter.detail(f"{event.job.id} is {words}")
            case Estimate() if len(self._job_ids) <= _MOST_ESTIMATES:
                least, most = clock(event.least), clock(event.most)
                span = least if least == most else f"{least} to {most}"
                text = f"{event.job.id} usually takes {span} (an estimate)"
                reporter.notice(Notice(text))
            case LookFailed():
                reporter.warning(
                    f"{event.doing} failed: {event.error.message}; going on"
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
        if self._told < _MOST_ERRORS:
            self._run.reporter.error(error)
        self._told += 1

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
            text = f"{self._done} of {count} are done, {count - self._done} go on"
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
            text = f"{good} of {count} are done; transcripts are in {output}"
            self._run.reporter.notice(Notice(text))
        if self._first is None:
            return ExitStatus.OK
        if count == 1:
            raise self._first[1]
        return int(self._first[1].exit_status)

    def _name_of(self, job_id: str) -> str:
        return self._names.get(job_id) or job_id
