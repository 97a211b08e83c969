"""Whose turn a recording is: the answers to a claim."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.ledger.row import Row


@dataclass(frozen=True, slots=True)
class Yours:
    """The recording is this process's to submit, as the operation ``row``.

    That is the one that asked, or an earlier one of the same bytes and options
    whose process has died: then it is gone on with, and the one that asked is
    taken out of the ledger.
    """

    row: Row


@dataclass(frozen=True, slots=True)
class Known:
    """The same bytes with the same options are a job already: that of ``row``."""

    row: Row


@dataclass(frozen=True, slots=True)
class Busy:
    """Another living process or thread is submitting the same, as ``row``."""

    row: Row


Claim = Yours | Known | Busy
