"""What was sent, when, and with which IDs: in the user's own file, or a shared one."""

from __future__ import annotations

from stt_cli.ledger.ledger import Ledger
from stt_cli.ledger.opening import open_ledger
from stt_cli.ledger.operation import LearnedId, LedgerQuery, Operation
from stt_cli.ledger.recorder import OperationRecorder

__all__ = [
    "LearnedId",
    "Ledger",
    "LedgerQuery",
    "Operation",
    "OperationRecorder",
    "open_ledger",
]
