"""What a match in text identifies, after a look at what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stt_cli.ids.json_documents import LINKS_TO_PARTS, is_main, key_before
from stt_cli.ids.patterns import (
    AZURE_RESOURCE,
    COLLECTIONS,
    CONNECTION,
    LABELLED_SESSION,
    SPX_COLUMN,
    Pattern,
)

_HEX = re.compile(r"[0-9A-Fa-f]{32}")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_KEEP_CASE = frozenset(("service_tag", "transaction", "trace", "client_reference"))
_LOOK_BACK = 64 << 10
_URL_STARTS = re.compile(r"[^\s\"'(<>=]*\Z")
_BRACES = re.compile(r"[{}]")
_ONE_CASE_NAMES = (b"sessionid", b"SESSIONID")


@dataclass(frozen=True, slots=True)
class Reading:
    """An ID and its kind; ``at`` is the offset where it stands.

    ``column`` is set where a table begins: its sessions stand in that column.
    """

    kind: str
    id: str
    found_as: str
    at: int
    time: str | None = None
    honoured: bool | None = None
    column: int | None = None


def normalised(kind: str, identifier: str) -> str:
    """Return the ID in the one spelling that it is compared and printed in."""
    if kind not in _KEEP_CASE and (
        _HEX.fullmatch(identifier) or _GUID.fullmatch(identifier)
    ):
        return identifier.lower()
    return identifier


def ids_of(pattern: Pattern, match: re.Match[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the kinds and IDs that a match names, as yet unjudged."""
    identifier = match["id"].decode()
    if pattern is AZURE_RESOURCE:
        kind = COLLECTIONS[match["collection"]]
        yield kind, normalised(kind, identifier)
        if match["file"]:
            yield "file", normalised("file", match["file"].decode())
    elif pattern is CONNECTION:
        kind = "session" if _HEX.fullmatch(identifier) else "connection"
        yield kind, normalised(kind, identifier)
    else:
        yield pattern.kind, normalised(pattern.kind, identifier)


def readings(
    pattern: Pattern, match: re.Match[bytes], start: int, end: int
) -> Iterator[Reading]:
    """Yield what a match means within its record, ``start`` to ``end``."""
    buffer, at = match.string, match.start("id")
    line = buffer.rfind(b"\n", start, at) + 1 or start
    before = buffer[line : match.start()]
    if pattern is SPX_COLUMN:
        column = buffer[line : match.start("id")].count(b"\t")
        yield Reading("session", "", pattern.found_as, at, column=column)
        return
    if pattern is LABELLED_SESSION and _is_cookie(match[0], before):
        return
    if pattern is AZURE_RESOURCE and not _is_body(buffer, start, match):
        return
    for kind, identifier in ids_of(pattern, match):
        honoured = None
        if pattern is CONNECTION:
            if kind == "connection" and not _looks_like_an_id(identifier):
                return
            honoured = _honoured(kind, buffer[line:end].partition(b"\n")[0])
        yield Reading(kind, identifier, pattern.found_as, at, honoured=honoured)


def _honoured(kind: str, line: bytes) -> bool | None:
    """Azure 8.4 speaks of REST; a WebSocket's upgrade fails outright (3.1)."""
    if kind == "session":
        return True
    return None if b"wss://" in line or b"ws://" in line else False


def _looks_like_an_id(text: str) -> bool:
    """Whether this is a value at all: ``null`` and ``missing`` are words."""
    return len(text) >= 8 and any(map(str.isdigit, text))


def _is_cookie(matched: bytes, before: bytes) -> bool:
    """A web application's own ``sessionid=…`` cookie may have 32 hex digits."""
    return matched.startswith(_ONE_CASE_NAMES) and b"ookie" in before


def _is_body(buffer: bytes | bytearray, start: int, match: re.Match[bytes]) -> bool:
    """Whether an address in a torn document names the document itself."""
    floor = max(start, match.start() - _LOOK_BACK)
    before = bytes(buffer[floor : match.start()]).decode("latin-1")
    before = before.replace("\\", "")
    address = _URL_STARTS.search(before)
    position = address.start() if address else len(before)
    if not before[:position].endswith(('"', "'")):
        return True
    key = key_before(before.replace("'", '"'), position - 1)
    if key is None:
        return True
    parent = _enclosing_key(before, position)
    if parent == "links" or (key in LINKS_TO_PARTS and parent is None):
        return False
    is_transcription = match["collection"] == b"transcriptions"
    return not is_transcription or parent is None or is_main((parent,))


def _enclosing_key(text: str, position: int) -> str | None:
    """Return the key of the object that ``position`` lies in, braces counted back."""
    depth = 0
    for brace in reversed(list(_BRACES.finditer(text, 0, position))):
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            return key_before(text.replace("'", '"'), brace.start())
    return None
