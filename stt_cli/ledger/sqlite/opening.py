"""Opening one's own ledger: begun anew, beside the old one, when it is damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice
from stt_cli.core.private_folder import make_private, refuse_planted_link
from stt_cli.ledger.sqlite.store import SqliteStore
from stt_cli.ledger.store import DamagedError, LedgerStore, NullStore, StoreError

Opened = tuple[LedgerStore, Notice | None]
"""A store, and what to tell the user about it."""


class LedgerFile:
    """Where the ledger stands: opened, and begun anew when it is damaged."""

    def __init__(self, path: Path, environment: Environment) -> None:
        self._path = path
        self._environment = environment
        self._inode = 0

    def open(self) -> Opened:
        """Open the ledger, or say why nothing is kept."""
        try:
            return self._opened()
        except (StoreError, OSError) as fault:
            words = getattr(fault, "strerror", None) or str(fault)
            return NullStore(), Notice(
                f"cannot use the ledger {self._path}: {words}; this run is not "
                "recorded",
                hint="make the folder writable, or set STT_HOME, or STT_LEDGER=off",
            )

    def after(self, fault: StoreError) -> Opened:
        """Return what follows a store that failed while it was in use."""
        if not isinstance(fault, DamagedError):
            return NullStore(), None
        try:
            return self._anew(fault)
        except (StoreError, OSError):
            return NullStore(), None

    def _opened(self) -> Opened:
        self._inode = prepare(self._path)
        try:
            return SqliteStore(self._path), None
        except DamagedError as fault:
            return self._anew(fault)

    def _anew(self, fault: DamagedError) -> Opened:
        with _alone(self._path.parent):
            if self._path.stat().st_ino != self._inode:
                # Another process met the damage first and has begun a new one.
                return SqliteStore(self._path), None
            aside = self._move_aside()
            self._inode = prepare(self._path)
            store = SqliteStore(self._path)
        return store, Notice(
            f"the ledger was damaged ({fault}); started a new one",
            hint=f"the old one was saved as {aside}",
        )

    def _move_aside(self) -> Path:
        """Rename the ledger and what SQLite keeps beside it; nothing is deleted."""
        moment = self._environment.now().strftime("%Y%m%dT%H%M%S")
        aside = f"{self._path.name}.damaged-{moment}-{os.getpid()}"
        for suffix in ("-wal", "-shm", ""):
            side = self._path.with_name(self._path.name + suffix)
            if side.exists():
                side.rename(side.with_name(aside + suffix))
        return self._path.with_name(aside)


def prepare(path: Path) -> int:
    """Make folder (0700) and file (0600); SQLite's side files take the file's mode.

    Returns:
        The file's inode, by which a damaged file is known again.
    """
    folder = path.parent
    make_private(folder)
    if folder.stat().st_mode & 0o077 and folder.stat().st_uid == _own_uid():
        folder.chmod(0o700)
    refuse_planted_link(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        status = os.fstat(descriptor)
        if status.st_mode & 0o077 and status.st_uid == _own_uid():
            path.chmod(0o600)
        return status.st_ino
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder, which the system drops when a process dies."""
    try:
        import fcntl
    except ImportError:  # Windows lets nobody rename a file that is in use
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _own_uid() -> int:
    return os.getuid() if hasattr(os, "getuid") else -1
