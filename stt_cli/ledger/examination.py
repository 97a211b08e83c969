"""The ledger as ``stt doctor`` sees it: nothing is changed, nothing moved."""

from __future__ import annotations

from stt_cli.core.catalogue import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.ledger.opening import ReadsSettings, ledger_path, prepare, wanted
from stt_cli.ledger.store import DamagedError, StoreError

_NAME = "ledger"


def check_ledger(environment: Environment, settings: ReadsSettings | None) -> Check:
    """Read every page of the ledger and say how it is."""
    try:
        if not wanted(environment, settings):
            return Check(_NAME, "ok", "turned off: no history is kept")
        path = ledger_path(environment)
    except SttError as error:
        return Check.failed(_NAME, error)
    try:
        prepare(path)
        count, faults = _examine(environment)
    except DamagedError as fault:
        return _damaged(str(path), str(fault))
    except (StoreError, OSError) as fault:
        words = getattr(fault, "strerror", None) or str(fault)
        return Check(
            _NAME,
            "warning",
            f"{path} cannot be used: {words}",
            "make the folder writable, or set STT_HOME, or STT_LEDGER=off",
        )
    if faults:
        return _damaged(str(path), "; ".join(faults))
    return Check(_NAME, "ok", f"{path}, {count} operation{'s' * (count != 1)}")


def _examine(environment: Environment) -> tuple[int, list[str]]:
    from stt_cli.ledger.sqlite_store import SqliteStore

    store = SqliteStore(ledger_path(environment))
    try:
        faults = store.integrity()
        return (0, faults) if faults else (store.count(), [])
    finally:
        store.close()


def _damaged(path: str, words: str) -> Check:
    error = ConfigurationError(
        f"{path} is damaged: {words}",
        hint="the next run that meets the damage keeps it aside and begins anew",
    )
    return Check.failed(_NAME, error)
