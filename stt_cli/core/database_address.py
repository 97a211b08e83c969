"""Addresses of databases, whose passwords are never shown.

``postgresql://user:password@host:port/database?key=value``, as libpq reads them
(PostgreSQL, "Connection URIs"); several hosts and ``?host=/socket/folder`` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from stt_cli.core.secret import MASK, Secret

_DATABASE = re.compile(r"(?i)postgres(?:ql)?://")
# Up to the last "@": a password with a "/" that nobody encoded is one as well.
_USER_INFO = re.compile(r"(?is)^(postgres(?:ql)?://[^:@/?#]*:)(.*)(?=@)")
_IN_QUERY = re.compile(r"(?i)([?&](?:ssl)?password=)([^&#]*)")


def is_database(text: str) -> bool:
    """Whether a setting is meant as the address of a database."""
    return _DATABASE.match(text) is not None


def shown_address(text: str) -> str:
    """Return an address without its passwords; any other text as it is."""
    if not is_database(text):
        return text
    from stt_cli.core.address_masking import mask_address

    return mask_address(_USER_INFO.sub(rf"\g<1>{MASK}", text))


def passwords_in(text: str) -> Iterator[Secret]:
    """Yield the passwords of an address, as written and as meant."""
    if not is_database(text):
        return
    for pattern in (_USER_INFO, _IN_QUERY):
        for _, value in pattern.findall(text):
            for spelling in {value, unquote(value)} - {""}:
                yield Secret(spelling)
