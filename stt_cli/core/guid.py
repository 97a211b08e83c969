"""Session IDs as Microsoft's services take them: 32 hex digits, no dashes.

Any other shape is dropped by the service without a word, and the session can
then not be found again (protocol notes, Azure 8.4).
"""

from __future__ import annotations

import re

from stt_cli.core.errors import UsageError

_HEX = re.compile(r"[0-9a-f]{32}")
_DASHED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def session_id_from(text: str) -> str:
    """Return a GUID as 32 lower-case hex digits; dashes and braces go.

    Raises:
        UsageError: the text is not a GUID.
    """
    plain = text.strip().strip("{}").lower()
    if _DASHED.fullmatch(plain):
        plain = plain.replace("-", "")
    if not _HEX.fullmatch(plain):
        raise UsageError(
            f"{text!r} is not a GUID",
            hint="a session ID has 32 hex digits; `stt session-id --new` makes one",
        )
    return plain
