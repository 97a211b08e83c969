"""Jobs' transcripts as files: each is written once, whatever was killed meanwhile.

What a file will hold is noted in the ledger (as a digest) before the file gets its
name, and the job's operation ends after that. So one who comes later, or at the same
moment, knows a file of this job from any other, even where fetching twice does
not give the very same bytes (a request's own ID is among them).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from stt_cli.core.errors import UsageError
from stt_cli.formats.files import ensure_writable, prepare, write_text
from stt_cli.formats.naming import is_folder, output_paths, stems
from stt_cli.formats.registry import SUFFIXES
from stt_cli.workflows.jobs.context import JobContext, name_of

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
    ) -> None:
        self._context = context
        self._force = force
        self._in_folder = is_folder(output)
        paths = output_paths(job_ids, output, name) or []
        prepare([], output, force=force)
        if self._in_folder:
            named = file_names(context, job_ids)
            suffix = SUFFIXES[name]
            self._paths = {i: Path(output, f"{named[i]}{suffix}") for i in job_ids}
            for path in list(self._paths.values())[:1]:
                ensure_writable(path, force=True)
        else:
            self._paths = dict(zip(job_ids, paths, strict=False))
            for job_id, path in self._paths.items():
                ours = force or _digest_of(path) in self._noted(job_id)
                ensure_writable(path, force=ours)

    def write(self, job_id: str, texts: Sequence[tuple[str, str]]) -> list[UsageError]:
        """Write what a job brought, a text for each of its recordings.

        In a folder, a name that another file has is left to it: the result is then
        beside it, under a name with the job's ID. Returns what is to be told of
        that.

        Args:
            texts: names and contents. One alone needs no name; several get a file
                each in a folder.

        Raises:
            UsageError: the one file that was named is there already.
            OutputError: it cannot be written.
        """
        path = self._paths[job_id]
        if len(texts) == 1:
            told = [self._put(job_id, path, texts[0][1])]
        else:
            names = stems([name for name, _ in texts])
            told = [
                self._put(job_id, path.with_name(f"{path.stem}-{stem}{path.suffix}"), t)
                for stem, (_, t) in zip(names, texts, strict=True)
            ]
        return [each for each in told if each is not None]

    @property
    def in_folder(self) -> bool:
        """Whether several recordings of a job can have a file each."""
        return self._in_folder

    def _put(self, job_id: str, path: Path, text: str) -> UsageError | None:
        if self._force or (path.exists() and not path.is_file()):
            write_text(path, [text], force=True)
            return None
        digest = _digest(text.encode("utf-8", "backslashreplace"))
        spare = path.with_name(f"{path.stem}-{_safe(job_id)}{path.suffix}")
        addresses = [path, spare] if self._in_folder else [path]
        ours = {digest, *self._noted(job_id)}
        if any(_digest_of(address) in ours for address in addresses):
            return None
        operation = self._context.operation_of(job_id)
        if operation is not None:
            note = {_SAVED + digest: str(path.absolute())}
            self._context.recorder_of(operation).note(**note)
        for address in addresses:
            try:
                write_text(address, [text], force=False)
            except UsageError:
                ours = {digest, *self._noted(job_id)}
                if _digest_of(address) in ours:
                    return None  # another shell was quicker
                if address is addresses[-1]:
                    raise
            else:
                return _taken(job_id, path, address) if address is not path else None
        return None

    def _noted(self, job_id: str) -> set[str]:
        """Return the digests of files that are known to be this unfinished job's."""
        operation = self._context.operation_of(job_id)
        if operation is None or not operation.is_open:
            return set()
        now = self._context.ledger.find(job_id) or operation
        return {n.removeprefix(_SAVED) for n in now.facts if n.startswith(_SAVED)}


def file_names(context: JobContext, job_ids: Sequence[str]) -> dict[str, str]:
    """Return a file name without suffix for each job, no two alike.

    It is the recording's; where several jobs would share it, folders or the ID of
    the job tell them apart. A name that was given to a job stays: it does not
    depend on which other jobs are still waited for.
    """
    names: dict[str, str] = {}
    fresh: dict[str, str] = {}
    taken: set[str] = set()
    for job_id in job_ids:
        operation = context.operation_of(job_id)
        given = operation.facts.get(_FILE) if operation is not None else None
        if given is None or not _safe_name(given):
            fresh[job_id] = name_of(context, job_id) or job_id
            continue
        if _folded(given) in taken:  # by jobs that were polled apart from this one
            given = f"{given}-{_safe(job_id)}"
        taken.add(_folded(given))
        names[job_id] = given
    first_of = {text: job_id for job_id, text in reversed(fresh.items())}
    told_apart = dict(zip(first_of, stems(list(first_of)), strict=True))
    for job_id, text in fresh.items():
        (plain,) = stems([text])
        name = told_apart[text]
        if first_of[text] != job_id or _folded(name) in taken:
            name = f"{plain}-{_safe(job_id)}"
        taken.add(_folded(name))
        names[job_id] = name
        operation = context.operation_of(job_id)
        if name != plain and operation is not None:
            context.recorder_of(operation).note(**{_FILE: name})
    return names


def _taken(job_id: str, path: Path, spare: Path) -> UsageError:
    # The --force of `batch submit --wait` would submit, and be paid for, again.
    return UsageError(
        f"{path} is already there; the result is in {spare.name}",
        hint=f"`stt poll {job_id} -o FOLDER/ --force` replaces what is there",
    )


def _safe(job_id: str) -> str:
    return _UNSAFE.sub("_", job_id)


def _safe_name(name: str) -> bool:
    return bool(name) and Path(name).name == name


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
