"""Uploads that lie at a service: which are there, and which may be removed.

What decides about loss is a function of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from stt_cli.core.errors import INTERRUPTIONS, NotFoundError, SttError, UsageError
from stt_cli.core.options import FileQuery
from stt_cli.core.uploaded_file import UploadedFile
from stt_cli.ids.argument import id_from
from stt_cli.providers.registry import require_capability
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.workflows.jobs.context import JobContext

SETTLING = timedelta(hours=1)
"""So long an upload may wait for its job: another process may be about to ask."""


def is_unused(file: UploadedFile, now: datetime) -> bool:
    """Whether nothing needs an upload any more.

    Its job has ended, or it has none although it was uploaded a while ago.
    """
    if file.job is not None:
        return file.job.state.is_final
    return file.created is not None and now - file.created >= SETTLING


def uploads(
    context: JobContext, spec: ProviderSpec, query: FileQuery
) -> Iterator[UploadedFile]:
    """Yield a provider's uploads; the ledger's open submissions need theirs.

    Raises:
        UsageError: the provider keeps no uploads.
    """
    require_capability(spec, Capability.STORES_FILES)
    now = context.environment.now()
    asked = replace(query, follow_pages=True, limit=None) if query.unused else query
    files = (
        file.masked(context.environment.redactor)
        for file in context.provider(spec).uploaded_files(asked)
        if not query.unused or (is_unused(file, now) and not _is_awaited(context, file))
    )
    yield from islice(files, query.limit)


def named_uploads(
    files: Sequence[UploadedFile], typed: Sequence[str]
) -> tuple[list[UploadedFile], list[tuple[str, SttError]]]:
    """Return the uploads with these IDs, each once, and why the others are none."""
    known = {file.id.casefold(): file for file in files}
    found: dict[str, UploadedFile] = {}
    missing: list[tuple[str, SttError]] = []
    for text in typed:
        wanted = id_from(text)
        file = known.get(wanted.casefold())
        if file is not None:
            found[file.id] = file
            continue
        of_job = any(each.job and each.job.id == wanted for each in files)
        hint = f"{wanted} is a job; to delete it with its file, run `stt batch delete`"
        missing.append(
            (
                wanted,
                NotFoundError(
                    f"unknown file {wanted}",
                    hint=hint if of_job else "`stt batch files` lists them",
                ),
            )
        )
    return list(found.values()), missing


def delete_upload(context: JobContext, spec: ProviderSpec, file: UploadedFile) -> None:
    """Remove one upload; one that is gone already is fine.

    Raises:
        UsageError: a job that has not ended needs it.
    """
    if file.job is not None and not file.job.state.is_final:
        raise UsageError(
            f"{file.id} is used by the unfinished job {file.job.id}",
            hint=f"wait for the job with `stt poll {file.job.id}`, or delete it",
        )
    try:
        context.provider(spec).delete_file(file.id)
    except INTERRUPTIONS:
        raise
    except NotFoundError:
        pass


def _is_awaited(context: JobContext, file: UploadedFile) -> bool:
    """Whether a submission that was cut off goes on with this upload."""
    operation = None if file.job else context.ledger.find(file.id)
    return operation is not None and operation.is_open
