"""What no key, token or password can be, found before it is sent anywhere.

Every library fails in its own way at such a value, some with a traceback and some
after five tries; a few send it. The value itself is never shown, only its place.
"""

from __future__ import annotations

import re
import unicodedata

from stt_cli.core.errors import CredentialsError

_PLACEHOLDER = re.compile(
    r"<.*>|\{\{.*\}\}|\[.*\]|\.{3,}|\*{3,}"
    r"|\$\{\w+\}|\$[A-Z][A-Z0-9]*_[A-Z0-9_]+|%[A-Z][A-Z0-9]*_[A-Z0-9_]+%"
    r"|(?i:(?:(?:paste|enter|insert|put|add)[-_ ]?)?your[-_ ](?:[a-z]+[-_ ])*"
    r"(?:key|token|secret|password)(?:[-_ ]here)?)"
)
_LINE_BREAK = "a line break"


def check_credential(value: str, place: str) -> None:
    """Raise ``CredentialsError`` for a value that no credential can be.

    Args:
        place: where it was read, such as the name of a variable.
    """
    fault = credential_fault(value)
    if fault:
        raise CredentialsError(
            f"{place} {fault}",
            hint=f"copy only the value, on one line, into {place}",
        )


def credential_fault(value: str) -> str | None:
    """Return what is wrong with a credential, as words that follow its place."""
    if value.startswith("\ufeff"):
        return "starts with a byte order mark (character 1); save it without one"
    if "…" in value or _PLACEHOLDER.fullmatch(value):
        where = f" (character {value.index('…') + 1})" if "…" in value else ""
        return f"contains a placeholder{where} instead of a value"
    for position, character in enumerate(value, 1):
        if not " " <= character <= "~":
            named = _named(character)
            guess = "; are there two keys in it?" if named == _LINE_BREAK else ""
            return f"contains {named} (character {position}){guess}"
    return None


def _named(character: str) -> str:
    if character in "\r\n\v\f\x85\u2028\u2029":
        return _LINE_BREAK
    if character == "\t":
        return "a tab"
    if "\ud800" <= character <= "\udfff":
        return "a byte that is not text"
    if unicodedata.category(character).startswith("C"):
        return "a control character"
    return "a non-ASCII character"
