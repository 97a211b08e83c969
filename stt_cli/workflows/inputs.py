"""Which recordings a command is given: arguments, a list on stdin, a manifest."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from stt_cli.audio.inputs import STDIN, expand_inputs, names_many
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.options import JobOptions

_FEW = 8
"""So many unused keys of a manifest are named."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the recordings are named; they are taken in this order."""

    arguments: tuple[str, ...] = ()
    from_stdin: bool = False
    manifest: str | None = None

    @property
    def may_be_many(self) -> bool:
        """Whether they may name several recordings: JSON is an array then."""
        return self.is_listed or names_many(self.arguments)

    @property
    def is_listed(self) -> bool:
        """Whether a list names recordings, on stdin or in a manifest."""
        return self.from_stdin or self.manifest is not None

    def __bool__(self) -> bool:
        return self.is_listed or bool(self.arguments)


def named_recordings(
    inputs: Inputs,
    options: JobOptions,
    check: Callable[[JobOptions], None],
    environment: Environment,
    tell: Callable[[Notice], None],
) -> list[tuple[str, JobOptions]]:
    """Return every recording that is named, with its options; none is opened yet.

    Args:
        options: those of the command line; a manifest's line may have others.
        check: raises ``UsageError`` for options that the provider cannot fulfill.
        tell: gets what the user should know of a manifest that is good enough.

    Raises:
        UsageError: a manifest is wrong, or stdin is wanted twice.
        AudioError: a folder or pattern without recordings; a manifest's recordings
            that cannot be read.
    """
    _check_stdin(inputs)
    arguments = list(inputs.arguments)
    if inputs.from_stdin:
        arguments += _listed(environment)
    _register_hook(options, environment)
    named = [(name, options) for name in expand_inputs(arguments)]
    if inputs.manifest is not None:
        named += _of_manifest(inputs.manifest, options, check, environment, tell)
    return named


def _check_stdin(inputs: Inputs) -> None:
    readers = {
        "--from-stdin": inputs.from_stdin,
        "--manifest -": inputs.manifest == STDIN,
        "input -": STDIN in inputs.arguments,
    }
    wanted = [name for name, reads in readers.items() if reads]
    if len(wanted) > 1:
        raise UsageError(
            f"{' and '.join(wanted)} cannot be used together: stdin can be read "
            "only once"
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
        raise UsageError("the list on stdin contains - (stdin)")
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
        tell(Notice(f"{name}: ignored: {', '.join(unused[:_FEW])}{more}"))
    for wanted in found:
        if wanted.options.webhook_url != options.webhook_url:
            _register_hook(wanted.options, environment, listed=True)
        yield wanted.name, wanted.options


def _register_hook(
    options: JobOptions, environment: Environment, *, listed: bool = False
) -> None:
    environment.redactor.register_address(
        options.webhook_url or "", listed=listed, of_hook=True
    )


@contextmanager
def _opened(path: str, environment: Environment) -> Iterator[BinaryIO]:
    if path == STDIN:
        if environment.stdin is None:
            raise UsageError("cannot read the manifest: stdin is closed")
        yield environment.stdin
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as fault:
        raise UsageError(
            f"cannot read the manifest {path}: {fault.strerror}",
            hint="--manifest takes a JSONL, CSV or TSV file, or - for stdin",
        ) from fault
