"""Where jobs' results go: files as each job ends, stdout in the order of the IDs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from stt_cli.core.coverage import shortfall
from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError, UsageError
from stt_cli.core.job import Job
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.formats.caption_languages import languages_to_write
from stt_cli.formats.caption_options import CaptionOptions
from stt_cli.formats.json_output import json_line
from stt_cli.formats.naming import formats_of
from stt_cli.formats.registry import WriteOptions, refusal_of_times, writer_for
from stt_cli.formats.text import translated_languages
from stt_cli.ui.jobs import jobs_json, print_jobs, unknown_job
from stt_cli.ui.result import header_line, transcript_lines
from stt_cli.ui.verdict import warn_of_shortfall
from stt_cli.workflows.jobs.context import JobContext, name_of
from stt_cli.workflows.jobs.poll import Fetched, JobEnded
from stt_cli.workflows.jobs.result_files import ResultFiles
from stt_cli.workflows.jobs.status import failure_of_job, transcripts_of

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

Failure = tuple[str, SttError]
"""What failed, by its name, and why."""

_BROKEN = (RecognitionStatus.FAILED, RecognitionStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What an ended job brought; in files already, where files are wanted."""

    transcripts: tuple[Transcript, ...] = ()
    failures: tuple[Failure, ...] = ()


class JobOutput:
    """Fetches and writes what jobs brought.

    A job is over in the ledger when its result is where it was wanted, or its
    failure was told; not before.

    Args:
        fetch: whether the transcripts are wanted, not only the jobs.
        skip_existing: files that are there already stay as they are.
        keep_raw: JSON holds the service's own answers as well.
        bare: JSON holds the transcripts alone, not the jobs around them.
        single: one plain ID was given, for which JSON is an object.
        inputs: the recordings of each job as they were named just now. Several
            of the same bytes are one job, and its transcript is shown for each.
    """

    def __init__(
        self,
        run: Run,
        context: JobContext,
        job_ids: Sequence[str],
        *,
        output: str | None,
        name: str | None,
        force: bool,
        single: bool,
        skip_existing: bool = False,
        fetch: bool = True,
        bare: bool = False,
        captions: CaptionOptions | None = None,
        keep_raw: bool = False,
        inputs: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._run = run
        self._context = context
        self._job_ids = job_ids
        self._inputs = inputs
        self._fetch = fetch
        self._bare = bare
        self._written = WriteOptions(captions=captions or CaptionOptions())
        self._single = single
        self._keep_raw = keep_raw
        formats = formats_of(name, output, run.default_formats)
        self._format = formats[0]
        self._jobs: dict[str, Job] = {}
        self._objects: dict[str, list[dict[str, Any]]] = {}
        self._transcripts: dict[str, tuple[Transcript, ...]] = {}
        self._is_here: dict[str, bool] = {}
        self._next = 0
        self._headed = False
        self._files: dict[str, ResultFiles] = {}
        if output is not None and output != "-":
            self._files = {
                one: ResultFiles(
                    context,
                    job_ids,
                    output,
                    one,
                    force=force,
                    skip_existing=skip_existing,
                    inputs=inputs,
                )
                for one in formats
            }
        elif skip_existing:
            raise UsageError(
                "--skip-existing requires an output file or folder",
                hint="add -o FOLDER/",
            )

    def has_files(self, job_id: str) -> bool:
        """Whether a job's result is in files already, in every format chosen."""
        return all(files.has_all(job_id) for files in self._files.values())

    def fetch(self, ended: JobEnded, chosen: str | None) -> FetchResult:
        """Fetch what an ended job brought, into its file where files are wanted.

        Threads may call this at once.

        Raises:
            SttError: it could not be fetched, or not be written.
        """
        job = ended.job
        if job is None or job.error is not None or not self._fetch:
            return FetchResult()
        found = transcripts_of(self._context, job, chosen, keep_raw=self._keep_raw)
        transcripts = self._for_each_input(job.id, tuple(found))
        failures = [
            (f"{ended.id} {one.input}", one.error) for one in transcripts if one.error
        ]
        name = name_of(self._context, ended.id) if len(self._job_ids) > 1 else None
        for one in transcripts:
            self._run.reporter.ids(one.ids, name)
            if not one.text and one.error is None:
                what = one.input or job.id
                self._run.reporter.warning(f"no speech recognized in {what}")
            warn_of_shortfall(one, shortfall(one), self._run)
        refusals = self._refusals(transcripts)
        for format_name, files in self._files.items():
            if refusals[format_name] is None:
                beside = self._write_files(format_name, files, job.id, transcripts)
                failures += [(ended.id, error) for error in beside]
        for refusal in filter(None, refusals.values()):
            raise refusal  # the job stays open: another format can be fetched
        if not self._files:
            return FetchResult(transcripts, tuple(failures))
        self._context.collected(job)
        # Thousands of transcripts are not kept once they are in their files.
        return FetchResult(failures=tuple(failures))

    def take(self, fetched: Fetched[FetchResult]) -> list[Failure]:
        """Show what was fetched as far as its turn has come; return what failed."""
        ended, result = fetched.ended, fetched.result or FetchResult()
        job_id, job, error = ended.id, ended.job, fetched.error or ended.error
        failures = list(result.failures)
        if job is None:
            error = error or NotFoundError(f"unknown ID {job_id}")
            self._objects[job_id] = [unknown_job(job_id, error)]
        else:
            self._jobs[job_id] = job
            if self._format in ("json", "jsonl"):
                self._objects[job_id] = self._objects_of(job, result.transcripts)
            if job.error is not None:
                error = failure_of_job(job)
        if error is not None:
            failures.insert(0, (job_id, error))
            if isinstance(error, NotFoundError) and job is not None:
                address = self._context.address_of(job_id, self._run.choice.provider)
                self._context.not_found(job_id, address.operation, error)
        if self._bare:
            self._objects[job_id] = [one.to_dict() for one in result.transcripts]
        if self._files:
            self._objects.pop(job_id, None)
            return failures
        self._transcripts[job_id] = result.transcripts
        self._is_here[job_id] = error is None
        self._show(job_id)
        return failures

    def mark_reported(self, job_id: str) -> None:
        """Take note that a job's failure was told: that is its result."""
        job = self._jobs.get(job_id)
        if job is not None and job.error is not None:
            self._context.collected(job)

    def finish(self) -> None:
        """Write to stdout what waited for the end of the run."""
        if self._files:
            return
        if self._format == "json":
            known = (self._objects.get(job_id, []) for job_id in self._job_ids)
            objects = [one for several in known for one in several]
            if objects or not self._single:
                text = jobs_json(objects, single=self._single)
                self._run.reporter.result(text)
            for job_id in self._jobs:
                self._shown(job_id)
        elif self._format != "jsonl" and not self._fetch:
            jobs = [self._jobs[i] for i in self._job_ids if i in self._jobs]
            print_jobs(jobs, self._run.environment)
        elif self._format != "jsonl":
            for job_id in self._job_ids[self._next :]:
                self._print(job_id)

    def _refusals(
        self, transcripts: Sequence[Transcript]
    ) -> dict[str, UsageError | None]:
        """Return why a format cannot hold the transcripts, for each format."""
        good = _worth_writing(transcripts)
        return {
            name: refusal_of_times(name, good, self._written)
            for name in self._files or [self._format]
        }

    def _for_each_input(
        self, job_id: str, transcripts: tuple[Transcript, ...]
    ) -> tuple[Transcript, ...]:
        """Return a job's transcript once for each recording that it is of."""
        inputs: Sequence[str] = self._inputs.get(job_id, ())
        if self._files and not inputs:
            inputs = self._files[self._format].inputs_of(job_id)
        if len(transcripts) != 1 or len(inputs) < 2:
            return transcripts
        return tuple(replace(transcripts[0], input=name) for name in inputs)

    def _objects_of(
        self, job: Job, transcripts: Sequence[Transcript]
    ) -> list[dict[str, Any]]:
        if len(self._inputs.get(job.id, ())) < 2:
            return [_job_object(job, transcripts)]
        return [
            _job_object(replace(job, input=each.input), [each]) for each in transcripts
        ]

    def _show(self, job_id: str) -> None:
        """Write a job's result now, where nothing has to come before it."""
        if self._format == "jsonl":
            for one in self._objects.pop(job_id):
                self._run.reporter.result(json_line(one))
            self._shown(job_id)
        elif self._fetch and self._format == "text":
            while self._next < len(self._job_ids):
                if self._job_ids[self._next] not in self._transcripts:
                    return
                self._print(self._job_ids[self._next])
                self._next += 1

    def _shown(self, job_id: str) -> None:
        """Take note that a job's result is on stdout."""
        if self._fetch and self._is_here.get(job_id):
            self._context.collected(self._jobs[job_id])

    def _write_files(
        self,
        name: str,
        files: ResultFiles,
        job_id: str,
        transcripts: Sequence[Transcript],
    ) -> Sequence[SttError]:
        good = _worth_writing(transcripts)
        groups = [[one] for one in good] if files.in_folder else [good]
        chosen = self._written.captions.language
        tracks = languages_to_write(name, translated_languages(good), chosen)
        notices: list[SttError] = []
        for language in tracks or (None,):
            writer = writer_for(f"{name}.{language}" if language else name)
            texts = [
                (group[0].input, "".join(writer(group, self._written)))
                for group in groups
                if group
            ]
            notices += files.write(job_id, texts, language)
        return notices

    def _print(self, job_id: str) -> None:
        """Print a job's transcripts, under their names where there are several."""
        environment, reporter = self._run.environment, self._run.reporter
        good = _worth_writing(self._transcripts.pop(job_id, ()))
        several = len(self._job_ids) > 1 or len(good) > 1
        for transcript in good:
            if several:
                name = transcript.input or job_id
                reporter.result(header_line(name, environment, first=not self._headed))
                self._headed = True
            if self._format == "text":
                reporter.result("".join(transcript_lines(transcript, environment)))
            else:
                pieces = writer_for(self._format)([transcript], self._written)
                reporter.result("".join(pieces))
        self._shown(job_id)


def fetched_now(
    output: JobOutput, ended: JobEnded, chosen: str | None
) -> Iterator[Fetched[FetchResult]]:
    """Fetch what one job brought, and yield it or why it could not be fetched."""
    try:
        yield Fetched(ended, output.fetch(ended, chosen))
    except INTERRUPTIONS:
        raise
    except SttError as error:
        yield Fetched(ended, error=error)


def _worth_writing(transcripts: Sequence[Transcript]) -> list[Transcript]:
    return [one for one in transcripts if one.status not in _BROKEN]


def _job_object(job: Job, transcripts: Sequence[Transcript]) -> dict[str, Any]:
    """Return the job with its transcript; several stand under ``transcripts``."""
    whole = [transcript.to_dict() for transcript in transcripts]
    known = job.to_dict() | {"transcript": whole[0] if len(whole) == 1 else None}
    return known | ({"transcripts": whole} if len(whole) > 1 else {})
