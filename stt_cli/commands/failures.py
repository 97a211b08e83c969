"""Several things tried, some failed: each told, the first one's exit code."""

from __future__ import annotations

from collections.abc import Sequence

from stt_cli.commands.run import Run
from stt_cli.core.errors import SttError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ui.errors import print_error

MOST_NAMES = 10
"""So many of those that failed are named by a summary."""


def verdict(failures: Sequence[tuple[str, SttError]], count: int, run: Run) -> int:
    """Return the exit code; with several things tried, print each failure.

    Raises:
        SttError: the only thing that was tried failed.
    """
    if not failures:
        return ExitStatus.OK
    if count == 1:
        raise failures[0][1]
    for name, error in failures:
        if name not in error.message:
            error.message = f"{name}: {error.message}"
        print_error(error, run.environment)
    run.reporter.warning(
        f"{len(failures)} of {count} failed: "
        + named([name for name, _ in failures], MOST_NAMES)
    )
    return int(failures[0][1].exit_status)


def named(names: Sequence[str], most: int = 3) -> str:
    """Return a few names, and how many more there are."""
    rest = len(names) - most
    shown = ", ".join(names[:most] if rest > 0 else names)
    return f"{shown} and {rest} more" if rest > 0 else shown
