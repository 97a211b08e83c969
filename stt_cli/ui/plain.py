"""Text from outside made harmless: control sequences are shown, never obeyed."""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1, and the bidirectional overrides that can
# make a line read as something else (Unicode TR 9, section 2).
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return ``text`` with control characters escaped, as ``\x1b`` is."""
    return _UNSAFE.sub(lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
