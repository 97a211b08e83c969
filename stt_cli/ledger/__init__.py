"""What was sent, when, and with which IDs: in the user's own file, or a shared one."""

from __future__ import annotations

from stt_cli.ledger.lease import AlreadySubmitted, Busy, Granted
from stt_cli.ledger.ledger import Ledger
from stt_cli.ledger.opening import open_ledger
from stt_cli.ledger.operation import (
    WHOSE,
    LearnedId,
    Operation,
    OperationRecorder,
    QueueEntry,
    folded,
)
from stt_cli.ledger.queue import NewSubmission
from stt_cli.ledger.search import LedgerQuery

__all__ = [
    "WHOSE",
    "AlreadySubmitted",
    "Busy",
    "Granted",
    "LearnedId",
    "Ledger",
    "LedgerQuery",
    "NewSubmission",
    "Operation",
    "OperationRecorder",
    "QueueEntry",
    "folded",
    "open_ledger",
]
