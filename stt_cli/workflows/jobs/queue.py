"""The queue: a whole list in the ledger before the first request, whoever began it.

Thousands of recordings are one transaction: nothing of a recording is read here
but its size and time. What an earlier process queued and did not finish is resumed
rather than queued again. A file is kept as an absolute ``file:`` URI (RFC 8089): its
path's bytes need not be UTF-8, and the folder of the shell that named it means
nothing to another.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from stt_cli.audio.inputs import STDIN, is_url
from stt_cli.audio.source import AudioSource
from stt_cli.core.errors import SttError
from stt_cli.core.events import SubmissionEvent
from stt_cli.core.job import Job
from stt_cli.core.options import JobOptions
from stt_cli.core.plain_text import encodable
from stt_cli.ledger import NewSubmission, Operation, QueueEntry
from stt_cli.providers.base import Provider
from stt_cli.providers.spec import ProviderSpec
from stt_cli.workflows.jobs.context import SUBMIT, JobContext
from stt_cli.workflows.jobs.options import register_secrets, stored

PIPE = "pipe:"
"""Audio that came once, through a pipe, and cannot be had again."""

_FILE = "file://"

_COPY = "copy "
"""How the facts begin that name recordings with the bytes of a job's own."""


@dataclass(frozen=True, slots=True)
class SubmissionRequest:
    """One recording that is to be submitted, and what is wanted of it.

    Args:
        name: its path or address, by which it can be opened again; ``-`` is stdin.
        open: returns the recording, or raises what is wrong with it.
    """

    name: str
    open: Callable[[], AudioSource]
    options: JobOptions


@dataclass(frozen=True, slots=True)
class QueuedSubmission:
    """A request as the ledger has it, under its operation's key.

    Args:
        endpoint: the address it goes to, where that is not the service's own.
        entry: its place, size and options as they are kept.
        force: submit it even though the same is a job already.
        withheld: which of its options were secrets and are lost with their process.
        earlier: the operation as an earlier process left it.
    """

    key: str
    spec: ProviderSpec
    request: SubmissionRequest
    entry: QueueEntry
    endpoint: str | None = None
    force: bool = False
    withheld: tuple[str, ...] = ()
    earlier: Operation | None = None

    @property
    def was_sent(self) -> bool:
        """Whether an earlier process may have sent anything of it."""
        return self.earlier is not None and _was_sent(self.earlier)


@dataclass(frozen=True, slots=True)
class SubmissionWaits:
    """Another shell is submitting the same recording: its job will be ours."""


@dataclass(frozen=True, slots=True)
class SubmittedBefore:
    """The same recording with the same options is a job already."""

    job: Job
    since: datetime


@dataclass(frozen=True, slots=True)
class SubmissionFailed:
    """One recording could not be submitted; the others go on.

    ``stays_open`` tells that it can be gone on with, by any shell.
    """

    error: SttError
    stays_open: bool = False


@dataclass(frozen=True, slots=True)
class RecordingEvent:
    """What happened to the recording of that number in the list."""

    index: int
    event: SubmissionEvent | SubmissionWaits | SubmittedBefore | SubmissionFailed


def enqueue(
    context: JobContext,
    provider: Provider,
    requests: Sequence[SubmissionRequest],
    *,
    force: bool = False,
) -> list[QueuedSubmission]:
    """Write the list down, in one transaction; return a submission for each request."""
    spec = provider.spec
    redactor = context.environment.redactor
    for options in {
        id(request.options): request.options for request in requests
    }.values():
        register_secrets(options, spec.secret_params, redactor)
    endpoint = context.endpoint_of(spec)
    entries = _entries(context, spec, requests, force=force)
    left = _left_behind(context, spec, endpoint)
    queued: list[QueuedSubmission | None] = []
    for request, entry in zip(requests, entries, strict=True):
        operation = _taken_up(left, entry, redactor.clean)
        submission = (
            QueuedSubmission(
                operation.key, spec, request, entry, endpoint, force, (), operation
            )
            if operation
            else None
        )
        queued.append(submission)
    new = [number for number, submission in enumerate(queued) if submission is None]
    region = provider.context.values.get("region")
    recorders = context.ledger.enqueue(
        SUBMIT,
        spec.name,
        [
            NewSubmission(
                requests[number].name,
                entries[number],
                {
                    "endpoint": endpoint,
                    "language": requests[number].options.recognition.language,
                    "region": region,
                    "profile": context.settings.profile,
                },
            )
            for number in new
        ],
    )
    for number, recorder in zip(new, recorders, strict=True):
        queued[number] = QueuedSubmission(
            recorder.key, spec, requests[number], entries[number], endpoint, force
        )
    return [submission for submission in queued if submission is not None]


def measured(name: str | None) -> tuple[int | None, int | None, bool]:
    """Return a file's size in bytes, its time in nanoseconds, and whether it flows.

    Both are ``None`` where there is no such file; a pipe gives its bytes once.
    """
    if name is None:
        return None, None, True
    try:
        status = os.stat(name)  # noqa: PTH116 - 10,000 at once
    except (OSError, ValueError):
        return None, None, False
    if not stat.S_ISREG(status.st_mode):
        return None, None, stat.S_ISFIFO(status.st_mode)
    return status.st_size, status.st_mtime_ns, False


def _entries(
    context: JobContext,
    spec: ProviderSpec,
    requests: Sequence[SubmissionRequest],
    *,
    force: bool,
) -> list[QueueEntry]:
    redactor = context.environment.redactor
    clean = cache(redactor.clean)
    known: dict[tuple[int, str], str] = {}

    def kept(options: JobOptions, source: str) -> str:
        # Most requests share their options, and hardly any source holds a secret.
        address = "" if clean(source) == source else source
        key = id(options), address
        if key not in known:
            redactor.register_address(
                options.webhook_url or "", listed=True, of_hook=True
            )
            known[key] = stored(
                options,
                secret_params=spec.secret_params,
                clean=clean,
                source=address,
                force=force,
            )
        return known[key]

    batch = context.environment.new_hex_id()
    entries = []
    for position, request in enumerate(requests):
        source = location_of(request.name)
        size, modified, flows = measured(name_at(source))
        source = PIPE if flows else source
        is_file = source.startswith(_FILE)
        if is_file and size is None and clean(request.name) != request.name:
            # No file but a mistyped address, whose secret is not to be kept.
            source = location_of(clean(request.name))
        options = kept(request.options, source)
        entries.append(QueueEntry(batch, position, source, options, size, modified))
    return entries


def _left_behind(
    context: JobContext, spec: ProviderSpec, endpoint: str | None
) -> dict[tuple[str, str], list[Operation]]:
    """Return what dead processes left unfinished, by place and options."""
    left: dict[tuple[str, str], list[Operation]] = {}
    living: dict[str | None, bool] = {None: False}
    for operation in context.ledger.unfinished(spec.name):
        facts = operation.facts.get("endpoint"), operation.facts.get("profile")
        entry = operation.queue_entry
        if entry is None or facts != (endpoint, context.settings.profile):
            continue
        if operation.owner not in living:
            living[operation.owner] = context.ledger.is_elsewhere(operation)
        if not living[operation.owner]:
            left.setdefault((entry.source, entry.options), []).append(operation)
    return left


def _taken_up(
    left: dict[tuple[str, str], list[Operation]],
    entry: QueueEntry,
    clean: Callable[[str], str],
) -> Operation | None:
    """Take the operation that an earlier process left of the same recording.

    One of which something was sent stands for the file as it was then: where that
    has changed, it is another recording.
    """
    if entry.source == PIPE:
        return None
    operations = left.get((clean(entry.source), clean(entry.options)), [])
    for operation in operations:
        before = operation.queue_entry
        is_same = before is not None and (before.size, before.modified) == (
            entry.size,
            entry.modified,
        )
        if is_same or not _was_sent(operation):
            operations.remove(operation)
            return operation
    return None


def _was_sent(operation: Operation) -> bool:
    return operation.step is not None or bool(operation.ids)


def note_copy(
    context: JobContext, operation: Operation, submission: QueuedSubmission
) -> None:
    """Note at a job that another recording has the same bytes: its transcript too."""
    source, entry = submission.entry.source, operation.queue_entry
    name = name_at(source)
    own = name_at(entry.source) if entry is not None else None
    if name is None or (own is not None and Path(own) == Path(name)):
        return
    digest = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    context.recorder_of(operation).note(**{_COPY + digest: source})


def recordings_of(operation: Operation) -> tuple[str, ...]:
    """Return the recordings that a job's transcript is of, the submitted one first."""
    own = operation.input or ""
    entry = operation.queue_entry
    path = name_at(entry.source) if entry is not None else None
    if path is not None and encodable(path) != path:
        own = path  # the ledger's text cannot say what is not UTF-8
    facts = sorted(operation.facts.items())
    copies = [name_at(value) for name, value in facts if name.startswith(_COPY)]
    return tuple(name for name in (own, *copies) if name)


def location_of(name: str) -> str:
    """Return where the input is that a user named so, seen from this folder."""
    if name == STDIN:
        return PIPE
    if is_url(name):
        return name
    # As it stands: links and ".." may mean another file once they are resolved.
    path = os.path.join(os.getcwd(), name)  # noqa: PTH109, PTH118 - 10,000 at once
    if os.name == "nt":
        return Path(path).as_uri()
    return _FILE + quote_from_bytes(os.fsencode(path))


def name_at(location: str) -> str | None:
    """Return the name by which it can be opened, ``None`` if it cannot be again."""
    if location == PIPE:
        return None
    if not location.startswith(_FILE):
        return location
    if os.name == "nt":
        from urllib.request import url2pathname

        return url2pathname(location.removeprefix(_FILE))
    return os.fsdecode(unquote_to_bytes(location.removeprefix(_FILE)))
