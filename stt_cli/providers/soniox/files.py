"""The uploads that lie at Soniox, and which transcriptions use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from stt_cli.core.job import Job
from stt_cli.core.options import FileQuery
from stt_cli.core.uploaded_file import UploadedFile
from stt_cli.protocols.soniox.objects import read_job, read_uploaded_file
from stt_cli.protocols.soniox.requests import LARGEST_PAGE
from stt_cli.providers.soniox.service import PAGE, Service


def uploaded_files(service: Service, query: FileQuery) -> Iterator[UploadedFile]:
    """Yield uploads with their jobs, a page or all.

    The service says of a transcription which file it has, and not the reverse: the
    list of transcriptions is read first, which is two pages at most (protocol notes,
    Soniox 3).
    """
    jobs = _jobs_by_file(service)
    follow = query.follow_pages or query.limit is not None
    size = query.limit or (LARGEST_PAGE if query.follow_pages else PAGE)
    pages = service.pages(service.requests.files, "files", size)
    files = (
        read_uploaded_file(fields)
        for page in (pages if follow else islice(pages, 1))
        for fields in page.objects
    )
    for file in islice(files, query.limit):
        yield replace(file, job=jobs.get(file.id))


def _jobs_by_file(service: Service) -> dict[str, Job]:
    """Return the job of each file; of several, one that has not ended."""
    jobs: dict[str, Job] = {}
    transcriptions = service.requests.transcriptions
    for page in service.pages(transcriptions, "transcriptions", LARGEST_PAGE):
        for job in map(read_job, page.objects):
            file_id = job.ids.get("file_id")
            if file_id and (file_id not in jobs or not job.state.is_final):
                jobs[file_id] = job
    return jobs
