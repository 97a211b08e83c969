"""What a recognition's transcripts mean for the exit code, and what is said of it."""

from __future__ import annotations

from stt_cli.commands.run import Run
from stt_cli.core.coverage import Shortfall
from stt_cli.core.errors import NothingFoundError, SttError
from stt_cli.core.exit_status import ExitStatus
from stt_cli.core.transcript import RecognitionStatus, Transcript
from stt_cli.ui.errors import print_error

_EMPTY = {
    RecognitionStatus.NO_MATCH: (
        "speech was heard, but nothing in it was recognised",
        "check the language (-l) and that the speech is clear",
    ),
    RecognitionStatus.INITIAL_SILENCE: (
        "only silence was heard",
        "check the recording or the microphone; a codec that the service does "
        "not know is heard as silence too",
    ),
    RecognitionStatus.BABBLE: (
        "only noise was heard",
        "bring the microphone closer to the speaker, or clean up the recording",
    ),
}


def verdict(transcripts: list[Transcript], run: Run, *, allow_empty: bool) -> int:
    """Return the exit code; with several inputs, print each failure.

    Raises:
        SttError: the only input failed.
    """
    failures = [
        (transcript, error)
        for transcript in transcripts
        if (error := _failure(transcript, allow_empty=allow_empty))
    ]
    if not failures:
        return ExitStatus.OK
    if len(transcripts) == 1:
        raise failures[0][1]
    for transcript, error in failures:
        if not error.message.startswith(transcript.input):
            error.message = f"{transcript.input}: {error.message}"
        print_error(error, run.environment)
    run.reporter.warning(
        f"{len(failures)} of {len(transcripts)} inputs failed: "
        + ", ".join(transcript.input for transcript, _ in failures)
    )
    return int(failures[0][1].exit_status)


def warn_of_shortfall(
    transcript: Transcript, missing: Shortfall | None, run: Run
) -> None:
    """Say that a transcript ends well before its audio, where it does."""
    if missing is not None:
        run.reporter.warning(f"{transcript.input}: {missing.message}", missing.hint)


def _failure(transcript: Transcript, *, allow_empty: bool) -> SttError | None:
    if transcript.error is not None:
        return transcript.error
    if transcript.status in _EMPTY and not allow_empty:
        message, hint = _EMPTY[transcript.status]
        return NothingFoundError(
            message,
            hint=f"{hint}; --allow-empty makes this exit 0",
            ids=transcript.ids,
            provider_code=None,
        )
    return None
