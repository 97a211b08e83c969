"""Opening the ledger: whatever is wrong with it, the run goes on and is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from stt_cli.core.database_address import is_database
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.events import Notice
from stt_cli.ledger.ledger import Ledger
from stt_cli.ledger.store import NullStore

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
    from stt_cli.ledger.sqlite.opening import LedgerFile

    path = ledger_path(environment)
    file = LedgerFile(path, environment)
    store, notice = file.open()
    return Ledger(environment, store, notice, warn, file.after)


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
    shown = repr(choice) if choice.isalnum() else "an invalid value"
    raise ConfigurationError(
        f"the ledger is set to {shown}",
        hint="set STT_LEDGER to on, off or postgresql://user:password@host/database",
    )


def ledger_path(environment: Environment) -> Path:
    """Return where the ledger stands."""
    return environment.directories.state / FILE_NAME
