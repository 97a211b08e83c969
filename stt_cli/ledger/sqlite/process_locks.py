"""Which process owns a submission: each holds a lock on a file while it lives.

The system drops the lock when the process ends, however it ends; a number of a
process says nothing, for it is given to another one later.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Lock

from stt_cli.core.private_folder import make_private

_TOKEN = re.compile(r"[0-9a-f]{32}")


class ProcessLocks:
    """The folder of the files that owners hold, one an owner."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._token: str | None = None
        self._descriptor = -1

    def hold(self) -> str:
        """Return this process's token; from the first call on it is held.

        Raises:
            OSError: the folder cannot be written, or knows no locks.
        """
        with self._lock:
            if self._token is None:
                make_private(self._folder)
                self._sweep()
                self._token = self._begin()
            return self._token

    def is_held(self, token: str) -> bool:
        """Whether the owner lives. Raises ``OSError``."""
        if token == self._token:
            return True
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return False  # of a damaged record; as a name it could be any file
        try:
            descriptor = os.open(self._path(token), os.O_RDWR)
        except (FileNotFoundError, IsADirectoryError):  # "" is nobody's
            return False
        try:
            return not _locked(descriptor, shared=True)
        finally:
            os.close(descriptor)

    def let_go(self) -> None:
        """End the ownership of this process, as its death would."""
        with self._lock:
            if self._token is None:
                return
            os.close(self._descriptor)
            with suppress(OSError):
                self._path(self._token).unlink()
            self._token = None

    def _begin(self) -> str:
        from uuid import uuid4

        while True:
            token = uuid4().hex
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
            descriptor = os.open(self._path(token), flags, 0o600)
            # Someone who sweeps may have seen it before it was locked.
            if _locked(descriptor) and self._path(token).exists():
                self._descriptor = descriptor
                return token
            os.close(descriptor)

    def _sweep(self) -> None:
        """Remove the files of the dead."""
        for path in self._folder.iterdir():
            with suppress(OSError):
                descriptor = os.open(path, os.O_RDWR)
                try:
                    if _locked(descriptor):
                        path.unlink()
                finally:
                    os.close(descriptor)

    def _path(self, token: str) -> Path:
        return self._folder / token


def _locked(descriptor: int, *, shared: bool = False) -> bool:
    """Lock a file until its descriptor is closed; whether that was possible.

    Those who only look take a shared lock, and do not see each other as owners.
    """
    try:
        import fcntl
    except ImportError:
        return _locked_on_windows(descriptor)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked_on_windows(descriptor: int) -> bool:
    import msvcrt

    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
