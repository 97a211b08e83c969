"""A file that grows: read as it is written, through rotation and truncation."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

INTERVAL_S = 0.2
_TAIL = 256  # bytes by which a file that was rewritten is told


def incarnations(path: Path, sleep: Callable[[float], None]) -> Iterator[io.RawIOBase]:
    """Yield the file, and again whenever another takes its place; never ends.

    A stream waits at the end of the file for more. It ends when the file was
    truncated, or when another file has its name (log rotation), after what the
    old one still got was read. While the name is missing the next is waited for.

    Raises:
        OSError: the file cannot be opened at first.
    """
    while True:
        with _Growing(path, sleep) as stream:
            yield stream
        while not path.exists():
            sleep(INTERVAL_S)


class _Growing(io.RawIOBase):
    """One incarnation of the file."""

    def __init__(self, path: Path, sleep: Callable[[float], None]) -> None:
        super().__init__()
        self._path = path
        self._sleep = sleep
        self._file = path.open("rb", buffering=0)
        self._changed = 0
        self._tail = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while True:
            # Asked before the read: what was written before the file was moved
            # away is then still read.
            is_over = self._was_moved()
            if self._was_rewritten():
                return 0
            count = self._file.readinto(buffer) or 0
            if count:
                self._tail = bytes(buffer[:count])[-_TAIL:]
            if count or is_over:
                return count
            self._sleep(INTERVAL_S)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _was_moved(self) -> bool:
        try:
            current = self._path.stat()
        except FileNotFoundError:
            return True
        mine = os.fstat(self._file.fileno())
        return (current.st_dev, current.st_ino) != (mine.st_dev, mine.st_ino)

    def _was_rewritten(self) -> bool:
        """Whether the file was cut, even if it has grown again since."""
        mine = os.fstat(self._file.fileno())
        position = self._file.tell()
        if mine.st_size < position:
            return True
        if mine.st_mtime_ns == self._changed:
            return False
        self._changed = mine.st_mtime_ns
        self._file.seek(position - len(self._tail))
        is_same = self._file.read(len(self._tail)) == self._tail
        self._file.seek(position)
        return not is_same
