"""One operation in the ledger, while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stt_cli.core.errors import SttError
from stt_cli.core.identifiers import Identifiers
from stt_cli.ledger.queue import INTERRUPTED, NO_STEP, SENT, STEP
from stt_cli.net.http_trace import Trail

if TYPE_CHECKING:
    from stt_cli.ledger.ledger import Ledger


_NO_ERROR = {"http_status": None, "error_code": None, "error": None}


class OperationRecorder:
    """One operation in the ledger; each change is written when its call returns.

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

    def set_status(self, status: str, *, flush: bool = False) -> None:
        """Set the status of an operation that goes on, such as ``queued``."""
        self._ledger.change(self.key, {"status": status}, flush=flush)

    def set_job_status(self, status: str, error: SttError | None = None) -> None:
        """Set where a job stands, and why it failed; the operation stays open."""
        if error is None:
            self.set_status(status)
        else:
            self._end(status, error, ended=None)

    def record_step(self, step: str, ids: Identifiers) -> None:
        """Bring a step and its IDs to the disk, before its request is sent."""
        facts: dict[str, str | None] = {STEP: step, SENT: self._ledger.now()}
        self._ledger.change(self.key, {"status": step}, ids, facts, flush=True)

    def record_job(
        self, job_id: str, ids: Identifiers, status: str, **facts: str | None
    ) -> None:
        """Write down, all at once, that the service has taken it."""
        facts |= {"job_id": job_id, **self._exchange()}
        columns = {"status": status, **_NO_ERROR}
        self._ledger.change(self.key, columns, ids, facts, flush=True)

    def finish(self, status: str, *, error: SttError | None = None) -> None:
        """Write how it ended, with the error's words and the IDs it carries."""
        self._end(status, error, ended=self._ledger.now())

    def fail_for_now(self, error: SttError, *, not_taken: bool = False) -> None:
        """Write why it failed, and leave it open for any process to go on with.

        Args:
            not_taken: the service's answer says that it did not take the last
                step, so that it need not be looked for there.
        """
        facts = {STEP: NO_STEP} if not_taken else {}
        self._end(INTERRUPTED, error, ended=None, **facts)
        self._ledger.release(self.key)

    def note_exchange(self) -> None:
        """Keep the request and its answer of an operation that goes on elsewhere."""
        self.note(**self._exchange())

    def _end(
        self, status: str, error: SttError | None, ended: str | None, **facts: str
    ) -> None:
        columns: dict[str, str | int | None] = {
            "status": status,
            "ended": ended,
            "http_status": error.http_status if error else None,
            "error_code": error.code if error else None,
            "error": error.message if error else None,
        }
        told: dict[str, str | None] = {**self._exchange(), **facts}
        if error:
            told["provider_code"] = error.provider_code
        self._ledger.change(self.key, columns, error.ids if error else None, told)

    def _exchange(self) -> dict[str, str]:
        return self._ledger.cleaned(self._trail) if self._trail else {}
