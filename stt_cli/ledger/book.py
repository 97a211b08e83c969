"""The ledger as commands use it: begin an operation, learn its IDs, finish it.

Each of these is written when the call returns, so a process killed at any moment
leaves every ID it knew; IDs survive a power cut as well. Every text passes the
run's redactor first, and no caller hands over what was said.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.core.events import Notice
from stt_cli.core.exchange import Trail
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.row import STARTED, LedgerQuery, Row, stamp
from stt_cli.ledger.store import Columns, Nothing, Store, StoreError
from stt_cli.version import __version__

Opened = tuple[Store, Notice | None]
"""A store, and what to tell the user about it."""


class Ledger:
    """What was sent, in a store that may turn out to be unusable.

    ``notice`` is what to tell the user: why nothing is kept, or that a damaged
    file was moved aside. A store that fails later (a full disk) is given up:
    the run goes on, ``notice`` is set and ``warn`` called.
    """

    def __init__(
        self,
        environment: Environment,
        store: Store,
        notice: Notice | None = None,
        warn: Callable[[Notice], None] = lambda _notice: None,
        recover: Callable[[StoreError], Opened] = lambda fault: (Nothing(), None),
    ) -> None:
        self.notice = notice
        self._environment = environment
        self._store = store
        self._warn = warn
        self._recover = recover
        if notice:
            warn(notice)

    @property
    def keeps(self) -> bool:
        """Whether anything is written."""
        return not isinstance(self._store, Nothing)

    def begin(
        self,
        command: str,
        provider: str,
        input: str | None,  # noqa: A002 - the contract's own word
        *,
        ids: Identifiers = Identifiers(),  # noqa: B008 - it is frozen
        facts: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Entry:
        """Write an operation down before anything of it is sent."""
        clean = self._environment.redactor.clean
        row = Row(
            key=self._environment.new_hex_id(),
            command=clean(command),
            provider=clean(provider),
            input=clean(input) if input is not None else None,
            started=self._now(),
            ended=None,
            status=STARTED,
            http_status=None,
            error_code=None,
            error=None,
            versions=versions(),
            ids=Identifiers.from_mapping({k: clean(v) for k, v in ids.items()}),
            facts={k: clean(v) for k, v in facts.items() if v},
        )
        self._try(lambda: self._store.add(row))
        return Entry(self, row.key, Trail(self._environment.now).open())

    def entry(self, key: str) -> Entry:
        """Return an operation of the past to go on with, by its key."""
        return Entry(self, key)

    def cleaned(self, trail: Trail) -> dict[str, str]:
        """Return what a trail tells, without secrets."""
        return trail.facts(self._environment.redactor.clean)

    def search(self, query: LedgerQuery) -> Iterator[Row]:
        """Yield the operations that match, newest first."""
        try:
            yield from self._store.rows(query)
        except StoreError as fault:
            self._give_up(fault, "read")

    def recent(self, limit: int = 1) -> list[Row]:
        """Return the newest operations, newest first."""
        return list(self.search(LedgerQuery(limit=limit)))

    def find(self, id_value: str) -> Row | None:
        """Return the newest operation with this ID, dashes and case ignored."""
        try:
            return self._store.with_id(id_value)
        except StoreError as fault:
            self._give_up(fault, "read")
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def change(
        self,
        key: str,
        columns: Columns | None = None,
        ids: Identifiers | None = None,
        facts: Mapping[str, str | None] | None = None,
    ) -> None:
        """Write changes of one operation; ``Entry`` has a name for each kind."""
        clean = self._environment.redactor.clean
        set_columns = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in (columns or {}).items()
        }
        new_ids = [(name, clean(value)) for name, value in ids.items()] if ids else []
        new_facts = {k: clean(v) for k, v in (facts or {}).items() if v}
        if set_columns or new_ids or new_facts:
            now = self._now()
            self._try(
                lambda: self._store.change(key, set_columns, new_ids, new_facts, now)
            )

    def now(self) -> str:
        """Return the time as it is written."""
        return self._now()

    def _now(self) -> str:
        return stamp(self._environment.now())

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except StoreError as fault:
            # Better a run without a ledger than no run: its IDs are on stderr.
            self._give_up(fault, "written")
            with suppress(StoreError):
                write()  # into the new store, where recovery began one

    def _give_up(self, fault: StoreError, verb: str) -> None:
        self._store.close()
        self._store, notice = self._recover(fault)
        self.notice = notice or Notice(
            f"the ledger cannot be {verb}: {fault}",
            hint="keep the IDs printed here; `stt doctor` examines the ledger",
        )
        self._warn(self.notice)


class Entry:
    """One operation in the ledger, while it goes on.

    ``trail`` has the requests of an operation that this process began.
    """

    def __init__(self, ledger: Ledger, key: str, trail: Trail | None = None) -> None:
        self.key = key
        self._ledger = ledger
        self._trail = trail

    def learn(self, ids: Identifiers, **facts: str | None) -> None:
        """Add IDs at once, before anything else is done with them; facts with them."""
        self._ledger.change(self.key, ids=ids, facts=facts)

    def note(self, **facts: str | None) -> None:
        """Set facts, such as ``endpoint``, ``region``, ``language``, ``transport``."""
        self._ledger.change(self.key, facts=facts)

    def state(self, status: str) -> None:
        """Set the status of an operation that goes on, such as ``queued``."""
        self._ledger.change(self.key, {"status": status})

    def finish(self, status: str, *, error: SttError | None = None) -> None:
        """Write how it ended, with the error's words and the IDs it carries."""
        columns: dict[str, str | int | None] = {
            "status": status,
            "ended": self._ledger.now(),
            "http_status": error.http_status if error else None,
            "error_code": error.code if error else None,
            "error": error.message if error else None,
        }
        facts: dict[str, str | None] = dict(self._exchange())
        if error:
            facts["provider_code"] = error.provider_code
        self._ledger.change(self.key, columns, error.ids if error else None, facts)

    def note_exchange(self) -> None:
        """Keep the request and its answer of an operation that goes on elsewhere."""
        self.note(**self._exchange())

    def _exchange(self) -> dict[str, str]:
        return self._ledger.cleaned(self._trail) if self._trail else {}


def versions() -> str:
    """Return what runs here, for support: ours, Python's and the system's."""
    system = f"{platform.system()} {platform.machine()}"
    return f"stt {__version__}, Python {platform.python_version()}, {system}"
