"""The ledger as ``stt doctor`` sees it: nothing is changed, nothing moved."""

from __future__ import annotations

from pathlib import Path

from stt_cli.core.catalog import Check
from stt_cli.core.database_address import shown_address
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.ledger.opening import OFF, ON, ReadsSettings, choose, ledger_path
from stt_cli.ledger.operation import Operation
from stt_cli.ledger.search import LedgerQuery
from stt_cli.ledger.store import DamagedError, StoreError

_NAME = "ledger"


def check_ledger(environment: Environment, settings: ReadsSettings | None) -> Check:
    """Read every page of the ledger and say how it is."""
    try:
        choice = choose(environment, settings)
        if choice == OFF:
            return Check(_NAME, "ok", "disabled: no history is kept")
        if choice != ON:
            return _shared(choice, environment)
        path = ledger_path(environment)
    except SttError as error:
        return Check.failed(_NAME, error)
    try:
        count, damaged, faults = _examine(path)
    except DamagedError as fault:
        return _damaged(str(path), str(fault))
    except (StoreError, OSError) as fault:
        words = getattr(fault, "strerror", None) or str(fault)
        return Check(
            _NAME,
            "warning",
            f"cannot use {path}: {words}",
            "make the folder writable, or set STT_HOME, or STT_LEDGER=off",
        )
    if faults:
        return _damaged(str(path), "; ".join(faults))
    words = f"{path}, {count} operation{'s' * (count != 1)}"
    if damaged:
        return Check(
            _NAME,
            "warning",
            f"{words}, {damaged} of them damaged",
            "the others are intact; another program or a disk error changed the file",
        )
    return Check(_NAME, "ok", words)


def _examine(path: Path) -> tuple[int, int, list[str]]:
    """Return how many operations there are, how many are damaged, and the faults."""
    from stt_cli.ledger.sqlite.opening import prepare
    from stt_cli.ledger.sqlite.store import SqliteStore

    prepare(path)
    store = SqliteStore(path)
    try:
        faults = store.integrity()
        if faults:
            return 0, 0, faults
        damaged = sum(
            not isinstance(row, Operation) or row.damage is not None
            for row in store.rows(LedgerQuery())
        )
        return store.count(), damaged, []
    finally:
        store.close()


def _shared(address: str, environment: Environment) -> Check:
    """Say how a shared ledger is; one that cannot be used is a failure.

    Whoever named it wants it, and would learn from a warning when it is too late.
    """
    from stt_cli.ledger.postgres.opening import connected

    shown = shown_address(address)
    try:
        store = connected(address, environment)
        try:
            count, server, lacking = store.count(), store.server, store.lacking()
        finally:
            store.close()
    except StoreError as fault:
        error = ConfigurationError(
            f"cannot use {shown}: {fault}",
            hint="stt works without a ledger; contact the database administrator",
        )
        return Check.failed(_NAME, error)
    words = f"{shown}, {server}, {count} operation{'s' * (count != 1)}"
    if lacking:
        return Check(
            _NAME,
            "warning",
            f"{words}, but this user may not {', '.join(lacking)}",
            "history is readable, but this user's runs are not recorded",
        )
    return Check(_NAME, "ok", words)


def _damaged(path: str, words: str) -> Check:
    error = ConfigurationError(
        f"{path} is damaged: {words}",
        hint="the next run that finds the damage will set the file aside and start "
        "a new one",
    )
    return Check.failed(_NAME, error)
