"""Short ways to search a piece of text."""

from __future__ import annotations

import io

from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import DEFAULT_KINDS, KINDS, Finding

ALL = frozenset(KINDS)
USUAL = frozenset(DEFAULT_KINDS)


def found(text: str | bytes, kinds: frozenset[str] = ALL) -> list[Finding]:
    """Return what is found in ``text``."""
    data = text.encode() if isinstance(text, str) else text
    return list(Finder(kinds).find("log", io.BytesIO(data).readinto))


def pairs(text: str | bytes, kinds: frozenset[str] = ALL) -> list[tuple[str, str]]:
    """Return kinds and IDs alone; sessions in small letters."""
    return [(finding.kind, told(finding)) for finding in found(text, kinds)]


def usual(text: str | bytes) -> list[str]:
    """Return what ``stt session-id`` prints for ``text``."""
    data = text.encode() if isinstance(text, str) else text
    finder = Finder(USUAL, others=False)
    return [
        told(finding)
        for finding in finder.find("log", io.BytesIO(data).readinto)
        if finding.kind in USUAL
    ]


def told(finding: Finding) -> str:
    """Return the ID; those of an SDK in small letters, however they stand there."""
    is_any_case = finding.kind in ("session", "request")
    return finding.id.lower() if is_any_case else finding.id
