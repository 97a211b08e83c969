"""What a support case is made of, opened: logs, folders, archives, mails, stdin."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import Notice
from stt_cli.ids.containers import Budget, Content, contents
from stt_cli.ids.encoding import Utf8Source

STDIN = "-"
STDIN_NAME = "stdin"
_ENOUGH_OF_A_DEVICE = 16 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or one out of an archive, as UTF-8; to be read before the next.

    ``is_live``: it brings what it has when it has it, as a pipe does.
    """

    name: str
    source: Utf8Source
    is_live: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """An input that could not be read, while others can be."""

    error: SttError


def pieces(name: str, environment: Environment) -> Iterator[Piece | Notice | Unread]:
    """Yield every file that a path stands for; ``-`` is stdin.

    Raises:
        UsageError: the path itself cannot be read.
    """
    if name == STDIN:
        if environment.stdin is None:
            raise UsageError("cannot read stdin: it is closed")
        yield from _of_stream(STDIN_NAME, environment.stdin, is_live=True)
    elif Path(name).is_dir():
        for path in files_of(Path(name)):
            try:
                yield from _of_file(path)
            except SttError as error:
                yield Unread(error)
    else:
        yield from _of_file(Path(name))


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the regular files of a folder and the folders in it, in order of names.

    Links to folders are not followed: they may lead round in circles.
    """
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            if path.is_file():
                yield path


def unreadable(path: Path, fault: OSError) -> UsageError:
    """Return the failure for a file that cannot be read, in plain words."""
    if isinstance(fault, FileNotFoundError):
        return UsageError(
            f"no such file: {path}", hint="pass a log file, a URL or - for stdin"
        )
    if isinstance(fault, IsADirectoryError) or path.is_dir():
        return UsageError(
            f"{path} is a folder", hint="--follow does not work with folders"
        )
    reason = (fault.strerror or str(fault)).lower()
    return UsageError(f"cannot read {path}: {reason}")


def damaged(name: str, damage: str) -> Notice:
    """Return what to say of a file that ended early."""
    return Notice(
        f"{name} is truncated or damaged: {damage}",
        hint="the part before the damage was searched",
    )


def _of_file(path: Path) -> Iterator[Piece | Notice | Unread]:
    try:
        with path.open("rb", buffering=0) as stream:
            yield from _of_stream(str(path), stream, is_live=not path.is_file())
    except OSError as fault:
        raise unreadable(path, fault) from fault


def _of_stream(
    name: str, stream: BinaryIO | io.RawIOBase, *, is_live: bool
) -> Iterator[Piece | Notice | Unread]:
    endless = _Cut(stream) if is_live and _is_endless(stream) else None
    for part in contents(name, endless or stream, live=is_live, budget=Budget()):
        if not isinstance(part, Content):
            yield Notice(
                f"{part.name} was not read completely: {part.reason}",
                hint=part.hint,
            )
            continue
        source = Utf8Source(part.stream)
        yield Piece(part.name, source, is_live)
        if source.damage is not None:
            yield damaged(part.name, source.damage)
    if endless is not None and endless.is_cut:
        yield Notice(
            f"{name} is an endless device",
            hint=f"the first {_ENOUGH_OF_A_DEVICE >> 20} MiB were searched",
        )


def _is_endless(stream: BinaryIO | io.RawIOBase) -> bool:
    """Whether it may be /dev/zero: a device that is no terminal."""
    try:
        return stat.S_ISCHR(os.fstat(stream.fileno()).st_mode) and not stream.isatty()
    except (OSError, ValueError):  # no descriptor behind it
        return False


class _Cut(io.RawIOBase):
    """The first megabytes of a device."""

    def __init__(self, stream: BinaryIO | io.RawIOBase) -> None:
        super().__init__()
        self._stream: Any = stream
        self._left = _ENOUGH_OF_A_DEVICE

    @property
    def is_cut(self) -> bool:
        """Whether there was more."""
        return self._left <= 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with memoryview(buffer) as view, view[: max(0, self._left)] as part:
            count = self._stream.readinto(part) or 0 if len(part) else 0
        self._left -= count
        return count
