"""Text from outside made harmless: control sequences are shown, never obeyed."""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1, and the bidirectional overrides that can
# make a line read as something else (Unicode TR 9, section 2).
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What Python reads from names that are not UTF-8; no encoder takes it.
_SURROGATES = re.compile("[\ud800-\udfff]")
# What str.splitlines() and subtitle players take for the end of a line.
_LINE_BREAKS = re.compile(r"[ \t]*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+[ \t]*")


def printable(text: str) -> str:
    r"""Return ``text`` with control characters escaped, as ``\x1b`` is."""
    return UNSAFE.sub(lambda match: _escaped(match[0]), text)


def encodable(text: str) -> str:
    """Return ``text`` as UTF-8 can carry it: what is no character is U+FFFD.

    A file's name may be any bytes; this is how a service is told of it.
    """
    return _SURROGATES.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return ``text`` on a single line, stripped, its control characters escaped."""
    return printable(_LINE_BREAKS.sub(" ", text).replace("\t", " ").strip())


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
