"""Which file each input's result goes to."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path, PurePath
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from stt_cli.core.errors import UsageError
from stt_cli.formats.registry import (
    FORMATS,
    SUFFIXES,
    format_for_path,
    format_names,
)

_ALL = sys.maxsize
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f:*?"<>|\\]')


def output_paths(
    inputs: Sequence[str], output: str | None, name: str
) -> list[Path] | None:
    """Return a path for each input, or ``None`` where the result goes to stdout.

    ``output`` is what ``-o`` said: nothing or ``-`` for stdout, a file, or a
    folder, which exists or ends in ``/`` (it is created); ``name`` is the
    format's. Inputs of the same name get distinct files: ``call.wav`` and
    ``call.mp3`` become ``call.wav.srt`` and ``call.mp3.srt``; ``mon/call.wav``
    and ``tue/call.wav`` become ``mon-call.srt`` and ``tue-call.srt``.
    Raises ``UsageError`` for several inputs with one file.
    """
    if output is None or output == "-":
        return None
    folder = Path(output)
    if not is_folder(output):
        if len(inputs) > 1:
            raise UsageError(
                f"cannot write {len(inputs)} transcripts to one file {output}",
                hint=f"use a folder: -o {output}/",
            )
        return [folder]
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="use a folder, or remove the /")
    return [folder / f"{stem}{SUFFIXES[name]}" for stem in stems(inputs)]


class NameBy(StrEnum):
    """What of an input's path names its files in a folder."""

    STEM = "stem"
    FILE = "file"
    PATH = "path"


def file_name(name: str, by: NameBy) -> str:
    """Return an input's file name without the format's suffix.

    It depends on the input alone, so that the next run of more inputs finds the files
    of this one: ``mon/a.wav`` gives ``a``, ``a.wav`` or ``mon-a.wav``.
    """
    path = _path_of(name)
    if by is NameBy.STEM:
        return path.stem
    return path.name if by is NameBy.FILE else _with_folders(path, _ALL) + path.suffix


def output_files(
    inputs: Sequence[str],
    output: str | None,
    formats: Sequence[str],
    by: NameBy = NameBy.STEM,
) -> list[dict[str, Path]] | None:
    """Return each input's files by format, or ``None`` where all goes to stdout.

    Several formats of one input share a name: ``-o call`` and ``-o call.srt`` alike
    give ``call.srt`` and ``call.json``.

    Raises:
        UsageError: several formats on stdout; several inputs with one file, or with
            files of one name in a folder.
    """
    if len(formats) > 1 and output in (None, "-"):
        raise UsageError(
            "cannot write several formats to stdout",
            hint="use a folder: -o transcripts/",
        )
    paths = {name: output_paths(inputs, output, name) for name in formats}
    if output is None or output == "-":
        return None
    if is_folder(output):
        named = _distinct_names(inputs, by)
        paths = {
            name: [Path(output, f"{stem}{SUFFIXES[name]}") for stem in named]
            for name in formats
        }
    if len(formats) > 1 and not is_folder(output):
        plain = Path(output)
        if format_for_path(plain) is not None:
            plain = plain.with_suffix("")
        paths = {
            name: [plain.with_name(plain.name + SUFFIXES[name])] for name in formats
        }
    return [
        {name: found[at] for name, found in paths.items() if found is not None}
        for at in range(len(inputs))
    ]


def _distinct_names(inputs: Sequence[str], by: NameBy) -> list[str]:
    """Return the inputs' file names; two that are the same are a mistake."""
    names = [file_name(name, by) for name in inputs]
    first: dict[str, str] = {}
    for text, name in zip(inputs, names, strict=True):
        other = first.setdefault(_folded(name), text)
        if other is not text:
            raise UsageError(
                f"{other} and {text} would both be written to {name}",
                hint=_what_tells_apart(inputs),
            )
    return names


def _what_tells_apart(inputs: Sequence[str]) -> str:
    for by in (NameBy.FILE, NameBy.PATH):
        names = [file_name(name, by) for name in inputs]
        if _all_distinct(names):
            kept = "suffix" if by is NameBy.FILE else "folders and the suffix"
            return f"use --name-by {by} to keep the {kept}: {names[0]}"
    return "pass each recording only once"


def chosen_formats(chosen: str | None, output: str | None) -> tuple[str, ...] | None:
    """Return the formats of ``-f``, else that of the suffix of ``-o``, else ``None``.

    Raises:
        UsageError: a name or a suffix of no format.
    """
    if chosen is not None:
        return format_names(chosen)
    by_suffix = format_for_output(output)
    return None if by_suffix is None else (by_suffix,)


def formats_of(
    chosen: str | None, output: str | None, default: tuple[str, ...] = ("text",)
) -> tuple[str, ...]:
    """Return the formats of ``-f``, else that of ``-o``, else the default.

    Raises:
        UsageError: a name or a suffix of no format; several formats without a folder.
    """
    formats = chosen_formats(chosen, output) or default
    if len(formats) > 1 and (output is None or output == "-" or not is_folder(output)):
        raise UsageError(
            f"cannot write {len(formats)} formats to one file",
            hint="use a folder, such as -o transcripts/",
        )
    return formats


def format_for_output(output: str | None) -> str | None:
    """Return the format that the suffix of ``-o`` names.

    ``None`` where nothing has a suffix: stdout, a folder, a bare name.
    Raises ``UsageError`` for a suffix of no format: text in a file that calls
    itself something else would mislead whoever opens it.
    """
    if output is None or output == "-" or is_folder(output):
        return None
    suffix = PurePath(output).suffix
    name = format_for_path(output)
    if suffix and name is None:
        raise UsageError(
            f"unknown format {suffix}: {output}",
            hint=f"choose a format with -f: {', '.join(FORMATS)}",
        )
    return name


def is_folder(output: str) -> bool:
    """Whether ``-o`` names a folder: one that exists, or a name that ends in /."""
    separators = tuple(filter(None, ("/", os.sep, os.altsep)))
    return output.endswith(separators) or Path(output).is_dir()


def stems(inputs: Sequence[str]) -> list[str]:
    """Return a file name without suffix for each input, no two alike.

    They do not depend on the order of the inputs, unless the very same input
    was given twice, nor differ only in the case of letters.
    """
    groups: dict[str, list[int]] = {}
    paths = [_path_of(name) for name in inputs]
    for at, path in enumerate(paths):
        groups.setdefault(_folded(path.stem), []).append(at)
    chosen = [""] * len(inputs)
    for members in groups.values():
        names = _told_apart([paths[at] for at in members])
        for at, name in zip(members, names, strict=True):
            chosen[at] = name
    return _numbered(chosen)


def _path_of(name: str) -> PurePath:
    """Return an input's name as a path: its own, or that of a URL or a stream."""
    if name == "-":
        return PurePath("stdin")
    if "://" in name:
        try:
            parts = urlsplit(name)
        except ValueError:  # opening it says what is wrong
            return PurePath("input")
        address = unquote(parts.path).strip("/") or parts.hostname or "input"
        name = _NOT_IN_NAMES.sub("_", address)
    path = PurePath(os.path.normpath(name))
    return path if path.name.strip(".") else PurePath("input")


def _told_apart(paths: Sequence[PurePath]) -> list[str]:
    """Name files of one stem by as little more as it takes: suffix, then folders."""
    deepest = max(len(path.parts) for path in paths)
    names = [path.stem for path in paths]
    for depth in range(deepest + 1):
        if _all_distinct(names):
            break
        if depth == 0:
            names = [path.name for path in paths]
        else:
            names = [_with_folders(path, depth) for path in paths]
    if not _all_distinct(names) and len(set(paths)) > 1:
        names = [f"{_with_folders(path, deepest)}{path.suffix}" for path in paths]
    return names


def _with_folders(path: PurePath, depth: int) -> str:
    folders = [part for part in path.parent.parts if part not in ("..", path.anchor)]
    return "-".join([*folders[-depth:], path.stem])


def _all_distinct(names: Sequence[str]) -> bool:
    return len(set(map(_folded, names))) == len(names)


def _numbered(names: Sequence[str]) -> list[str]:
    """Add ``-2``, ``-3`` to what is still the same, avoiding names already taken."""
    taken = set(map(_folded, names))
    seen: set[str] = set()
    unique: list[str] = []
    for name in names:
        wanted, number = name, 1
        while _folded(wanted) in seen or (number > 1 and _folded(wanted) in taken):
            number += 1
            wanted = f"{name}-{number}"
        seen.add(_folded(wanted))
        unique.append(wanted)
    return unique


def _folded(name: str) -> str:
    # Some file systems take no notice of case, or of how accents are encoded.
    return normalize("NFC", name).casefold()
