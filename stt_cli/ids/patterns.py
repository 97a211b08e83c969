r"""What each kind of ID looks like in text, as data, each with its source.

A pattern is a regular expression over bytes with a group ``id``, and the
anchors: literal pieces of it, at least one of which stands in every match. The
search looks for anchors alone and runs an expression only around a hit: a match
begins at most ``reach`` bytes ahead of its anchor and ends at most ``AFTER``
bytes behind it. No expression spans two lines.

Spellings are enumerated, not folded: an unknown spelling is no documented one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stt_cli.ids.finding import DEFAULT_KINDS, KINDS

AFTER = 384
_REACH, _FAR = 16, 80

_HEX = rb"(?P<id>[0-9A-Fa-f]{32})(?![0-9A-Za-z_-])"
_GUID = rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_DASHED = rb"(?P<id>" + _GUID + rb")(?![0-9A-Za-z_-])"
_HEX_OR_DASHED = rb"(?P<id>[0-9A-Fa-f]{32}|" + _GUID + rb")(?![0-9A-Za-z_-])"

# A name and its value as logs write them: Name: v, Name=v, "name": "v",
# \"name\":\"v\" inside a string, 'name': 'v', name%3Dv, ('name', 'v').
_QUOTE = rb"\\{0,3}[\"']?"
_IS = _QUOTE + rb"[ \t]{0,8}(?:[:=]|%3[AaDd])[ \t]{0,8}" + _QUOTE
_HEADER_IS = _QUOTE + rb"[ \t]{0,8}(?:[:=,]|%3[AaDd])[ \t]{0,8}b?" + _QUOTE
_WORD_STARTS = rb"(?<![0-9A-Za-z_])"
_QUOTED = rb"\\{0,3}\"[ \t]{0,8}%s[ \t]{0,8}\\{0,3}\""

_KEY = rb"\\{0,3}\"%s\\{0,3}\"\s{0,8}:\s{0,8}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shape; ``kind`` is what an ID of this shape identifies.

    ``found_as`` is what users read. ``is_hint`` marks a shape that says nothing
    by itself: it only tells that the JSON document around it is worth reading.
    """

    kind: str
    found_as: str
    anchors: tuple[bytes, ...]
    expression: re.Pattern[bytes]
    kinds: tuple[str, ...] = ()
    is_hint: bool = False
    reach: int = _REACH

    @property
    def may_yield(self) -> tuple[str, ...]:
        """Every kind that a hit of this pattern can lead to."""
        return self.kinds or (self.kind,)


def _pattern(
    kind: str,
    found_as: str,
    anchors: str,
    expression: bytes,
    kinds: tuple[str, ...] = (),
    reach: int = _REACH,
) -> Pattern:
    compiled = re.compile(expression, re.M)
    return Pattern(kind, found_as, _split(anchors), compiled, kinds, reach=reach)


def _hint(kinds: tuple[str, ...], anchors: str, expression: bytes) -> Pattern:
    compiled = re.compile(expression, re.M)
    return Pattern(
        "", "JSON", _split(anchors), compiled, kinds, is_hint=True, reach=_FAR
    )


def _split(anchors: str) -> tuple[bytes, ...]:
    return tuple(anchor.encode() for anchor in anchors.split("|"))


_SESSION_ANCHORS = (
    "essionI|essioni|ession_i|ession i|ession I|ESSIONID|ESSION_ID|ESSION ID"
)
_CONNECTION_ANCHORS = (
    "X-ConnectionI|X-Connectionid|x-connectioni|X-CONNECTIONI|X_CONNECTIONI"
)
_REQUEST_ANCHORS = (
    "equestI|equesti|equest_id|equest id|equest-i|equest-I|EQUEST_ID|EQUESTID|EQUEST-ID"
)

# Lines of our own: `session id: …` on stderr, alone on its line or behind a time
# that a CI log adds, and `2026-11-20T14:03:05.123Z SessionId: …` in a log file.
# Only there may an ID have a shape that no other pattern knows.
_OWN = (
    rb"^(?:(?:\[?[0-9TZ:.,+ -]{10,40}\]?[ \t])?[ \t]{0,16}%(label)s"
    rb"|[0-9-]{10}T[0-9:.]{8,15}Z %(name)s):[ \t]"
    rb"(?P<id>[0-9A-Za-z][0-9A-Za-z_.-]{3,127})[ \t\r]{0,16}$"
)
_OWN_ANCHORS = {
    "session": "ession i|essionI",
    "transcription": "ranscription id|ranscriptionI",
    "job": "job id: |JobId: ",
    "request": "equest id|equestI",
    "transaction": "transaction id: |TransactionId: ",
    "file": "e id: |eId: ",
    "trace": "e id: |eId: ",
}


def _own(kind: str, anchors: str) -> Pattern:
    names = {b"label": kind.encode() + b" id", b"name": kind.capitalize().encode()}
    names[b"name"] += b"Id"
    return _pattern(kind, "line of stt", anchors, _OWN % names, reach=_FAR)


COLLECTIONS = {
    b"transcriptions": "transcription",
    b"models/base": "model",
    b"models": "model",
    b"datasets": "dataset",
    b"endpoints": "endpoint",
    b"evaluations": "evaluation",
    b"projects": "project",
    b"webhooks": "webhook",
}
"""The collections of Azure's REST interface and what their members are."""

AZURE_RESOURCE = Pattern(
    "",
    "Azure REST address",
    (b"peechtotext/",),
    re.compile(
        rb"/speechtotext/(?:v[0-9]+\.[0-9]+(?:-preview\.[0-9]+)?/)?"
        rb"(?P<collection>" + b"|".join(COLLECTIONS) + rb")/"
        rb"(?P<id>" + _GUID + rb")(?![0-9A-Za-z_-])"
        rb"(?:/files/(?P<file>" + _GUID + rb")(?![0-9A-Za-z_-]))?"
    ),
    kinds=(*dict.fromkeys(COLLECTIONS.values()), "file"),
)
"""Swagger of v3.1 to 2025-10-15; from 2024-11-15 on a query follows the GUID."""

SPX_COLUMN = Pattern(
    "session",
    "Speech CLI table",
    (b"essioni",),
    re.compile(
        rb"(?:^|(?<=\t))\"?recognizer\.session\.started\.(?P<id>sessionid)"
        rb"\"?(?=\t|\r?$)",
        re.M,
    ),
    reach=_FAR,
)
"""A header cell of ``spx --output all file``: the column holds session IDs."""

CONNECTION = _pattern(
    "session",
    "X-ConnectionId",
    _CONNECTION_ANCHORS,
    rb"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-F][0-9A-F]))(?:X-Connection(?:Id|id|ID)|x-connection(?:id|Id)"
    rb"|X-CONNECTIONID|HTTP_X_CONNECTIONID)"
    + _HEADER_IS
    + rb"(?P<id>[0-9A-Za-z][0-9A-Za-z_-]{0,127})(?![0-9A-Za-z_-])",
    kinds=("session", "connection"),
)
"""Azure 8.4: only 32 hex digits are taken, anything else is dropped silently."""

LABELLED_SESSION = _pattern(
    "session",
    "session ID in a log",
    _SESSION_ANCHORS,
    _WORD_STARTS
    + rb"(?:(?:priv)?[Ss]ession[ _]?(?:[Ii]d|ID)|SESSION[ _]?ID)"
    + _IS
    + _HEX,
)
"""Native, JavaScript, C#, Java and Python SDK lines, and Watson's JSON."""

PATTERNS: tuple[Pattern, ...] = (
    LABELLED_SESSION,
    _pattern(
        "session",
        "property of the native SDK",
        "essionI",
        rb"name='SessionId'; value='" + _HEX,
    ),
    _pattern(
        "session",
        "Speech CLI",
        "ESSION S",
        _WORD_STARTS + rb"SESSION (?:STARTED|STOPPED):[ \t]{0,8}" + _HEX,
    ),
    _pattern(
        "session",
        "Go sample",
        "ession S",
        _WORD_STARTS
        + rb"Session (?:Started|Stopped) \(ID=[ \t]{0,8}"
        + _HEX
        + rb"[ \t]{0,8}\)",
    ),
    _pattern(
        "session",
        "JavaScript SDK",
        "privConnectionI",
        _WORD_STARTS + rb"privConnectionId" + _IS + _HEX,
    ),
    CONNECTION,
    _pattern(
        "session",
        "telemetry",
        '"Connection',
        rb"\\{0,3}\"Name"
        + _QUOTED % b":"
        + rb"Connection"
        + _QUOTED % b","
        + rb"Id"
        + _QUOTED % b":"
        + _HEX,
        reach=_FAR,
    ),
    _pattern(
        "session",
        "Scriptix JSON",
        "ession_i",
        rb"\"session_id\"[ \t]{0,8}:[ \t]{0,8}\"(?P<id>[0-9a-f]{26})\"",
    ),
    _pattern(
        "session",
        "Scriptix address",
        "peech-to-text/session/",
        rb"/speech-to-text/session/(?P<id>(?=[A-Za-z_-]{0,63}[0-9])[0-9A-Za-z_-]{8,64})"
        rb"(?=[/?#\"'\s]|$)",
    ),
    _pattern(
        "session",
        "Scriptix header",
        "riptix-S|riptix-s|oom-S|oom-s",
        rb"(?:X-Scriptix-Session|x-scriptix-session|X-Zoom-Session|x-zoom-session)"
        + _HEADER_IS
        + rb"(?P<id>[0-9A-Za-z_-]{8,64})(?![0-9A-Za-z_-])",
    ),
    _pattern(
        "document",
        "Scriptix header",
        "riptix-D|riptix-d",
        rb"(?:X-Scriptix-Document|x-scriptix-document)"
        + _HEADER_IS
        + rb"(?P<id>[0-9A-Za-z_-]{1,64})(?![0-9A-Za-z_-])",
    ),
    _pattern(
        "session",
        "Watson address",
        "v1/sessions/",
        rb"/v1/sessions/(?P<id>[0-9a-f]{32})/(?:recognize|observe_?[rR]esult)\b",
    ),
    AZURE_RESOURCE,
    _pattern(
        "transcription",
        "Azure sample",
        "transcription with id ",
        rb"transcription with id [\"']?" + _DASHED,
    ),
    _pattern(
        "transcription",
        "transcription ID in a log",
        "ranscriptionI|ranscription_id|ranscription id",
        _WORD_STARTS + rb"[Tt]ranscription[ _]?(?:[Ii]d|ID)" + _IS + _DASHED,
    ),
    _pattern(
        "transcription",
        "Soniox address",
        "v1/transcriptions/",
        rb"/v1/transcriptions/" + _DASHED,
    ),
    _pattern("file", "Soniox address", "v1/files/", rb"/v1/files/" + _DASHED),
    _pattern(
        "job", "Watson address", "v1/recognitions/", rb"/v1/recognitions/" + _DASHED
    ),
    _pattern(
        "request",
        "request ID in a log",
        _REQUEST_ANCHORS,
        rb"(?<![0-9A-Za-z_])(?:(?:apim|APIM|Apim|[Xx])-)?(?:priv)?"
        rb"(?:[Rr]equest[ _-]?(?:[Ii]d|ID)|REQUEST[_-]?ID)"
        rb"(?:" + _HEADER_IS + rb"| is | )" + _HEX_OR_DASHED,
    ),
    _pattern(
        "transaction",
        "Watson header",
        "lobal-Transaction-I|lobal-transaction-id"
        "|LOBAL-TRANSACTION-ID|lobal_transaction_id",
        rb"(?:[Gg]lobal-Transaction-I[Dd]|global-transaction-id|global_transaction_id"
        rb"|GLOBAL-TRANSACTION-ID)"
        + _HEADER_IS
        + rb"(?P<id>(?=[A-Za-z_-]{0,63}[0-9])[0-9A-Za-z_-]{8,64})(?![0-9A-Za-z_-])",
    ),
    _pattern(
        "transaction",
        "Watson gateway header",
        "Tran-I|tran-id|TRAN-ID",
        rb"(?<![0-9A-Za-z_])(?:[Xx]-[Dd][Pp]-[Ww]atson-|X-DP-WATSON-)?"
        rb"(?:Tran-I[Dd]|tran-id|TRAN-ID)"
        + _HEADER_IS
        + rb"(?P<id>(?=[A-Za-z_-]{0,63}[0-9])[0-9A-Za-z_-]{8,64})(?![0-9A-Za-z_-])",
    ),
    _pattern(
        "service_tag",
        "service tag",
        "erviceTag|ervice_tag|ervice tag",
        _WORD_STARTS + rb"[Ss]ervice(?:Tag|_tag| tag)" + _IS + _HEX,
    ),
    _pattern(
        "endpoint",
        "custom endpoint in an address",
        "?cid=|&cid=|eploymentId=",
        rb"[?&](?:cid|deploymentId)=" + _DASHED,
    ),
    *(_own(kind, anchors) for kind, anchors in _OWN_ANCHORS.items()),
    SPX_COLUMN,
    # Below: what only the JSON document around it can explain.
    _hint(
        ("transcription", "file", "job", "session", "document"),
        '"id',
        _KEY % b"id" + rb"(?:\\{0,3}\"[0-9A-Za-z_.-]{4,128}\\{0,3}\"|[0-9])",
    ),
    _hint(KINDS, '"id', _KEY % b"ids" + rb"\{"),
    _hint(
        ("session", "document"),
        "ession_i|essionI",
        _KEY % b"session(?:_id|Id)" + rb"\\{0,3}\"[0-9A-Za-z_.-]{4,128}\\{0,3}\"",
    ),
    _hint(
        ("session",),
        '"Connection',
        _KEY % b"Name" + rb"\\{0,3}\"Connection\\{0,3}\"",
    ),
    _hint(
        ("session", "connection"),
        _CONNECTION_ANCHORS,
        rb"(?:[Xx]-[Cc]onnection(?:Id|id|ID)|X-CONNECTIONID)\\{0,3}\"\s{0,8},",
    ),
    _hint(("trace",), '"trac', _KEY % b"trace" + rb"\\{0,3}\""),
    _hint(("invocation",), "peechtotext/", rb"peechtotext/"),
    _hint(
        ("client_reference",),
        '"client_reference_id',
        _KEY % b"client_reference_id" + rb"\\{0,3}\"",
    ),
)

ANCHORS: tuple[bytes, ...] = tuple(
    dict.fromkeys(anchor for pattern in PATTERNS for anchor in pattern.anchors)
)
"""All anchors, whatever is wanted: up to 64 of them the search is vectorised,
and with few of them the library takes a slower road."""


def patterns_at(anchor: bytes, kinds: frozenset[str]) -> tuple[Pattern, ...]:
    """Return the patterns with this anchor that can lead to any of ``kinds``."""
    return tuple(
        pattern
        for pattern in PATTERNS
        if anchor in pattern.anchors and kinds.intersection(pattern.may_yield)
    )


ALL_KINDS = frozenset(KINDS)
USUAL_KINDS = frozenset(DEFAULT_KINDS)
