"""Opening the ledger: whatever is wrong with it, the run goes on and is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from stt_cli.core.database_address import is_database
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.events import Notice
from stt_cli.ledger.ledger import Ledger, Opened
from stt_cli.ledger.store import DamagedError, NullStore, StoreError

if TYPE_CHECKING:
    from stt_cli.ledger.sqlite.store import SqliteStore

FILE_NAME = "ledger.sqlite"
ON, OFF = "on", "off"
_OFF = {"off", "0", "no", "false"}
_ON = {"", "on", "1", "yes", "true"}


class _Value(Protocol):
    @property
    def value(self) -> str: ...


class ReadsSettings(Protocol):
    """As much of ``Settings`` as the ledger needs."""

    def value(self, name: str) -> _Value | None:
        """Return a top-level setting."""


def open_ledger(
    environment: Environment,
    settings: ReadsSettings | None = None,
    *,
    warn: Callable[[Notice], None] = lambda _notice: None,
) -> Ledger:
    """Open the ledger for writing; never fails for the state of disk or network.

    ``STT_LEDGER=off`` gives a ledger that keeps nothing. So does a folder that
    cannot be written, with a ``notice``, or a database that cannot be reached. A
    damaged file is moved aside under a new name, a new one begun, and ``notice``
    says so.

    Args:
        warn: is called with the notice, now or when a later write fails.

    Raises:
        ConfigurationError: the setting is neither on, off nor an address that
            can be read, or what a shared ledger needs is not installed.
    """
    choice = choose(environment, settings)
    if choice == OFF:
        return Ledger(environment, NullStore())
    if choice != ON:
        from stt_cli.ledger.postgres.opening import open_shared, origin

        store, notice = open_shared(choice, environment)
        return Ledger(environment, store, notice, warn, origin=origin(environment))
    path = ledger_path(environment)
    place = Place(path, environment)
    store, notice = place.open()
    return Ledger(environment, store, notice, warn, place.after)


def choose(environment: Environment, settings: ReadsSettings | None = None) -> str:
    """Return ``on``, ``off`` or a database's address, as the user wants it.

    Raises:
        ConfigurationError: it is set to something else.
    """
    found = settings.value("ledger") if settings else None
    text = found.value if found else environment.variables.get("STT_LEDGER", "")
    choice = text.strip()
    if is_database(choice):
        return choice
    if choice.lower() in _OFF | _ON:
        return ON if choice.lower() in _ON else OFF
    # What is no word may be an address with a mistake in it, and a password.
    told = repr(choice) if choice.isalnum() else "what it cannot be"
    raise ConfigurationError(
        f"the ledger is set to {told}",
        hint="STT_LEDGER takes on, off or postgresql://user:password@host/database",
    )


def ledger_path(environment: Environment) -> Path:
    """Return where the ledger stands."""
    return environment.directories.state / FILE_NAME


class Place:
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
                f"the ledger {self._path} cannot be used: {words}; "
                "this run is not in it",
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
            return _sqlite(self._path), None
        except DamagedError as fault:
            return self._anew(fault)

    def _anew(self, fault: DamagedError) -> Opened:
        with _alone(self._path.parent):
            if self._path.stat().st_ino != self._inode:
                # Another process met the damage first and has begun a new one.
                return _sqlite(self._path), None
            aside = self._move_aside()
            self._inode = prepare(self._path)
            store = _sqlite(self._path)
        return store, Notice(
            f"the ledger was damaged ({fault}); a new one was begun",
            hint=f"the old one is kept as {aside}",
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


def _sqlite(path: Path) -> SqliteStore:
    from stt_cli.ledger.sqlite.store import SqliteStore

    return SqliteStore(path)


def prepare(path: Path) -> int:
    """Make folder (0700) and file (0600); SQLite's side files take the file's mode.

    Returns:
        The file's inode, by which a damaged file is known again.
    """
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077 and folder.stat().st_uid == _own_uid():
        folder.chmod(0o700)
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
