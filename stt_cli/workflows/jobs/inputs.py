"""What ``stt batch submit`` is to submit: the recordings named, each as a request."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from stat import S_ISREG

from stt_cli.audio.inputs import is_url
from stt_cli.audio.open import open_source
from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Notice
from stt_cli.core.options import JobOptions
from stt_cli.formats.naming import stems
from stt_cli.workflows.inputs import Inputs, named_recordings
from stt_cli.workflows.jobs.queue import SubmissionRequest


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
        check: raises ``UsageError`` for options that the provider cannot fulfill.
        tell: takes what is to be said of a manifest.

    Raises:
        UsageError: nothing is named, a manifest is wrong, stdin is wanted twice.
        AudioError: a folder or pattern without recordings; a manifest's recordings
            that cannot be read.
    """
    wanted = named_recordings(inputs, options, check, environment, tell)
    if not wanted:
        raise UsageError(
            "nothing to submit",
            hint="pass files or URLs, or use --from-stdin or --manifest",
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
