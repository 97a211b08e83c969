"""The folder that a download fills: hidden until it is whole, one process at a time."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from stt_cli.core.errors import ConfigurationError, OutputError

_SPARE_BYTES = 16 << 20  # for the small files
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """Hand out a hidden folder beside ``folder``, which takes its place at the end.

    After a failure it stays, for the next attempt to go on with.

    Raises:
        ConfigurationError: another process fills it.
        OutputError: there is no room, or it cannot be written.
    """
    part = folder.with_name(f".{folder.name}.part")
    with _report_full_disk(part), _alone(part):
        yield part
        if folder.exists():  # what is there is not whole: it was not found
            shutil.rmtree(folder)
        part.rename(folder)


def check_room(path: Path, size: int, what: str) -> None:
    """Refuse a file that will not fit. Raises ``OutputError``.

    Args:
        size: its length in bytes; what is there of it needs no room.
    """
    with suppress(FileNotFoundError):
        size -= path.stat().st_size
    folder = path.parent
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE_BYTES:
        raise OutputError(
            f"not enough disk space for the {what}: {size >> 20} MB needed in "
            f"{folder.parent}, {free >> 20} MB free",
            hint="free up disk space, or set STT_HOME to a folder on another disk",
        )


@contextmanager
def _report_full_disk(part: Path) -> Iterator[None]:
    """Turn the system's refusals into errors; a full disk gets its room back."""
    try:
        part.mkdir(mode=0o755, parents=True, exist_ok=True)
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            shutil.rmtree(part, ignore_errors=True)
        raise OutputError(
            f"cannot write to {part.parent}: {fault.strerror or fault}",
            hint="free up disk space, or set STT_HOME to a different folder",
        ) from fault


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Keep other processes from writing into the same folder meanwhile."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(part.with_suffix(".lock"), flags, 0o600), "wb") as file:
        try:
            _lock_for(file)
        except OSError as fault:
            raise ConfigurationError(
                f"another process is downloading to {part.parent}",
                hint="wait until it is done",
            ) from fault
        yield
    with suppress(OSError):
        part.with_suffix(".lock").unlink()


def _lock_for(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
