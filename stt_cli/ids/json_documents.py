"""IDs in JSON: which of a document's many GUIDs identifies what.

A transcription's body holds the GUIDs of its model, its project and, in
``links.files``, sometimes of another transcription: only the ``self`` of the
document itself, or of the members of its ``values``, names the transcription
(Azure 5.8). Services other than Azure call everything ``id``: the keys beside it
tell a transcription from a file or a job (Soniox 5, Watson 5, Scriptix 4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stt_cli.ids.catalog import CATALOG, KINDS
from stt_cli.ids.rest_addresses import (
    AZURE_ADDRESS,
    AZURE_RESOURCE,
    LINKS_TO_PARTS,
    azure_ids,
    is_main,
    key_before,
)

LONGEST_DOCUMENT = 4 << 20
"""Bytes of JSON that are parsed at a time; what is longer is searched as text."""

_MOST_ATTEMPTS = 16
_OPENER = re.compile(r"[{\[](?=\s*[{\[\"])")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_HEX = re.compile(r"[0-9A-Fa-f]{32}")
_OPAQUE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{3,127}")
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f]{1,256}")
_decoder = json.JSONDecoder(strict=False)

_TIME_KEYS = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "createdDateTime",
    "created_at",
    "created",
    "privEventTime",
    "startedDateTime",
]
_WATSON_STATES = frozenset(("waiting", "processing", "completed", "failed"))
_SONIOX_STATES = frozenset(("queued", "processing", "completed", "error"))
_WEB_HOOK = {"id", "status"}  # all that Soniox sends (Soniox 7)
SCRIPTIX_KEYS = frozenset(
    [
        "filename",
        "media_type",
        "session_mode",
        "upload_url",
        "zoom_id",
        "documentId",
        "document",
        "new_session_uri",
    ]
)
"""Keys beside a session ID that has no shape of its own (Scriptix 3 and 4)."""

SCRIPTIX_STATES = frozenset(
    [
        "new",
        "uploaded",
        "queued",
        "pending",
        "processing",
        "running",
        "completed",
        "done",
        "failed",
        "error",
        "loading",
        "listening",
        "stopped",
        "shutting_down",
    ]
)
"""What its status or state says there (Scriptix 5 and 11)."""

_VENDORS = frozenset(one.vendor for one in CATALOG if one.vendor)
_ID_KEYS = frozenset(f"{kind}_id" for kind in KINDS) | {"service_tag"}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed JSON value and where it stands; ``under`` is the key before it."""

    start: int
    end: int
    value: Any
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """An ID whose kind the document's structure tells."""

    kind: str
    id: str
    found_as: str
    time: str | None = None

    @property
    def vendor(self) -> str | None:
        """Whose document it is, as ``found_as`` begins with it."""
        name = self.found_as.partition(" ")[0].lower()
        return name if name in _VENDORS else None


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the document, ``key: value`` where it has a key, to be searched.

    ``is_address``: the REST address in it is already dealt with.
    """

    text: str
    time: str | None = None
    is_address: bool = False


def documents(text: str) -> Iterator[Document]:
    """Yield the JSON objects and arrays that stand whole in ``text``, in order.

    In a torn document those parts that are whole are yielded, with the key that
    they stand under.
    """
    position, attempts = 0, 0
    while attempts < _MOST_ATTEMPTS:
        opener = _OPENER.search(text, position)
        if opener is None:
            return
        start = opener.start()
        try:
            value, end = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            attempts += 1
            position = start + 1
            continue
        yield Document(start, end, value, key_before(text, start))
        position = end


def walk(document: Document) -> Iterator[Identified | Text]:
    """Yield every ID that the structure tells, and every string, in order."""
    root = () if document.under is None else (document.under,)
    stack: list[tuple[Any, tuple[str, ...], str | None]] = [
        (document.value, root, None)
    ]
    while stack:
        value, path, time = stack.pop()
        if isinstance(value, dict):
            time = time_of(value) or time
            yield from _of_object(value, path, time)
            for key, inner in reversed(value.items()):
                stack.append((inner, (*path, key), time))
        elif isinstance(value, list):
            if path[-1:] == ("MESSAGE",) and (message := _of_journal(value)):
                yield Text(message, time)
                continue
            yield from _of_pair(value, time)
            stack.extend((inner, path, time) for inner in reversed(value))
        elif isinstance(value, str):
            yield from _of_string(value, path, time)


def _of_string(
    value: str, path: tuple[str, ...], time: str | None
) -> Iterator[Identified | Text]:
    key = path[-1] if path else None
    # What a bare address means depends on the keys above it, which only this
    # module knows; everything else is text like any other.
    is_address = "/speechtotext/" in value and not any(map(str.isspace, value))
    if is_address:
        yield from _of_address(value, path, time)
    yield Text(value if key is None else f"{key}: {value}", time, is_address)


def _of_address(
    value: str, path: tuple[str, ...], time: str | None
) -> Iterator[Identified]:
    match = AZURE_RESOURCE.search(value)
    if match is None or "links" in path or LINKS_TO_PARTS.intersection(path[-1:]):
        return
    if match["collection"] == "transcriptions" and not is_main(path[:-1]):
        return
    for kind, identifier in azure_ids(match):
        yield Identified(kind, identifier, AZURE_ADDRESS, time)


def _of_pair(value: list[Any], time: str | None) -> Iterator[Text]:
    """A header as libraries log it: ``["X-ConnectionId", "9f4f…"]``."""
    if len(value) == 2 and all(isinstance(part, str) for part in value):
        yield Text(f"{value[0]}: {value[1]}", time)


def _of_journal(value: list[Any]) -> str | None:
    """Return a message that journald prints as bytes since it holds colors."""
    try:
        return bytes(value).decode("utf-8", "replace")
    except (TypeError, ValueError):
        return None


def _of_object(
    value: dict[str, Any], path: tuple[str, ...], time: str | None
) -> Iterator[Identified | Text]:
    name, its_value = value.get("name"), value.get("value")
    if isinstance(name, str) and isinstance(its_value, str):  # HAR
        yield Text(f"{name}: {its_value}", time)
    if value.get("Name") == "Connection" and _is(_HEX, value.get("Id")):
        yield Identified("session", value["Id"], "telemetry", time)
    for kind, identifier, found_as in (*_main_id(value), *_named_ids(value, path)):
        yield Identified(kind, identifier, found_as, time)


def _main_id(value: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What the ``id`` of an object identifies, judged by the keys beside it."""
    identifier, status = value.get("id"), value.get("status")
    if not _is(_OPAQUE, identifier):
        return
    assert isinstance(identifier, str)
    kind = value.get("kind")
    if kind in KINDS and "source" in value and {"context", "utc", "ids"} & value.keys():
        yield kind, identifier, "JSON of stt"
    elif isinstance(kind, str) and kind in _ID_KEYS and "time" in value:  # a report
        yield kind.removesuffix("_id"), identifier, "JSON of stt"
    elif (
        "provider" in value and "state" in value and isinstance(value.get("ids"), dict)
    ):
        if identifier not in value["ids"].values():
            yield "job", identifier, "JSON of stt"
    elif identifier.startswith("stt_") and status is not None:
        yield "session", identifier, "Scriptix JSON"
    elif _is(_GUID, identifier):
        yield from _by_neighbors(value, identifier, status)


def _by_neighbors(
    value: dict[str, Any], identifier: str, status: object
) -> Iterator[tuple[str, str, str]]:
    event = value.get("event")
    if (isinstance(event, str) and event.startswith("recognitions.")) or (
        status in _WATSON_STATES and "created" in value
    ):
        yield "job", identifier, "Watson JSON"
    elif isinstance(value.get("tokens"), list) or (
        status in _SONIOX_STATES
        and ({"model", "filename"} <= value.keys() or value.keys() == _WEB_HOOK)
    ):
        yield "transcription", identifier, "Soniox JSON"
    elif {"filename", "size", "created_at"} <= value.keys():
        yield "file", identifier, "Soniox JSON"


def _named_ids(
    value: dict[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    """IDs whose key names their kind, where the object vouches for the key."""
    if path and path[-1] == "ids":
        for key in _ID_KEYS & value.keys():
            if _is(_OPAQUE, value[key]):
                yield key.removesuffix("_id"), value[key], "JSON of stt"
    if path[-1:] == ("session",) and _is(_HEX, value.get("id")):
        yield "session", value["id"], "session.id"
    session = value.get("session_id", value.get("sessionId"))
    if (
        _is(_OPAQUE, session)
        and isinstance(session, str)
        and not _is(_HEX, session)
        and _is_of_scriptix(value)
        and "access_token" not in value  # a login, not a recognition (Scriptix 1)
    ):
        yield "session", session, "Scriptix JSON"
    if "sessionId" in value and "documentId" in value:
        yield from _plain(value, "documentId", "document", "Scriptix JSON")
    if isinstance(value.get("document"), dict) and "session_id" in value:
        yield from _plain(value["document"], "id", "document", "Scriptix JSON")
    if "code" in value and "error" in value and _is(_OPAQUE, value.get("trace")):
        yield "trace", value["trace"], "Watson JSON"
    if "self" in value:
        yield from _plain(value, "invocationId", "invocation", "Azure web hook")
    yield from _plain(value, "client_reference_id", "client_reference", "JSON")
    if _is(_GUID, value.get("file_id")):
        yield "file", value["file_id"], "Soniox JSON"


def _is_of_scriptix(value: dict[str, Any]) -> bool:
    # Web servers log a session_id with a status, too: 200.
    states = (value.get("status"), value.get("state"))
    return bool(value.keys() & SCRIPTIX_KEYS) or any(
        isinstance(state, str) and state in SCRIPTIX_STATES for state in states
    )


def _plain(
    value: dict[str, Any], key: str, kind: str, found_as: str
) -> Iterator[tuple[str, str, str]]:
    inner = value.get(key)
    if isinstance(inner, int) and not isinstance(inner, bool):
        inner = str(inner)
    if isinstance(inner, str) and _is(_ONE_LINE, inner):
        yield kind, inner, found_as


def _is(shape: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and shape.fullmatch(value) is not None


def time_of(value: dict[str, Any]) -> str | None:
    """Return the time that an object states, in its own spelling."""
    for key in _TIME_KEYS:
        moment = value.get(key)
        if isinstance(moment, str) and moment[:1].isdigit():
            return moment
    return None
