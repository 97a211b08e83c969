"""``batch files`` as it is shown: a table of uploads, and their removal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import INTERRUPTIONS, SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.options import FileQuery
from stt_cli.core.timestamps import iso_utc
from stt_cli.core.uploaded_file import UploadedFile
from stt_cli.ui.jobs import state_words
from stt_cli.ui.quantities import size
from stt_cli.ui.style import is_terminal
from stt_cli.ui.tables import Column, print_json, print_table
from stt_cli.ui.verdict import verdict
from stt_cli.workflows.deadline import deadline
from stt_cli.workflows.jobs.uploaded_files import (
    delete_upload,
    named_uploads,
    uploads,
)

if TYPE_CHECKING:
    from stt_cli.ui.run import Run
    from stt_cli.workflows.jobs.context import JobContext

_COLUMNS = (
    Column("id", whole=True),
    Column("size", right=True),
    Column("created", style="dim", roomy=True),
    Column("job", roomy=True),
    Column("job state"),
    Column("name", tail=True),
)


@dataclass(frozen=True, slots=True)
class FilesRequest:
    """Which uploads, and whether to delete them; ``assume_yes`` does not ask."""

    ids: Sequence[str]
    query: FileQuery
    delete: bool = False
    assume_yes: bool = False
    as_json: bool = False
    timeout: float | None = None


def show_files(request: FilesRequest, run: Run) -> int:
    """List uploads, or delete them; return the exit code.

    Raises:
        UsageError: the provider has none, or it is not clear what to delete.
    """
    if request.delete and not request.ids and not request.query.unused:
        raise UsageError(
            "--delete requires file IDs or --unused",
            hint="pass file IDs, or add --unused",
        )
    with run.jobs() as context:
        with deadline(request.timeout):
            files = list(uploads(context, run.spec, request.query))
        count = len(files)
        failures: list[tuple[str, SttError]] = []
        if request.ids:
            files, failures = named_uploads(files, request.ids)
            count = len(files) + len(failures)
        if request.delete:
            if not request.ids and files and not request.assume_yes:
                _print(files, run.environment, request.as_json)
                if not _is_confirmed(files, run):
                    run.reporter.notice(Notice("nothing was deleted"))
                    return ExitStatus.OK
            with deadline(request.timeout):  # not while the user makes up their mind
                failures += _deleted(files, context, run)
        else:
            _print(files, run.environment, request.as_json)
    if not files and not failures:
        which = "unused files" if request.query.unused else "uploaded files"
        run.reporter.notice(Notice(f"{run.spec.name} has no {which}"))
    return verdict(failures, count, run)


def _print(
    files: Sequence[UploadedFile], environment: Environment, as_json: bool
) -> None:
    """Print uploads; a line into a pipe ends in what its ID is."""
    if as_json:
        print_json([file.to_dict() for file in files], environment)
        return
    piped = ("file id",) if not is_terminal(environment.stdout) else ()
    rows = ([*_row(file), *piped] for file in files)
    print_table(_COLUMNS, rows, environment, paged=True)


def _row(file: UploadedFile) -> list[str | None]:
    created = iso_utc(file.created)
    return [
        file.id,
        None if file.size is None else size(file.size),
        created[:19] + "Z" if created else None,
        file.job.id if file.job else None,
        state_words(file.job) if file.job else None,
        file.name,
    ]


def _is_confirmed(files: Sequence[UploadedFile], run: Run) -> bool:
    """Ask whether to delete files that nobody named.

    Raises:
        UsageError: there is nobody to ask.
    """
    world = run.environment
    whole = size(sum(file.size or 0 for file in files))
    what = "1 file" if len(files) == 1 else f"{len(files)} files"
    question = f"Delete {what} ({whole}) at {run.spec.name}? [y/N] "
    if not (world.stdin and world.stdin.isatty() and is_terminal(world.stderr)):
        raise UsageError(
            f"refusing to delete {what} without confirmation",
            hint="add --yes, or pass file IDs",
        )
    world.stderr.write(question)
    world.stderr.flush()
    answer = world.stdin.readline().decode(errors="replace").strip().lower()
    return answer in ("y", "yes")


def _deleted(
    files: Sequence[UploadedFile], context: JobContext, run: Run
) -> list[tuple[str, SttError]]:
    """Delete each upload; return what failed."""
    failures: list[tuple[str, SttError]] = []
    for file in files:
        try:
            delete_upload(context, run.spec, file)
        except INTERRUPTIONS:
            raise
        except SttError as error:
            failures.append((file.id, error))
        else:
            run.reporter.notice(Notice(f"deleted {file.id}"))
    return failures
