r"""Escapes undone: what a program wrote into JSON, a URL, HTML or a terminal's colors.

Only the neighborhood of a candidate is decoded, never a whole log. Escapes may lie
in each other (``\\u003d`` in JSON in JSON), so that decoding goes on, a few times,
until nothing changes.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

_MOST_LAYERS = 5

# JSON, JavaScript, C and Python: \n \t \" \u0026 \x26 \u{26} \033.
_BACKSLASHED = re.compile(
    r"\\+(?:u(?P<unicode>[0-9A-Fa-f]{4})|u\{(?P<wide>[0-9A-Fa-f]{1,6})\}"
    r"|x(?P<byte>[0-9A-Fa-f]{2})|0?(?P<octal>33)(?=\[)|(?P<name>(?!text[a-z]{2}\{|verb[^0-9A-Za-z])[nrtbfve])"
    r"|(?P<itself>[\"'/`_*.<>\[\](){}=:|~#-]))"
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "e": "\x1b"}

# Colors and links of terminals (ECMA-48, 5.4; OSC 8), also where a viewer or a
# log daemon has written the escape character as ^[ or #033.
_TERMINAL = re.compile(
    r"(?:\x1b|\^\[|#033|\u241b)\[[0-9;:?]{0,24}[ -/]?[@-~]"
    r"|(?:\x1b|\^\[)\](?:8;[^;\x07\x1b]{0,64};)?"
    r"|\x1b[()][0-9A-B]|\x1b\\|\x07|\x0f"
)
_SYSLOG = re.compile(r"#01[1-5]")  # rsyslog's line breaks and tabs, in octal
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# https://urldefense.proofpoint.com/v2/: %3D is -3D there.
_DEFENSE = re.compile(r"-(2D|3D|3A|26|3F|2F|5F|25)(?=[0-9A-Za-z-])")
_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,24});"
)
_SOFT_BREAK = re.compile(r"=[ \t]{0,8}\r?\n")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+")
# Zero-width characters, soft hyphens, marks of direction, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f"
    "\ufeff]"
)
_SIGNS = ("\\", "%", "&", "\x1b", "^[", "#0", "\x07", "\x0f")  # what escapes begin with
# The same, with those of quoted-printable and of mail filters; quick to search, for it
# begins with one class of characters.
_ANY_SIGN = re.compile(
    r"[\\%&\x1b\x07\x0f^#=-](?:(?<![\^#=-])|(?<=\^)\[|(?<=#)0"
    r"|(?<==)(?:3D|20|C2=A0|[ \t]*\r?\n)|(?<=-)(?:2D|3D|3A))"
)
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)


def is_plain(text: str) -> bool:
    """Whether nothing in ``text`` can be an escape that ``decoded`` would undo."""
    return text.isascii() and not any(sign in text for sign in _SIGNS)


def is_unescaped(text: str) -> bool:
    """Whether ``text`` can mean nothing else, however it would be decoded."""
    return text.isascii() and _ANY_SIGN.search(text) is None


def decoded(text: str) -> str:
    """Return ``text`` with its escapes undone, as a person would read it."""
    if is_plain(text):
        return text
    for _ in range(_MOST_LAYERS):
        before = text
        if "\\" in text:
            text = _BACKSLASHED.sub(_unescaped, text)
        text = _TERMINAL.sub("", text)
        if "#0" in text:
            text = _SYSLOG.sub("\n", text)
        if "%" in text:
            text = _PERCENT.sub(lambda match: unquote(match[0], errors="replace"), text)
        if "&" in text:
            text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if text == before:
            break
    if not text.isascii():
        # Before compatibility: that turns some invisible ones into blanks.
        text = _INVISIBLE.sub("", text).translate(_DASHES)
        text = unicodedata.normalize("NFKC", text).replace("\ufffd", " ")
    return text


def quoted_printable_decoded(text: str) -> str:
    """Return ``text`` with the escapes of quoted-printable undone (RFC 2045, 6.7).

    Apart from ``decoded``, for ``=0b`` begins many an ID that is not escaped.
    """
    text = _SOFT_BREAK.sub("", text)
    return _QUOTED.sub(_as_bytes, text)


def defense_decoded(text: str) -> str:
    """Return ``text`` with the escapes undone that a mail filter puts into links."""
    return _DEFENSE.sub(lambda match: chr(int(match[1], 16)), text)


def _unescaped(match: re.Match[str]) -> str:
    digits = match["unicode"] or match["wide"] or match["byte"]
    if digits:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
    if match["octal"]:
        return "\x1b"
    if match["name"]:
        return _NAMED.get(match["name"], " ")
    return match["itself"] or ""


def _as_bytes(match: re.Match[str]) -> str:
    return unquote(match[0].replace("=", "%"), errors="replace")
