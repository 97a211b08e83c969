"""Saved results on the disk or on stdin, read into transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.errors import UsageError
from stt_cli.core.transcript import Transcript
from stt_cli.formats.reading import read_transcripts

STDIN = "-"


@dataclass(frozen=True, slots=True)
class SavedResult:
    """One transcript, and the name by which to call it.

    That is the file's where it holds one transcript alone, else the recording's.
    """

    name: str
    transcript: Transcript


def read_saved_results(
    names: Sequence[str], environment: Environment
) -> list[SavedResult]:
    """Return every transcript of these files, in their order.

    Raises:
        UsageError: a file cannot be read, or is no saved result; stdin is named twice.
    """
    if list(names).count(STDIN) > 1:
        raise UsageError("- (stdin) can be used only once")
    found = []
    for name in names:
        shown = "stdin" if name == STDIN else name
        transcripts = read_transcripts(read_bytes(name, environment), shown)
        is_only = len(transcripts) == 1
        found += [
            SavedResult(shown if is_only else one.input, one) for one in transcripts
        ]
    return found


def read_bytes(name: str, environment: Environment) -> bytes:
    """Return a file's bytes, or those of stdin for ``-``.

    Raises:
        UsageError: it cannot be read.
    """
    if name == STDIN:
        return environment.stdin.read() if environment.stdin else b""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "this is not a file name"
        hint = "pass the files in it" if Path(name).is_dir() else "check the path"
        raise UsageError(f"cannot read {name!r}: {reason}", hint=hint) from None


def text_of(name: str, environment: Environment) -> str:
    """Return the words of a saved result, or of a file of plain text.

    Raises:
        UsageError: it cannot be read, is neither, or has several recordings' results.
    """
    data = read_bytes(name, environment)
    try:
        transcripts = list(read_transcripts(data, name))
    except UsageError:
        text = data.decode("utf-8-sig", "replace")
        if "\ufffd" in text or "\0" in text or text.lstrip().startswith(("{", "[")):
            raise
        return text
    recordings = len({one.input for one in transcripts})
    if recordings > 1:
        raise UsageError(
            f"{name} contains the results of {recordings} recordings",
            hint="save each result in its own file, such as with -o FOLDER/",
        )
    return " ".join(one.text for one in transcripts)
