"""Folders, patterns and several files become one list of inputs, in natural order."""

from __future__ import annotations

import glob
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from stt_cli.audio.sniffing import AUDIO_SUFFIXES, NAMESAKES, container_of
from stt_cli.core.errors import AudioError, UsageError
from stt_cli.core.events import Notice

STDIN = "-"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
# How to get an address that anyone can fetch, by the scheme of a store.
_SIGNED = {
    "s3": "`aws s3 presign {}`",
    "gs": "`gcloud storage sign-url {}`",
}
_TOLD_SUFFIXES = 4
_SNIFFED = 1_024


def is_url(argument: str) -> bool:
    """Whether the argument is an address rather than a path."""
    return argument.lower().startswith(("http://", "https://"))


def is_there(name: str) -> bool:
    """Whether a path exists; one that is too long for the system does not."""
    return os.path.exists(name)  # noqa: PTH110 - Path raises for some names


def _is_dir(name: str) -> bool:
    return os.path.isdir(name)  # noqa: PTH112 - Path raises for some names


def shown_input(name: str, clean: Callable[[str], str]) -> str:
    """Return an input's name as results and messages have it.

    A file's name is its own; an address, or what was meant as one, may hold secrets.
    """
    if name != STDIN and not is_url(name) and is_there(name):
        return name
    return clean(name)


def expand_inputs(arguments: Sequence[str]) -> list[str]:
    """Return every single input that the arguments mean, in their order.

    A folder stands for the recordings directly in it, by their suffix; a pattern
    (also one that the shell did not expand) for the files that match. Both come
    in natural order: ``take2`` before ``take10``. What names one file stays as
    typed, whether it exists or not, but for ``file://`` and a ``~`` that the shell
    left alone.

    Raises:
        AudioError: a folder without recordings, a pattern without matches.
        UsageError: a name is empty, an address of a kind that is not fetched, or
            standard input is named twice.
    """
    if "" in arguments:  # as a path it would be the current folder
        raise UsageError(
            "empty file name",
            hint="omit it, or check that its shell variable is set",
        )
    if list(arguments).count(STDIN) > 1:
        raise UsageError("- (stdin) can be used only once")
    return [single for argument in arguments for single in _expand(_local(argument))]


def names_many(arguments: Sequence[str]) -> bool:
    """Whether the arguments may mean several inputs: JSON is an array then."""
    if len(arguments) != 1:
        return True
    argument = _local(arguments[0])
    return _is_pattern(argument) or _is_folder(argument)


def left_out(arguments: Sequence[str]) -> list[Notice]:
    """Return what a user should know of files in the folders that are not taken."""
    notices = []
    for argument in map(_local, arguments):
        if not _is_folder(argument):
            continue
        taken = {Path(name) for name in _recordings_in(Path(argument))}
        others = [
            entry
            for entry in Path(argument).iterdir()
            if entry not in taken and not entry.name.startswith(".") and entry.is_file()
        ]
        if others:
            notices.append(_not_taken(argument, others))
        if below := _subfolders(Path(argument)):
            noun = "subfolder" if below == 1 else "subfolders"
            folder = argument.rstrip("/")
            notices.append(
                Notice(
                    f"{argument}: skipped {below} {noun}",
                    f"to include them, use '{folder}/**/*.wav'",
                )
            )
    return notices


def _subfolders(folder: Path) -> int:
    """Return how many folders stand in a folder, hidden ones aside."""
    entries = folder.iterdir()
    return sum(not e.name.startswith(".") and _is_dir(str(e)) for e in entries)


def _not_taken(folder: str, others: Sequence[Path]) -> Notice:
    kinds = Counter(entry.suffix.lower() or "no suffix" for entry in others)
    counts = [f"{count} {kind}" for kind, count in kinds.most_common(_TOLD_SUFFIXES)]
    if len(kinds) > _TOLD_SUFFIXES:
        counts.append("…")
    one = len(others) == 1
    noun = "file that is not a recording" if one else "files that are not recordings"
    return Notice(
        f"{folder}: skipped {len(others)} {noun} ({', '.join(counts)})",
        "to use a file anyway, pass its path",
    )


def _local(argument: str) -> str:
    """Return the path that a ``file://`` address or a quoted ``~`` means."""
    if not argument or argument == STDIN or is_url(argument) or is_there(argument):
        return argument
    if argument.startswith("~"):
        try:
            return str(Path(argument).expanduser())
        except RuntimeError:  # an unknown user
            return argument
    scheme = _SCHEME.match(argument)
    return argument if scheme is None else _path_of_address(argument)


def _path_of_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit("unknown:"), None
    if parts.scheme == "file" and host in (None, "localhost"):
        return unquote(parts.path)
    signed = _SIGNED.get(parts.scheme)
    way = f"get one with {signed.format(address)}" if signed else "download it first"
    raise UsageError(
        f"{address}: only http:// and https:// URLs are supported",
        hint=f"use an https:// URL or a file; {way}",
    )


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
    return argument != STDIN and not is_url(argument) and _is_dir(argument)


def _is_pattern(argument: str) -> bool:
    if argument == STDIN or is_url(argument):
        return False
    return glob.has_magic(argument) and not is_there(argument)


def _recordings_in(folder: Path) -> list[str]:
    try:
        found = [
            entry
            for entry in folder.iterdir()
            if entry.suffix.lower() in AUDIO_SUFFIXES
            and not entry.name.startswith(".")
            and not entry.is_dir()
            and not _is_namesake(entry)
        ]
    except OSError as fault:
        raise AudioError(f"{folder}: cannot be read: {fault.strerror}") from fault
    if not found:
        raise AudioError(
            f"{folder}: no recordings in this folder",
            hint=f"to include subfolders, use '{folder}/**/*.wav'",
        )
    return [str(path) for path in sorted(found, key=lambda p: natural_key(p.name))]


def _is_namesake(entry: Path) -> bool:
    """Whether a file has a recording's suffix, and is a program's source."""
    if entry.suffix.lower() not in NAMESAKES:
        return False
    with entry.open("rb") as file:
        return container_of(file.read(_SNIFFED)) is None


def _matches_of(pattern: str) -> list[str]:
    found = [
        path
        for path in glob.glob(pattern, recursive=True)  # noqa: PTH207 - may be absolute
        if not _is_dir(path)
    ]
    if not found:
        raise AudioError(
            f"no file matches {pattern}",
            hint="to include subfolders, use `**/` in the pattern",
        )
    return sorted(found, key=natural_key)
