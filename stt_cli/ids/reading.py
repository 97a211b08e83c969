"""What a label and its value identify, judged by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stt_cli.ids import shapes
from stt_cli.ids.catalog import Description
from stt_cli.ids.shapes import id_in
from stt_cli.ids.values import match_at, value_starts

_GUID_OR_HEX = re.compile(
    r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,127}(?![0-9A-Za-z_-])")
_CONNECTION_LABEL = re.compile(r"x[ _.+-]?connection", re.I)

# Lines of our own: `session id: …` alone on its line, behind a time, behind what
# docker compose, kubectl --prefix or the journal put in front, in a report's list;
# `2026-11-20T14:03:05.123Z SessionId: …` in a log file. Only there may an ID have a
# shape that no description knows.
_OWN_BEFORE = re.compile(
    r"(?:^|[|\]>)] |: |\s{2,}|[0-9]Z |[0-9] |^\s*[-*] )[ \t]*(?:[-*] )?[`*]{0,2}\Z"
)
_OWN_AFTER = re.compile(
    r"`?[ \t\r]*(?:\([^\n]*\)|[\u00b7|,;][^\n]*|[ ]{2}[^\n]*)?(?:\n|\Z)"
)
_OWN_LABEL = re.compile(r"(?:[a-z]+ ){1,2}id")
_LOG_LABEL = re.compile(r"(?:[A-Z][a-z]+)+Id")
_LOG_BEFORE = re.compile(r"[0-9-]{10}T[0-9:.]{8,15}Z \Z")
_OWN_IS = re.compile(r": `?")

# Who speaks, where a name and a shape are several vendors'.
_VENDOR_NAMES = {
    "soniox": ("soniox",),
    "scriptix": ("scriptix", "zoommedia"),
    "watson": ("watson", "ibm.com"),
    "deepgram": ("deepgram",),
    "assemblyai": ("assemblyai", "assembly.ai"),
    "openai": ("openai",),
    "elevenlabs": ("elevenlabs",),
    "speechmatics": ("speechmatics",),
    "rev": ("rev.ai",),
    "gladia": ("gladia",),
    "twilio": ("twilio",),
    "genesys": ("genesys", "purecloud"),
    "aws": ("amazonaws", "x-amz-", "x-amzn-", "service: transcribe", "botocore"),
    "google": ("googleapis",),
    "azure": ("cognitive", "speech.microsoft", "spx_", "speechtotext/"),
}

# Rows of our own lists in a pipe, which end in what their ID is: of `stt history`, of
# `stt status` and `stt batch list`, where a state may be any word of a service, and
# of `stt batch files`.
_NEXT_OF_LIST = re.compile(r"['\"`]?\s*(?:,|;|and|&|\s)\s*(?:[-*\u2022][ \t]+)?['\"`]?")
_OWN_ROW = re.compile(
    r"(?m)^(?:[0-9TZ:.-]{20,32}\t[^\t\n]{0,20}\t[^\t\n]{0,20}\t[a-z_]{1,20}"
    r"\t(?P<id>[^\t\n]{1,128})\t[^\t\n]*"
    r"|(?P<job>[^\t\n]{1,128})"
    r"(?:\t(?:queued|running|succeeded|failed)(?: \([^\t\n]*\))?"
    r"|(?<=[0-9A-Za-z]{8})\t[^\t\n]{1,64}(?=\t[a-z]{1,20}\t[0-9TZ:-]{0,20}\t))"
    r"(?:\t[^\t\n]*){6}"
    r"|(?P<file>[^\t\n]{1,128})\t(?:[0-9.]{1,6} [kMG]?B)?\t[0-9TZ:-]{0,20}"
    r"(?:\t[^\t\n]*){3})\t(?P<label>[a-z]+(?: [a-z]+)? id)(?=[\t\r\n]|\Z)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An ID and its kind; ``at`` is the offset where it stands."""

    kind: str
    id: str
    found_as: str
    at: int
    time: str | None = None
    honored: bool | None = None
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """An ID that was read behind a label, and where it ends in the text."""

    description: Description
    id: str
    start: int
    end: int


def canonical(identifier: str) -> str:
    """Return the ID in the one spelling that it is compared in."""
    if _GUID_OR_HEX.fullmatch(identifier):
        return identifier.replace("-", "").lower()
    return identifier


def vendor_in(text: str) -> str | None:
    """Return the vendor that a piece of a log names, if it names one."""
    small = text.lower()
    for vendor, names in _VENDOR_NAMES.items():
        if any(name in small for name in names):
            return vendor
    return None


def values_of(
    descriptions: Sequence[Description], text: str, start: int, end: int
) -> Iterator[Value]:
    """Yield what the label ``text[start:end]`` names: one ID, or a list of them."""
    for at in value_starts(text, end):
        value = _value_at(descriptions, text, at, (start, end))
        if value is None:
            continue
        yield value
        while text[start:end].lower().endswith("s"):  # Session IDs: a, b
            after = _NEXT_OF_LIST.match(text, value.end)
            following = after and match_at(value.description.shape, text, after.end())
            if not following or after is None:
                return
            value = Value(value.description, following[0], after.end(), following[1])
            yield value
        return


def _value_at(
    descriptions: Sequence[Description], text: str, at: int, label: tuple[int, int]
) -> Value | None:
    for one in descriptions:
        found = match_at(one.shape, text, at)
        if found is None:
            continue
        identifier, end = found
        if identifier.strip("0-") and _holds(one, text, label, (at, end)):
            return Value(one, identifier, at, end)
    return None


def _holds(
    one: Description, text: str, label: tuple[int, int], value: tuple[int, int]
) -> bool:
    """Whether what a description asks for, besides label and shape, is so."""
    start, end = label
    name = text[start:end]
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start]
    if one.own_line:
        return _is_own_line(text, before, label, value)
    if one.shape is shapes.WATSON_COOKIE:
        return name == "SESSIONID"
    if one.kind in ("session", "dashed_session") and name in ("sessionid", "SESSIONID"):
        # A web application's own cookie may have 32 hex digits.
        return "ookie" not in before
    return True


def _is_own_line(
    text: str, before: str, label: tuple[int, int], value: tuple[int, int]
) -> bool:
    if _OWN_LABEL.fullmatch(text, *label):
        is_ours = _OWN_BEFORE.search(before) is not None
    elif _LOG_LABEL.fullmatch(text, *label):
        is_ours = _LOG_BEFORE.search(before) is not None
    else:
        return False
    return (
        is_ours
        and _OWN_IS.fullmatch(text, label[1], value[0]) is not None
        and _OWN_AFTER.match(text, value[1]) is not None
    )


def dropped_connection(
    text: str, start: int, end: int
) -> tuple[str, bool | None] | None:
    """Return a connection ID that the service does not take, if there is one.

    Azure 8.4: over REST anything but 32 hex digits is dropped silently, ``False``; a
    WebSocket's upgrade fails outright (3.1), ``None``.
    """
    if not _CONNECTION_LABEL.search(text, start, end):
        return None
    for at in value_starts(text, end):
        token = _TOKEN.match(text, at)
        if token is None or not any(map(str.isdigit, token[0])):
            continue
        line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
        is_socket = "wss://" in line or "ws://" in line
        return token[0], None if is_socket else False
    return None


def own_row(text: str, start: int) -> tuple[str, str] | None:
    """Return kind and ID of a row of our own that says at ``start`` what its ID is."""
    line = text.rfind("\n", 0, start) + 1
    match = _OWN_ROW.match(text, line)
    if match is None or match.start("label") != start:
        return None
    kind = match["label"].removesuffix(" id").replace(" ", "_")
    return kind, match["id"] or match["job"] or match["file"]


def address_value(description: Description, text: str, at: int) -> Value | None:
    """Return the ID that follows a piece of a path that ends at ``at``."""
    match = description.shape.match(text, at)
    if match is None:
        return None
    return Value(description, id_in(match), at, match.end())
