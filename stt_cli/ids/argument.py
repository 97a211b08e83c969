"""An ID as a person pastes it: in quotes or braces, with its label, as a URL."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ANY_CASE = re.compile(rf"(?:stt-)?[0-9a-f]{{32}}|{_GUID.pattern}", re.IGNORECASE)
_AROUND = " \t\r\n\"'`{}()[]<>*,;\u201c\u201d\u2018\u2019\u00a0\u200b\ufeff"
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_LABELED = re.compile(r"[\w\s\"'.-]{0,60}?id[\"']?\s*[:=](.+)", re.I | re.S)
_COLLECTIONS = ("transcriptions", "recognitions", "sessions", "jobs")
_LONGEST = 8192


def id_from(text: str) -> str:
    """Return the ID that an argument holds; what holds none is returned as it is.

    Of a job's address that is the job: ``self`` of a response, with or without
    ``/files`` behind it. Hex digits come in small letters, as services write them;
    in an ID of another shape capitals may mean something.
    """
    plain = text.strip(_AROUND)
    if not _PLAIN.fullmatch(plain):
        plain = _taken_apart(plain[:_LONGEST]) or plain
    return plain.lower() if _ANY_CASE.fullmatch(plain) else plain


def _taken_apart(text: str) -> str | None:
    guids: set[str] = set(_GUID.findall(text))
    if len(guids) == 1:
        return guids.pop()
    return _found(text) or _in_address(text) or _behind_label(text)


def _found(text: str) -> str | None:
    """Return what a search of a log would find in it, jobs and sessions first."""
    import io

    from stt_cli.ids.extract import Finder
    from stt_cli.ids.finding import DEFAULT_KINDS, KINDS

    data = text.encode("utf-8", "replace")
    finder = Finder(frozenset(KINDS), details=False)
    found = list(finder.find("argument", io.BytesIO(data).readinto))
    usual = [one for one in found if one.kind in DEFAULT_KINDS]
    return next((one.id for one in (*usual, *found)), None)


def _in_address(text: str) -> str | None:
    """Return what the path of an address names: behind its collection, or last."""
    address = _ADDRESS.search(text)
    if address is None:
        return None
    try:
        path = unquote(urlsplit(address[0]).path)
    except ValueError:
        return None
    parts = [part for part in path.split("/") if part]
    behind = [
        after for before, after in pairwise(parts) if before.lower() in _COLLECTIONS
    ]
    return next(reversed(behind or parts), None)


def _behind_label(text: str) -> str | None:
    labeled = _LABELED.fullmatch(text)
    return labeled[1].strip(_AROUND) if labeled else None
