"""Several things tried, some failed: each told, the first one's exit code."""

from __future__ import annotations

from collections.abc import Sequence

from stt_cli.commands.run import Run
from stt_cli.core.errors import SttError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.ui.errors import print_error


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
        f"{len(failures)} of {count} failed: " + ", ".join(name for name, _ in failures)
    )
    return int(failures[0][1].exit_status)
