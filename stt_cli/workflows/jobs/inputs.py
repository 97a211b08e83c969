"""What ``stt batch submit`` is to submit: arguments, a list on stdin, a manifest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from stt_cli.audio.inputs import STDIN, expand_inputs, is_url
from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.options import JobOptions
from stt_cli.formats.naming import stems
from stt_cli.workflows.jobs.options import Inputs
from stt_cli.workflows.jobs.queue import SubmissionRequest

_FEW = 8
"""So many unused keys of a manifest are named."""

_BOM = b"\xef\xbb\xbf"


def requests_of(
    inputs: Inputs,
    options: JobOptions,
    check: Callable[[JobOptions], None],
    environment: Environment,
    tell: Callable[[Notice], None] = lambda _notice: None,
) -> list[SubmissionRequest]:
    """Return everything that is to be submitted.

    Args:
        options: those of the command line; a manifest's line may have others.
        check: raises ``UsageError`` for options that the provider cannot fulfil.
        tell: takes what is to be said of a manifest.

    Raises:
        UsageError: nothing is named, a manifest is wrong, stdin is wanted twice.
        AudioError: a folder or pattern without recordings; a manifest's recordings
            that cannot be read.
    """
    _check_stdin(inputs)
    arguments = list(inputs.arguments)
    if inputs.from_stdin:
        arguments += _listed(environment)
    wanted = [(name, options) for name in expand_inputs(arguments)]
    if inputs.manifest is not None:
        wanted += _of_manifest(inputs.manifest, options, check, environment, tell)
    if not wanted:
        raise UsageError(
            "nothing to submit",
            hint="name recordings or URLs, give them on stdin with --from-stdin, "
            "or in a file with --manifest",
        )
    if len(wanted) > 1 and options.name is not None:
        wanted = _with_distinct_names(wanted, options.name)
    return [
        SubmissionRequest(name, partial(open_source, name, environment), chosen)
        for name, chosen in wanted
    ]


def size_of(name: str) -> int | None:
    """Return how many bytes a recording may have to send, where that is known.

    None go from here for an address; of a pipe nobody knows.
    """
    if is_url(name):
        return 0
    try:
        status = os.stat(name)  # noqa: PTH116 - of thousands at once
    except (OSError, ValueError):
        return None
    return status.st_size if S_ISREG(status.st_mode) else None


def _check_stdin(inputs: Inputs) -> None:
    readers = {
        "--from-stdin": inputs.from_stdin,
        "--manifest -": inputs.manifest == STDIN,
        "the input -": STDIN in inputs.arguments,
    }
    wanted = [name for name, reads in readers.items() if reads]
    if len(wanted) > 1:
        raise UsageError(
            f"standard input can be read only once, not by {' and '.join(wanted)}"
        )


def _listed(environment: Environment) -> list[str]:
    """Return the inputs that stand on stdin, one a line or each ended by NUL.

    A name is taken as it is: ``#`` and spaces belong to it.
    """
    data = environment.stdin.read() if environment.stdin else b""
    data = data.removeprefix(_BOM)
    if b"\0" in data:  # `find -print0`
        names = data.split(b"\0")
    else:
        names = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    listed = [os.fsdecode(name) for name in names if name.strip()]
    if STDIN in listed:
        raise UsageError("the list on standard input names standard input (-)")
    return listed


def _of_manifest(
    path: str,
    options: JobOptions,
    check: Callable[[JobOptions], None],
    environment: Environment,
    tell: Callable[[Notice], None],
) -> Iterator[tuple[str, JobOptions]]:
    from stt_cli.workflows.manifest.inspection import Inspection
    from stt_cli.workflows.manifest.reading import (
        LONGEST_LINE,
        kind_of_path,
        read_manifest,
    )

    with _opened(path, environment) as file:
        lines = iter(partial(file.readline, LONGEST_LINE + 1), b"")
        manifest = read_manifest(lines, kind_of_path(path))
    name = "standard input" if path == STDIN else path
    folder = "" if path == STDIN else str(Path(path).parent)
    inspection = Inspection(
        name, "" if folder == "." else folder, options, check, environment
    )
    found = inspection.wanted(manifest)
    if manifest.unused:
        unused = list(manifest.unused)
        more = f" and {len(unused) - _FEW} more" if len(unused) > _FEW else ""
        tell(Notice(f"{name}: not used: {', '.join(unused[:_FEW])}{more}"))
    for wanted in found:
        yield wanted.name, wanted.options


@contextmanager
def _opened(path: str, environment: Environment) -> Iterator[BinaryIO]:
    if path == STDIN:
        if environment.stdin is None:
            raise UsageError("there is no standard input to read a manifest from")
        yield environment.stdin
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as fault:
        raise UsageError(
            f"the manifest {path} cannot be read: {fault.strerror}",
            hint="--manifest names a JSONL or CSV file, or - for standard input",
        ) from fault


def _with_distinct_names(
    wanted: Sequence[tuple[str, JobOptions]], name: str
) -> list[tuple[str, JobOptions]]:
    """Give each job the ``--name`` with its recording's: ``Monday (call-1)``.

    A list of jobs of one and the same name would not tell which is which. Names
    that a manifest gave stay as they are.
    """
    told_apart = stems([recording for recording, _ in wanted])
    return [
        (
            recording,
            replace(options, name=f"{name} ({short})")
            if options.name == name
            else options,
        )
        for (recording, options), short in zip(wanted, told_apart, strict=True)
    ]
