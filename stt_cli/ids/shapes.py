"""The shapes that IDs have, each with a made-up example.

A shape is a regular expression over decoded text. What follows an ID is part of
none: ``match`` refuses a value that goes on in letters, digits, ``_`` or ``-``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_HEX = "[0-9A-Fa-f]"
_GUID = f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"


@dataclass(frozen=True)
class Shape:
    """What an ID of some kind looks like; ``title`` is for readers.

    ``expression`` may have a group ``id`` where only a part of the value is the
    ID. ``breakable`` values are known by their length, so that one which a mail
    program broke over two lines can be joined again.
    """

    title: str
    expression: str
    example: str
    breakable: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.expression})(?![0-9A-Za-z_-])")

    def match(self, text: str, at: int) -> re.Match[str] | None:
        """Return the match of a whole value that begins at ``at``."""
        return self._compiled.match(text, at)


def id_in(match: re.Match[str]) -> str:
    """Return the ID that a shape's match holds."""
    groups = match.groupdict()
    return groups.get("id") or match[0]


_SOME_DIGIT = r"(?=[A-Za-z_.:~+/=-]{0,127}[0-9])"

HEX_32 = Shape(
    "32 hex digits", f"{_HEX}{{32}}", "0b734c41faf8430380d493127bd44631", True
)
GUID = Shape("GUID with dashes", _GUID, "537216f8-0620-4a10-ae2d-00bdb423b36f", True)
HEX_OR_GUID = Shape(
    "32 hex digits or a GUID", f"{_HEX}{{32}}|{_GUID}", HEX_32.example, True
)
OPAQUE = Shape(
    "8 to 128 letters, digits, . _ and -, at least one digit",
    _SOME_DIGIT + r"[0-9A-Za-z][0-9A-Za-z_.-]{6,126}[0-9A-Za-z]",
    "stream01-2073127541",
)
PLAIN = Shape(
    "1 to 64 letters, digits, _ and -, at least one digit",
    _SOME_DIGIT + "[0-9A-Za-z][0-9A-Za-z_-]{0,63}",
    "67890",
)
SCRIPTIX = Shape(
    "26 hex digits, or stt_ with letters and digits",
    r"[0-9a-f]{26}|stt_" + _SOME_DIGIT + "[0-9A-Za-z]{4,64}",
    "1b8a70f1000001000002d1a37b",
)
WATSON_SESSION = Shape(
    "32 hex digits, followed by a method of the session",
    f"{_HEX}{{32}}(?=/(?:recognize|observe_?[rR]esult))",
    "0b734c41faf8430380d493127bd44631/observe_result",
)
WATSON_COOKIE = Shape(
    "32 hex digits, followed by more",
    # The session ID with a suffix of the service's own (Watson 3.1).
    "(?P<id>[0-9a-f]{32})[0-9a-f]{8}",
    "3080818927c8b9d82c578404381dcf4b26832997",
)
OWN = Shape(
    "4 to 128 letters, digits, . _ and -, at least one digit",
    # Not a hash, nor a GUID that lost a digit.
    rf"(?!{_HEX}{{27,31}}\b|{_HEX}{{33}})"
    + _SOME_DIGIT
    + r"[0-9A-Za-z][0-9A-Za-z_.-]{3,127}",
    "job-77",
)
TRACE_PARENT = Shape(
    "the 32 hex digits in the middle of traceparent",
    "[0-9a-f]{2}-(?P<id>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
AMZ_REQUEST = Shape(
    "16 uppercase letters and digits", "[0-9A-Z]{16}", "NZ2G8Y7S3K1DTV5E"
)
AMZ_ID_2 = Shape(
    "Base64",
    r"(?=[A-Za-z+/]{0,80}[0-9])[0-9A-Za-z+/]{20,180}={0,2}",
    "Uuag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg==",
)
AWS_JOB = Shape(
    "a job name",
    _SOME_DIGIT + r"[0-9A-Za-z._-]{3,200}",  # ours to choose: AWS, TranscriptionJobName
    "call-2026-11-30-0017",
)
GOOGLE_OPERATION = Shape(
    "10 to 20 digits, also in projects/…/operations/…",
    r"(?:projects/[\w.-]{1,64}/locations/[\w-]{1,32}/)?(?:operations/)?"
    rf"(?P<id>[0-9]{{10,20}}|{_GUID})",
    "7612202767953098924",
)
OPENAI_REQUEST = Shape(
    "req_ with letters and digits",
    "req_(?=[A-Za-z]{0,63}[0-9])[0-9A-Za-z]{16,64}",
    "req_7d2f6e1c9a8b4e30b5c4d3e2f1a09b8c",
)
ELEVENLABS_REQUEST = Shape(
    "20 letters and digits",
    "(?=[A-Za-z]{0,19}[0-9])(?=[0-9A-Fa-f]{0,19}[G-Zg-z])[0-9A-Za-z]{20}",
    "BznNeuFXRUyLYv8Zq1sT",
)
ELEVENLABS_CONVERSATION = Shape(
    "conv_ with letters and digits",
    "conv_[0-9A-Za-z]{16,64}",
    "conv_01jz8k4m2nfc9t7qw3xr5v6abd",
)
GLADIA_REQUEST = Shape("G- with hex digits", "G-[0-9a-f]{8}", "G-45463597")
SPEECHMATICS_JOB = Shape(
    "10 lowercase letters and digits", "(?=[a-z]{0,9}[0-9])[0-9a-z]{10}", "yj3mf9kqub"
)
REV_JOB = Shape(
    "8 to 16 letters and digits, both upper and lower case",
    "(?=[A-Za-z]{0,15}[0-9])(?=[0-9A-Z]{0,15}[a-z])(?=[0-9a-z]{0,15}[A-Z])"
    "[0-9A-Za-z]{8,16}",
    "Umx5c6F7pH7r",
)


def _twilio(prefix: str) -> Shape:
    return Shape(
        f"{prefix} with 32 hex digits",
        f"{prefix}[0-9a-f]{{32}}",
        f"{prefix}5ef8732a3c49700934481addd5ce1659",
        True,
    )


TWILIO_CALL = _twilio("CA")
TWILIO_STREAM = _twilio("MZ")
TWILIO_RECORDING = _twilio("RE")
TWILIO_TRANSCRIPT = _twilio("GT")
SIP_CALL = Shape(
    "word or word@host (RFC 3261, 20.8)",
    r"[0-9A-Za-z][0-9A-Za-z.!%*_+`'~()<>:\\\"/?{}-]{5,127}@[0-9A-Za-z.:\[\]-]{1,127}"
    r"(?<![.\"'])|" + OPAQUE.expression,
    "a84b4c76e66710@pc33.example.com",
)
CF_RAY = Shape(
    "16 hex digits and a location",
    f"(?={_HEX}{{0,15}}[0-9])[0-9a-f]{{16}}(?:-[A-Z]{{3}})?",
    "8e3f2a1b4c5d6e7f-FRA",
)
ONE_LINE = Shape("any value chosen by the caller", r"[^\s\"',;<>]{1,256}", "order-7")
