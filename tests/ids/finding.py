"""Short ways to search a piece of text."""

from __future__ import annotations

import io

from stt_cli.ids.extract import Finder
from stt_cli.ids.finding import KINDS, Finding
from stt_cli.ids.patterns import USUAL_KINDS

ALL = frozenset(KINDS)


def found(text: str | bytes, kinds: frozenset[str] = ALL) -> list[Finding]:
    """Return what is found in ``text``."""
    data = text.encode() if isinstance(text, str) else text
    return list(Finder(kinds).find("log", io.BytesIO(data).readinto))


def pairs(text: str | bytes, kinds: frozenset[str] = ALL) -> list[tuple[str, str]]:
    """Return kinds and IDs alone."""
    return [(finding.kind, finding.id) for finding in found(text, kinds)]


def usual(text: str | bytes) -> list[str]:
    """Return what ``stt session-id`` prints for ``text``."""
    return [
        finding.id
        for finding in found(text, USUAL_KINDS)
        if finding.kind in USUAL_KINDS
    ]
