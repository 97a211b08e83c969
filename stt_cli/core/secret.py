"""Secrets, and the one place that takes them out of text.

A secret is held in a ``Secret`` from the moment it is read, so that no repr,
traceback or f-string shows it by accident. Whoever reads one registers it with
the run's ``Redactor``; every text that leaves for a log, the ledger, stderr or
a report passes ``Redactor.clean``.
"""

from __future__ import annotations

import re
from urllib.parse import quote

MASK = "***"
_SHORTEST = 4  # a shorter value would mask ordinary words

# Key and token parameters that vendors' own SDKs put into URLs and headers
# (protocols/azure.md 3.2: the JavaScript SDK logs its key in the query).
_NAMED = re.compile(
    r"(?i)((?:Ocp-Apim-Subscription-Key|Authorization|X-Watson-Authorization-Token"
    r"|x-zoom-s2t-key|x-api-key|api[_-]?key|access_token|refresh_token|watson-token"
    r"|subscription-key|token|password|sig|Cookie|Set-Cookie)"
    r"[\"']?\s*(?:=|:\s*|%3D)[\"']?)"
    r"((?:Bearer|Basic)(?:\s+|%20)[^\s\"'&,;]+|[^\s\"'&,;]+)"
)
_SCHEME = re.compile(r"(?i)\b(Bearer|Basic)((?:\s+|%20)+)([A-Za-z0-9._~+/=-]{8,})")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


class Secret:
    """A value that is never shown; ``reveal()`` hands it to the wire."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value.strip()

    def reveal(self) -> str:
        """Return the value itself, for the request and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Redactor:
    """Masks every registered secret, and whatever looks like a credential."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def register(self, secret: Secret) -> Secret:
        """Remember a secret, in every spelling it may take on the wire."""
        value = secret.reveal()
        if len(value) >= _SHORTEST:
            self._values |= {value, quote(value, safe=""), repr(value)[1:-1]}
        return secret

    def clean(self, text: str) -> str:
        """Return ``text`` with every secret masked."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, MASK)
        text = _JWT.sub(MASK, text)
        text = _NAMED.sub(rf"\g<1>{MASK}", text)
        return _SCHEME.sub(rf"\g<1>\g<2>{MASK}", text)
