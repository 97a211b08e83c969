"""What failures mean for the exit code: each is told, the first one's code counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stt_cli.core.coverage import Shortfall
from stt_cli.core.errors import NothingFoundError, SttError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.ui.errors import print_error

if TYPE_CHECKING:
    from stt_cli.ui.run import Run

MOST_NAMES = 10
"""So many of those that failed are named by a summary."""

_EMPTY = {
    RecognitionStatus.NO_MATCH: (
        "speech was detected, but not recognized",
        "check the language (-l) and that the speech is clear",
    ),
    RecognitionStatus.INITIAL_SILENCE: (
        "only silence was detected",
        "check the recording or the microphone; services may also report an "
        "unsupported codec as silence",
    ),
    RecognitionStatus.BABBLE: (
        "only noise was detected",
        "move the microphone closer to the speaker, or clean up the recording",
    ),
}


def verdict(
    failures: Sequence[tuple[str, SttError]], count: int, run: Run, things: str = ""
) -> int:
    """Return the exit code; with several things tried, print each failure.

    Args:
        failures: the name of each thing that failed, and why.
        count: how many were tried.
        things: what they are, for the summary: ``inputs``.

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
    tried = f"{count} {things}" if things else f"{count}"
    names = named([name for name, _ in failures], MOST_NAMES)
    run.reporter.warning(f"{len(failures)} of {tried} failed: {names}")
    return int(failures[0][1].exit_status)


def named(names: Sequence[str], most: int = 3) -> str:
    """Return a few names, and how many more there are."""
    rest = len(names) - most
    shown = ", ".join(names[:most] if rest > 0 else names)
    return f"{shown} and {rest} more" if rest > 0 else shown


def failure_of(transcript: Transcript, *, allow_empty: bool) -> SttError | None:
    """Return what went wrong with an input; hearing nothing is a failure too."""
    if transcript.error is not None:
        return transcript.error
    if transcript.status in _EMPTY and not allow_empty:
        message, hint = _EMPTY[transcript.status]
        return NothingFoundError(
            message,
            hint=f"{hint}; to exit with code 0, use --allow-empty",
            ids=transcript.ids,
        )
    return None


def warn_of_shortfall(
    transcript: Transcript, missing: Shortfall | None, run: Run
) -> None:
    """Say that a transcript ends well before its audio, where it does."""
    if missing is not None:
        run.reporter.warning(f"{transcript.input}: {missing.message}", missing.hint)
