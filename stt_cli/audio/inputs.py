"""Folders, patterns and several files become one list of inputs, in natural order."""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from pathlib import Path

from stt_cli.audio.sniffing import AUDIO_SUFFIXES
from stt_cli.core.errors import AudioError, UsageError

STDIN = "-"


def is_url(argument: str) -> bool:
    """Whether the argument is an address rather than a path."""
    return argument.lower().startswith(("http://", "https://"))


def expand_inputs(arguments: Sequence[str]) -> list[str]:
    """Return every single input that the arguments mean, in their order.

    A folder stands for the recordings directly in it, by their suffix; a pattern
    (also one that the shell did not expand) for the files that match. Both come
    in natural order: ``take2`` before ``take10``. What names one file stays as
    typed, whether it exists or not.

    Raises:
        AudioError: a folder without recordings, a pattern without matches.
        UsageError: standard input is named twice, or a name is empty.
    """
    if "" in arguments:  # as a path it would be the current folder
        raise UsageError("a recording's name is empty", hint="leave it out")
    if list(arguments).count(STDIN) > 1:
        raise UsageError("standard input (-) can be given only once")
    return [single for argument in arguments for single in _expand(argument)]


def names_many(arguments: Sequence[str]) -> bool:
    """Whether the arguments may mean several inputs: JSON is an array then."""
    return len(arguments) != 1 or _is_pattern(arguments[0]) or _is_folder(arguments[0])


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers inside names by value."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", name)
    return [
        (0, int(piece), "") if piece[0] in "0123456789" else (1, 0, piece.casefold())
        for piece in pieces
    ]


def _expand(argument: str) -> list[str]:
    if argument == STDIN or is_url(argument):
        return [argument]
    if _is_folder(argument):
        return _recordings_in(Path(argument))
    if _is_pattern(argument):
        return _matches_of(argument)
    return [argument]


def _is_folder(argument: str) -> bool:
    return argument != STDIN and not is_url(argument) and Path(argument).is_dir()


def _is_pattern(argument: str) -> bool:
    if argument == STDIN or is_url(argument):
        return False
    return glob.has_magic(argument) and not Path(argument).exists()


def _recordings_in(folder: Path) -> list[str]:
    try:
        found = [
            entry
            for entry in folder.iterdir()
            if entry.suffix.lower() in AUDIO_SUFFIXES
            and not entry.name.startswith(".")
            and not entry.is_dir()
        ]
    except OSError as fault:
        raise AudioError(f"{folder}: cannot be read: {fault.strerror}") from fault
    if not found:
        raise AudioError(
            f"{folder}: there are no recordings in this folder",
            hint=f"'{folder}/**/*.wav' looks into the folders below it too",
        )
    return [str(path) for path in sorted(found, key=lambda p: natural_key(p.name))]


def _matches_of(pattern: str) -> list[str]:
    found = [
        path
        for path in glob.glob(pattern, recursive=True)  # noqa: PTH207 - may be absolute
        if not Path(path).is_dir()
    ]
    if not found:
        raise AudioError(
            f"no file matches {pattern}",
            hint="`**/` in a pattern looks into the folders below too",
        )
    return sorted(found, key=natural_key)
