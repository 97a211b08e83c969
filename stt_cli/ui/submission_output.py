"""What a submission shows: IDs at once on stderr, jobs on stdout in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stt_cli.core.errors import InterruptedRun, OutputError, SttError
from stt_cli.core.events import Identified, Notice, Progress, Sending, Submitted
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.job import Job
from stt_cli.core.parallel import take_all
from stt_cli.core.plain_text import one_line
from stt_cli.ui.jobs import jobs_json, print_submitted
from stt_cli.ui.resume_hint import GO_ON
from stt_cli.ui.style import is_terminal
from stt_cli.ui.submissions import End, Submissions
from stt_cli.ui.verdict import verdict
from stt_cli.workflows.deadline import DeadlinePassed
from stt_cli.workflows.jobs.queue import (
    RecordingEvent,
    SubmissionFailed,
    SubmissionWaits,
    SubmittedBefore,
)

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

_STEPS = {"upload": "uploading", "create": "creating", "recognize": "recognizing"}
_STOPS = (KeyboardInterrupt, InterruptedRun, DeadlinePassed, OutputError)


class SubmissionOutput:
    """Shows what becomes of the recordings of these names.

    Args:
        sizes: bytes that each may have to upload, as far as that is known.
        as_json: print one array of jobs at the end.
        prints: whether the jobs are the result; ``--wait`` prints transcripts.
        named_by_user: whether the user named the recordings just now; where the
            ledger did, a single one's failure has to say which it is.
    """

    def __init__(
        self,
        run: Run,
        names: Sequence[str],
        sizes: Sequence[int | None] = (),
        *,
        as_json: bool,
        prints: bool = True,
        named_by_user: bool = True,
    ) -> None:
        self._run = run
        self._sizes = sizes
        self._names = [run.environment.redactor.clean(name) for name in names]
        self._as_json = as_json
        self._prints = prints
        self._named_by_user = named_by_user
        self._jobs: dict[int, Job] = {}
        self._failures: dict[int, SttError] = {}
        self._ended: set[int] = set()  # those that nothing can be gone on with
        self._before: dict[int, SubmittedBefore] = {}
        self._waiting: set[int] = set()
        self._printed = 0
        self._lines = not as_json and not run.environment.stdout.isatty()
        self._tables = not as_json and is_terminal(run.environment.stdout)

    @property
    def jobs(self) -> list[Job]:
        """The jobs that were made or known, in the order of the inputs."""
        return [self._jobs[index] for index in sorted(self._jobs)]

    @property
    def inputs(self) -> dict[str, list[str]]:
        """The recordings of each job, by its ID, in the order of the inputs."""
        named: dict[str, list[str]] = {}
        for index in sorted(self._jobs):
            names = named.setdefault(self._jobs[index].id, [])
            if self._names[index] not in names:
                names.append(self._names[index])
        return named

    def watch(self, events: Iterator[RecordingEvent]) -> None:
        """Show what happens until all is submitted, or the run is stopped."""
        stopped: BaseException | None = None
        with self._run.reporter.submissions(self._names, self._sizes) as table:
            try:
                take_all(events, lambda one: self._take(one, table))
            except _STOPS as stop:
                stopped = stop
        self._finish()  # once nothing is drawn any more
        if stopped is not None:
            self._notice_remaining()
            raise stopped

    def verdict(self) -> int:
        """Return the exit code so far; raise the only input's failure."""
        failures = [
            (self._names[index], self._failures[index])
            for index in sorted(self._failures)
        ]
        if not self._named_by_user:
            for name, error in failures:
                if name not in error.message:
                    error.message = f"{name}: {error.message}"
        self._notice_duplicates()
        try:
            return verdict(failures, len(self._names), self._run)
        finally:
            self._notice_remaining()

    def _take(self, one: RecordingEvent, table: Submissions) -> None:
        index, event = one.index, one.event
        task, name = table.at(index), self._names[index]
        match event:
            case Identified():
                self._show_ids(index, event.ids)
            case Sending():
                self._show_ids(index, event.ids)
                table.step(index, _STEPS.get(event.step, event.step))
            case Notice():
                self._notice(index, event)
            case Progress():
                task.update(event.done, event.total, event.unit)
            case SubmissionWaits():
                table.step(index, "elsewhere")
                self._notice_waiting(index)
            case SubmittedBefore():
                self._before[index] = event
                table.end(index, End.KNOWN, event.job.id)
                self._end(index, replace(event.job, input=name))
            case Submitted():
                table.end(index, End.CREATED, event.job.id)
                self._end(index, event.job)
            case SubmissionFailed():
                self._failures[index] = event.error
                if not event.stays_open:
                    self._ended.add(index)
                words = event.error.message.removeprefix(f"{name}: ")
                table.end(index, End.FAILED, words)
                self._print_what_can_be()

    def _end(self, index: int, job: Job) -> None:
        self._show_ids(index, job.ids)
        self._jobs[index] = job
        self._print_what_can_be()

    def _show_ids(self, index: int, ids: Identifiers) -> None:
        """Say IDs on stderr at once, and of which input where there are several."""
        several = len(self._names) > 1
        self._run.reporter.ids(
            ids,
            self._names[index] if several else None,
            in_table=several and self._tables,
        )

    def _notice(self, index: int, notice: Notice) -> None:
        name = self._names[index]
        if len(self._names) > 1 and not notice.message.startswith(name):
            notice = replace(notice, message=f"{name}: {notice.message}")
        self._run.reporter.notice(notice)

    def _notice_waiting(self, index: int) -> None:
        if index not in self._waiting:
            self._waiting.add(index)
            message = (
                f"{self._names[index]}: waiting for another process that is "
                "submitting it"
            )
            self._run.reporter.notice(Notice(message))

    def _notice_duplicates(self) -> None:
        """Say which IDs are those of earlier jobs, that nobody misses new ones."""
        if len(self._names) == 1 and self._before:
            known = self._before[0]
            moment = known.since.strftime("%Y-%m-%d %H:%M UTC")
            message = f"already submitted on {moment} as {known.job.id}"
            self._run.reporter.notice(
                Notice(message, hint="use --force to submit it again")
            )
        elif self._before:
            are = "is" if len(self._before) == 1 else "are"
            message = (
                f"{len(self._before)} of {len(self._names)} {are} already "
                "submitted; keeping their IDs"
            )
            self._run.reporter.notice(
                Notice(message, hint="use --force to submit them again")
            )

    def _notice_remaining(self) -> None:
        left = len(self._names) - len(self._jobs) - len(self._ended)
        if left:
            are = "is" if left == 1 else "are"
            self._run.reporter.warning(
                f"{left} of {len(self._names)} {are} not submitted",
                GO_ON if self._run.ledger.keeps else None,
            )

    def _print_what_can_be(self) -> None:
        """Print IDs in the order of the inputs, as soon as those before are known."""
        while self._printed in self._jobs or self._printed in self._failures:
            self._print_id(self._printed)
            self._printed += 1

    def _print_id(self, index: int) -> None:
        if self._lines and self._prints and index in self._jobs:
            self._run.reporter.result(one_line(self._jobs[index].id) + "\n")

    def _finish(self) -> None:
        if not self._prints:
            return
        for index in sorted(self._jobs):
            if index >= self._printed:
                self._print_id(index)
        self._printed = len(self._names)
        if self._as_json:
            objects = [job.to_dict() for job in self.jobs]
            self._run.reporter.result(jobs_json(objects, single=False))
        elif not self._lines:
            print_submitted(self.jobs, self._run.environment)
