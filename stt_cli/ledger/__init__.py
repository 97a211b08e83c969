"""What was sent, when, and with which IDs: in the user's own file, or a shared one."""

from __future__ import annotations

from stt_cli.ledger.book import Ledger
from stt_cli.ledger.entry import Entry
from stt_cli.ledger.opening import open_ledger
from stt_cli.ledger.row import LearnedId, LedgerQuery, Row

__all__ = ["Entry", "LearnedId", "Ledger", "LedgerQuery", "Row", "open_ledger"]
