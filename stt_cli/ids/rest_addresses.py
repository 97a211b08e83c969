"""Addresses of Azure's REST interface, which stand in the bodies of each other.

A transcription's body holds the addresses of its model, its project and its files:
only the document's own address names the transcription (Azure 5.8). In a torn
document the keys ahead of an address tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stt_cli.ids.catalog import AZURE_COLLECTIONS
from stt_cli.ids.decoding import decoded
from stt_cli.ids.reading import Reading

AZURE_ADDRESS = "Azure REST address"
"""How IDs out of such an address are said to be found."""

_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
AZURE_RESOURCE = re.compile(
    r"/speechtotext/(?:v[0-9]+\.[0-9]+(?:-preview\.[0-9]+)?/)?"
    rf"(?P<collection>{'|'.join(AZURE_COLLECTIONS)})/"
    rf"(?P<id>{_GUID})(?![0-9A-Za-z_-])"
    rf"(?:/files/(?P<file>{_GUID})(?![0-9A-Za-z_-]))?"
)
"""Swagger of v3.1 to 2025-10-15; from 2024-11-15 on a query follows the GUID."""

LINKS_TO_PARTS = frozenset(("files", "contentUrl"))
"""Keys of ``links`` whose address may hold the GUID of another transcription."""

_LOOK_BACK, _LOOK_AHEAD = 64 << 10, 512
_URL_STARTS = re.compile(r"[^\s\"'(<>=]*\Z")
_BRACES = re.compile(r"[{}]")
_KEY_BEFORE = re.compile(r'"([^"\\]{1,64})"\s*:\s*\Z')
_ARRAY_KEY_BEFORE = re.compile(r'"([^"\\]{1,64})"\s*:\s*\[\s*\Z')

# The objects of Azure's bodies that speak of something else than the body.
_REFERENCES = frozenset(
    {
        "model",
        "models",
        "model1",
        "model2",
        "baseModel",
        "project",
        "dataset",
        "datasets",
        "endpoint",
        "evaluation",
        "links",
        "properties",
        "customProperties",
        "speechModelMapping",
    }
)


def azure_ids(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield the kinds and IDs that an address names."""
    yield AZURE_COLLECTIONS[match["collection"]], match["id"]
    if match["file"]:
        yield "file", match["file"]


def key_before(text: str, position: int) -> str | None:
    """Return the key whose value, or whose array's first member, starts here."""
    before = text[max(0, position - 128) : position]
    match = _KEY_BEFORE.search(before) or _ARRAY_KEY_BEFORE.search(before)
    return match[1] if match else None


def is_main(path: tuple[str, ...]) -> bool:
    """Whether an object under these keys is a body itself, not part of one."""
    return _REFERENCES.isdisjoint(path)


def address_readings(
    buffer: bytes | bytearray, start: int, at: int, limit: int
) -> Iterator[Reading]:
    """Yield what an address names that holds ``at`` and stands in no whole document.

    ``start`` is where its record begins.
    """
    floor = max(start, at - _LOOK_BACK)
    before = decoded(bytes(buffer[floor:at]).decode("latin-1"))
    behind = bytes(buffer[at : min(limit, at + _LOOK_AHEAD)]).decode("latin-1")
    text = before + decoded(behind)
    for match in AZURE_RESOURCE.finditer(text, max(0, len(before) - 32)):
        if match.start() > len(before):
            return
        if not _is_body(text[: match.start()].replace("\\", ""), match):
            return
        for kind, identifier in azure_ids(match):
            place = at + max(0, behind.find(identifier))
            yield Reading(kind, identifier, AZURE_ADDRESS, place, vendor="azure")


def _is_body(before: str, match: re.Match[str]) -> bool:
    """Whether an address in a torn document names the document itself."""
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
    is_transcription = match["collection"] == "transcriptions"
    return not is_transcription or parent is None or is_main((parent,))


def _enclosing_key(text: str, position: int) -> str | None:
    """Return the key of the object that ``position`` lies in, braces counted back."""
    depth = 0
    for brace in reversed(list(_BRACES.finditer(text, 0, position))):
        depth += 1 if brace[0] == "}" else -1
        if depth < 0:
            return key_before(text.replace("'", '"'), brace.start())
    return None
