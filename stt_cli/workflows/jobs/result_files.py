"""Jobs' transcripts as files: each is written once, whatever was killed meanwhile.

What a file will hold is noted in the ledger (as a digest) before the file gets its
name, and the job's operation ends after that. So one who comes later, or at the same
moment, knows a file of this job from any other, even where fetching twice does
not give the very same bytes (a request's own ID is among them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from stt_cli.core.errors import UsageError
from stt_cli.formats.caption_languages import track_path
from stt_cli.formats.files import ensure_writable, prepare, write_text
from stt_cli.formats.naming import is_folder, output_paths, stems
from stt_cli.formats.registry import SUFFIXES
from stt_cli.workflows.jobs.context import JobContext
from stt_cli.workflows.jobs.queue import recordings_of

_FILE = "file"
"""The fact that keeps the name of a job's file where it is not the plain one."""

_SAVED = "saved "
"""How the facts begin that keep the digests of a job's files, and their paths."""

_UNSAFE = re.compile(r"[^\w.-]")


class ResultFiles:
    """The files of several jobs below one ``-o``; threads may write at once.

    Args:
        output: a file, for one job alone, or a folder.
        name: the format's.
        skip_existing: a file that is there already stays as it is, without a word.
        inputs: the recordings of jobs as they were named just now; of the others
            the ledger knows them.

    Raises:
        UsageError: they cannot be written there; a file is there already.
    """

    def __init__(
        self,
        context: JobContext,
        job_ids: Sequence[str],
        output: str,
        name: str,
        *,
        force: bool,
        skip_existing: bool = False,
        inputs: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self._context = context
        self._force = force
        self._skip_existing = skip_existing
        self._in_folder = is_folder(output)
        paths = output_paths(job_ids, output, name) or []
        prepare([], output, force=force)
        if self._in_folder:
            suffix = SUFFIXES[name]
            self._named = [_named_job(context, i, inputs.get(i)) for i in job_ids]
            self._paths = {
                job_id: [Path(output, f"{stem}{suffix}") for stem in stems_]
                for job_id, stems_ in file_names(context, self._named).items()
            }
            for first in list(self._paths.values())[:1]:
                ensure_writable(first[0], force=True)
        else:
            self._named = []
            self._paths = {i: [path] for i, path in zip(job_ids, paths, strict=False)}
            for job_id, (path,) in self._paths.items():
                stays = force or (skip_existing and path.is_file())
                ours = stays or _digest_of(path) in self._noted(job_id)
                ensure_writable(path, force=ours)

    def has_all(self, job_id: str) -> bool:
        """Whether each file of a job is there, none of which is still to be noted.

        A file that an interrupted run wrote for this very job does not count: the
        job is open in the ledger, and fetching it again closes it.
        """
        paths = self._paths[job_id]
        if not all(path.is_file() for path in paths):
            return False
        noted = self._noted(job_id)
        return not any(_digest_of(path) in noted for path in paths)

    def inputs_of(self, job_id: str) -> tuple[str, ...]:
        """Return the recordings that each get a file with this job's transcript."""
        named = (each.inputs for each in self._named if each.id == job_id)
        return next(named, ())

    def write(
        self,
        job_id: str,
        texts: Sequence[tuple[str, str]],
        language: str | None = None,
    ) -> list[UsageError]:
        """Write what a job brought, a text for each of its recordings.

        In a folder, a name that another file has is left to it: the result is then
        beside it, under a name with the job's ID. Returns what is to be told of
        that.

        Args:
            texts: names and contents: one for each recording that the job was
                submitted as, or for each that the service made one job of.
            language: of captions in several, the one of these texts.

        Raises:
            UsageError: the one file that was named is there already.
            OutputError: it cannot be written.
        """
        paths = self._paths[job_id]
        if language is not None:
            paths = [track_path(path, language) for path in paths]
        path = paths[0]
        if len(texts) == len(paths):
            messages = [
                self._put(job_id, each, text)
                for each, (_, text) in zip(paths, texts, strict=True)
            ]
        else:
            names = stems([name for name, _ in texts])
            messages = [
                self._put(job_id, path.with_name(f"{path.stem}-{stem}{path.suffix}"), t)
                for stem, (_, t) in zip(names, texts, strict=True)
            ]
        return [each for each in messages if each is not None]

    @property
    def in_folder(self) -> bool:
        """Whether several recordings of a job can have a file each."""
        return self._in_folder

    def _put(self, job_id: str, path: Path, text: str) -> UsageError | None:
        if self._skip_existing and path.is_file():
            return None
        if self._force or (path.exists() and not path.is_file()):
            write_text(path, [text], force=True)
            return None
        digest = _digest(text.encode("utf-8", "backslashreplace"))
        spare = path.with_name(f"{path.stem}-{_safe(job_id)}{path.suffix}")
        places = [path, spare] if self._in_folder else [path]
        ours = {digest, *self._noted(job_id)}
        if any(_digest_of(place) in ours for place in places):
            return None
        operation = self._context.operation_of(job_id)
        if operation is not None:
            note = {_SAVED + digest: str(path.absolute())}
            self._context.recorder_of(operation).note(**note)
        for place in places:
            try:
                write_text(place, [text], force=False)
            except UsageError:
                ours = {digest, *self._noted(job_id)}
                if _digest_of(place) in ours:
                    return None  # another shell was quicker
                if place is places[-1]:
                    raise
            else:
                return _taken(job_id, path, place) if place is not path else None
        return None

    def _noted(self, job_id: str) -> set[str]:
        """Return the digests of files that are known to be this unfinished job's."""
        operation = self._context.operation_of(job_id)
        if operation is None or not operation.is_open:
            return set()
        now = self._context.ledger.find(job_id) or operation
        return {n.removeprefix(_SAVED) for n in now.facts if n.startswith(_SAVED)}


@dataclass(frozen=True, slots=True)
class NamedJob:
    """A job, as far as the names of its files go.

    Args:
        inputs: the recordings that its transcript is of. The first was submitted;
            the others have the same bytes and were asked for alike.
        given: the file name without suffix that the first got before.
    """

    id: str
    inputs: tuple[str, ...]
    given: str | None = None


def assigned_names(jobs: Sequence[NamedJob]) -> dict[str, tuple[str, ...]]:
    """Return a file name without suffix for each recording of each job.

    No two are alike, nor differ only in the case of letters. A name is the
    recording's; where several would share it, folders or the ID of the job tell them
    apart. One that was given before stays: it does not depend on which other jobs are
    still waited for.
    """
    names: dict[tuple[str, int], str] = {}
    fresh: list[tuple[NamedJob, int]] = []
    taken: set[str] = set()

    def take(job: NamedJob, at: int, name: str, plain: str) -> None:
        """Take a name, or one with the job's ID where another has it."""
        if _folded(name) in taken:
            name = f"{plain}-{_safe(job.id)}"
        while _folded(name) in taken:
            name += "-2"
        taken.add(_folded(name))
        names[job.id, at] = name

    for job in jobs:
        if job.given is None:
            fresh.append((job, 0))
        else:  # jobs that were polled apart may have been given the same
            take(job, 0, job.given, job.given)
        fresh += [(job, at) for at in range(1, len(job.inputs))]
    texts = list(dict.fromkeys(job.inputs[at] for job, at in fresh))
    told_apart = dict(zip(texts, stems(texts), strict=True))
    for job, at in fresh:
        text = job.inputs[at]
        take(job, at, told_apart[text], stems([text])[0])
    return {
        job.id: tuple(names[job.id, at] for at in range(len(job.inputs)))
        for job in jobs
    }


def file_names(
    context: JobContext, jobs: Sequence[NamedJob]
) -> dict[str, tuple[str, ...]]:
    """Return the names of jobs' files, and note those that are not the plain ones."""
    names = assigned_names(jobs)
    for job in jobs:
        operation = context.operation_of(job.id)
        (plain,) = stems(job.inputs[:1])
        name = names[job.id][0]
        if name not in (plain, job.given) and operation is not None:
            context.recorder_of(operation).note(**{_FILE: name})
    return names


def _named_job(
    context: JobContext, job_id: str, inputs: Sequence[str] | None
) -> NamedJob:
    operation = context.operation_of(job_id)
    if operation is None:
        return NamedJob(job_id, tuple(inputs or (job_id,)))
    given = operation.facts.get(_FILE)
    known = recordings_of(operation) or (job_id,)
    if inputs and inputs[0] != known[0]:
        given = None  # the name was given to another recording of the same bytes
    is_name = given is not None and given != "" and Path(given).name == given
    return NamedJob(job_id, tuple(inputs or known), given if is_name else None)


def _taken(job_id: str, path: Path, spare: Path) -> UsageError:
    # The --force of `batch submit --wait` would submit, and be paid for, again.
    return UsageError(
        f"{path} already exists; saved the result as {spare.name}",
        hint=f"to overwrite it, run: stt poll {job_id} -o FOLDER/ --force",
    )


def _safe(job_id: str) -> str:
    return _UNSAFE.sub("_", job_id)


def _folded(name: str) -> str:
    return name.casefold()


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:32]


def _digest_of(path: Path) -> str | None:
    """Return the digest of a file; ``None`` for one that is none, or is not there."""
    try:
        return _digest(path.read_bytes()) if path.is_file() else None
    except OSError:
        return None
