"""What the job commands set up and share: their desk, and options of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from stt_cli.commands import options as common
from stt_cli.core.errors import UsageError
from stt_cli.formats.caption_options import CaptionOptions

if TYPE_CHECKING:
    from stt_cli.commands.run import Run
    from stt_cli.providers.base import ProviderSpec
    from stt_cli.workflows.jobs.desk import JobDesk

JobIds = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="The IDs of jobs.", show_default=False),
]
Interval = Annotated[
    str,
    typer.Option(
        "--interval",
        metavar="auto|SECONDS",
        help="The pause between two looks; auto follows the service.",
        rich_help_panel=common.SERVICE_PANEL,
    ),
]
Workers = Annotated[
    int,
    typer.Option("--jobs", "-j", metavar="N", min=1, help="How many at a time."),
]
Recordings = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        help="How many at a time. Default: all cores for local, else 1.",
    ),
]


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every job command takes."""

    provider: str | None
    endpoint: str | None
    insecure: bool
    profile: str | None
    quiet: bool
    verbose: int
    log_file: str | None
    dask: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """How to wait, and what to do with the transcripts.

    Times are seconds; ``workers`` results of a service are fetched at a time.
    """

    interval: float | None
    timeout: float | None
    webhook: str | None
    fetch: bool
    format: str | None
    output: str | None
    force: bool
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    workers: int = 8


@contextmanager
def at_the_desk(ctx: typer.Context, given: Common) -> Iterator[tuple[Run, JobDesk]]:
    """Set up a run and the desk that job commands work at."""
    from stt_cli.commands.run import start_run
    from stt_cli.workflows.jobs.desk import JobDesk

    with start_run(
        ctx,
        quiet=given.quiet,
        verbose=given.verbose,
        log_file=given.log_file,
        profile=given.profile,
    ) as run:
        desk = JobDesk(
            run.environment,
            run.settings,
            run.ledger,
            endpoint=given.endpoint,
            insecure=given.insecure,
            cluster=given.dask,
            log=run.log,
        )
        with desk:
            yield run, desk


def require_cluster(spec: ProviderSpec, dask: str | None) -> None:
    """Raise ``UsageError`` where ``--dask`` names a cluster that nobody would use."""
    from stt_cli.providers.base import Capability

    if dask is not None and not spec.can(Capability.CLUSTER):
        raise UsageError(
            f"{spec.name} does not work on a Dask cluster (--dask)",
            hint="leave out --dask, or recognise with -p local",
        )


def interval_seconds(text: str) -> float | None:
    """Return the pause that ``--interval`` asks for, ``None`` for ``auto``.

    Raises:
        UsageError: it is neither ``auto`` nor a number of seconds.
    """
    if text == "auto":
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise UsageError(
            f"--interval {text!r} is no pause", hint="give auto, or seconds such as 5"
        )
    return seconds
