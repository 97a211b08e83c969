"""Where jobs' results go: files as each job ends, stdout in the order of the IDs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stt_cli.commands.outcome import warn_of_shortfall
from stt_cli.commands.run import Run
from stt_cli.core.coverage import shortfall
from stt_cli.core.errors import STOPS, NotFoundError, SttError
from stt_cli.core.job import Job
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.files import prepare
from stt_cli.formats.json_output import to_json
from stt_cli.formats.naming import format_for_output, is_folder, output_paths, stems
from stt_cli.formats.registry import WriteOptions, writer_for
from stt_cli.ui.jobs import jobs_json, print_jobs, unknown_job
from stt_cli.ui.result import header_line, transcript_lines
from stt_cli.ui.saving import save
from stt_cli.workflows.jobs.desk import JobDesk
from stt_cli.workflows.jobs.poll import JobEnded
from stt_cli.workflows.jobs.results import failure_of, transcripts_of


class JobOutput:
    """Fetches and writes what jobs brought.

    Args:
        fetch: whether the transcripts are wanted, not only the jobs.
        bare: JSON holds the transcripts alone, not the jobs around them.
        single: one plain ID was given, for which JSON is an object.
    """

    def __init__(
        self,
        run: Run,
        desk: JobDesk,
        job_ids: Sequence[str],
        *,
        output: str | None,
        name: str | None,
        force: bool,
        single: bool,
        fetch: bool = True,
        bare: bool = False,
        captions: CaptionOptions | None = None,
    ) -> None:
        self._run = run
        self._desk = desk
        self._job_ids = job_ids
        self._output = output
        self._force = force
        self._fetch = fetch
        self._bare = bare
        self._written = WriteOptions(captions=captions or CaptionOptions())
        self._single = single
        self._format = format_of(name, output)
        self._jobs: dict[str, Job] = {}
        self._objects: dict[str, list[dict[str, Any]]] = {}
        self._transcripts: dict[str, list[Transcript]] = {}
        self._next = 0
        self._headed = False
        found = output_paths([self._name(i) for i in job_ids], output, self._format)
        self._paths = dict(zip(job_ids, found, strict=True)) if found else {}
        prepare(self._paths.values(), output or "-", force=force)

    def take(self, ended: JobEnded, chosen: str | None) -> list[tuple[str, SttError]]:
        """Fetch and write what an ended job brought; return what failed."""
        transcripts: list[Transcript] = []
        failures: list[tuple[str, SttError]] = []
        if ended.job is None:
            error = ended.error or NotFoundError(f"{ended.id} is not known")
            failures.append((ended.id, error))
            self._objects[ended.id] = [unknown_job(ended.id, error)]
        else:
            self._jobs[ended.id] = ended.job
            try:
                transcripts = list(self._fetched(ended.job, chosen))
            except STOPS:
                raise
            except SttError as error:
                failures.append((ended.id, error))
            failures += [
                (f"{ended.id} {one.input}", one.error)
                for one in transcripts
                if one.error
            ]
            self._objects[ended.id] = [_job_object(ended.job, transcripts)]
        if self._bare:
            self._objects[ended.id] = [one.to_dict() for one in transcripts]
        self._transcripts[ended.id] = transcripts
        self._write(ended.id)
        return failures

    def finish(self) -> None:
        """Write to stdout what waited for the end of the run."""
        if self._paths:
            return
        if self._format == "json":
            known = (self._objects.get(job_id, []) for job_id in self._job_ids)
            objects = [one for several in known for one in several]
            if objects or not self._single:
                text = jobs_json(objects, single=self._single)
                self._run.reporter.result(text)
        elif self._format != "jsonl" and not self._fetch:
            jobs = [self._jobs[i] for i in self._job_ids if i in self._jobs]
            print_jobs(jobs, self._run.environment)
        elif self._format != "jsonl":
            for job_id in self._job_ids[self._next :]:
                self._print(job_id)

    def _name(self, job_id: str) -> str:
        """Return what a job's file is named after: its recording, else its ID."""
        row = self._desk.ledger.find(job_id)
        return row.input if row is not None and row.input else job_id

    def _fetched(self, job: Job, chosen: str | None) -> Iterator[Transcript]:
        if job.error is not None or not self._fetch:
            if job.state.is_final and job.error is not None:
                raise failure_of(job)
            return
        for transcript in transcripts_of(self._desk, job, chosen):
            self._run.reporter.ids(transcript.ids)
            if not transcript.text and transcript.error is None:
                what = transcript.input or job.id
                self._run.reporter.warning(f"nothing was recognised in {what}")
            warn_of_shortfall(transcript, shortfall(transcript), self._run)
            yield transcript

    def _write(self, job_id: str) -> None:
        """Write a job's result now, where nothing has to come before it."""
        if self._paths:
            self._write_files(job_id)
        elif self._format == "jsonl":
            for one in self._objects[job_id]:
                self._run.reporter.result(to_json(one) + "\n")
        elif self._fetch and self._format == "text":
            while self._next < len(self._job_ids):
                if self._job_ids[self._next] not in self._transcripts:
                    return
                self._print(self._job_ids[self._next])
                self._next += 1

    def _write_files(self, job_id: str) -> None:
        good = self._worth_writing(job_id)
        path = self._paths[job_id]
        if len(good) > 1 and is_folder(self._output or ""):
            for transcript, stem in zip(
                good, stems([t.input for t in good]), strict=True
            ):
                own = path.with_name(f"{path.stem}-{stem}{path.suffix}")
                self._write_file(own, [transcript])
        elif good:
            self._write_file(path, good)

    def _write_file(self, path: Path, transcripts: Sequence[Transcript]) -> None:
        pieces = writer_for(self._format)(transcripts, self._written)
        save(path, pieces, self._run.reporter, force=self._force)

    def _print(self, job_id: str) -> None:
        """Print a job's transcripts, under their names where there are several."""
        world, reporter = self._run.environment, self._run.reporter
        good = self._worth_writing(job_id)
        several = len(self._job_ids) > 1 or len(good) > 1
        for transcript in good:
            if several:
                name = transcript.input or job_id
                reporter.result(header_line(name, world, first=not self._headed))
                self._headed = True
            if self._format == "text":
                reporter.result("".join(transcript_lines(transcript, world)))
            else:
                pieces = writer_for(self._format)([transcript], self._written)
                reporter.result("".join(pieces))

    def _worth_writing(self, job_id: str) -> list[Transcript]:
        broken = (RecognitionStatus.FAILED, RecognitionStatus.CANCELLED)
        known = self._transcripts.get(job_id, [])
        return [transcript for transcript in known if transcript.status not in broken]


def format_of(name: str | None, output: str | None) -> str:
    """Return the format of ``-f``, else that of ``-o``, before any work is done.

    Raises ``UsageError`` for a name or a suffix of no format.
    """
    chosen = name or format_for_output(output) or "text"
    writer_for(chosen)
    return chosen


def _job_object(job: Job, transcripts: Sequence[Transcript]) -> dict[str, Any]:
    """Return the job with its transcript; several stand under ``transcripts``."""
    whole = [transcript.to_dict() for transcript in transcripts]
    known = job.to_dict() | {"transcript": whole[0] if len(whole) == 1 else None}
    return known | ({"transcripts": whole} if len(whole) > 1 else {})
