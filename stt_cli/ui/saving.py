"""Results into files; one that cannot be written is not lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stt_cli.core.errors import OutputError, UsageError
from stt_cli.formats.files import write_text
from stt_cli.ui.reporter import Reporter


def save(path: Path, pieces: Iterable[str], reporter: Reporter, *, force: bool) -> None:
    """Write a result to a file; print it where the file does not take it.

    A recognition may have cost an hour or money: a disk that filled up meanwhile
    must not throw it away. Raises what went wrong, after the result is out.
    """
    text = "".join(pieces)
    try:
        write_text(path, [text], force=force)
    except (OutputError, UsageError) as error:
        reporter.result(text)
        error.hint = f"the result is on stdout instead; {error.hint}"
        raise
