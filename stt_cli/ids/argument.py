"""An ID as a person pastes it: in quotes or braces, with its label, as a URL."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_WRAPPING = " \t\r\n\"'`{}()[]<>*,;\u201c\u201d\u2018\u2019\u00a0\u200b\ufeff"
_LONGEST = 8192


def id_from(text: str) -> str:
    """Return the ID that an argument holds; what holds none is returned as it is.

    Of a job's address that is the job: ``self`` of a response, with or without
    ``/files`` behind it. GUIDs with dashes come in small letters, as services
    write them.
    """
    plain = text.strip(_WRAPPING)
    if not _PLAIN.fullmatch(plain):
        plain = _labeled(plain[:_LONGEST]) or plain
    return plain.lower() if _GUID.fullmatch(plain) else plain


def _labeled(text: str) -> str | None:
    import io

    from stt_cli.ids.extract import Finder
    from stt_cli.ids.finding import DEFAULT_KINDS, KINDS

    data = text.encode("utf-8", "replace")
    finder = Finder(frozenset(KINDS), details=False)
    found = list(finder.find("argument", io.BytesIO(data).readinto))
    usual = [one for one in found if one.kind in DEFAULT_KINDS]
    if usual or found:
        return (usual or found)[0].id
    guids: set[str] = set(_GUID.findall(text))
    if len(guids) == 1:
        return guids.pop()
    # The last word is an ID of a shape that no label tells: "job id: stt-7".
    last = text.rpartition(":")[2].strip(_WRAPPING) if "://" not in text else ""
    return last if _PLAIN.fullmatch(last) and any(map(str.isdigit, last)) else None
