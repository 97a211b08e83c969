"""Secrets, and the one place that takes them out of text.

A secret is held in a ``Secret`` from the moment it is read, so that no repr,
traceback or f-string shows it by accident. Whoever reads one registers it with
the run's ``Redactor``; every text that leaves for a log, the ledger, stderr or
a report passes ``Redactor.clean``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import quote

MASK = "***"
_MOST_RECENT = 400
_SHORTEST = 4  # a shorter value would mask ordinary words


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What looks like a credential, and what to put there; compiled when needed.

    Vendors' own SDKs put keys into URLs (Microsoft's JavaScript SDK its key into
    the query), so names are looked for in queries, headers and JSON alike.
    """
    return (
        # Connection strings of Azure's services and of databases, up to the ";".
        (
            re.compile(
                r"(?i)((?:Shared(?:Access|Secret)(?:Signature|Key|Value)?"
                r"|AccountKey|AccessKey|Password|Pwd)(?:=|%3D))"
                r"(?:[^\s;\"'\\%]|%(?!3B))+"
            ),
            rf"\g<1>{MASK}",
        ),
        (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),  # a JWT
        (
            re.compile(r"(?i)((?:Set-)?Cookie[\"']?:\s*[\"']?)[^\r\n\"']+"),
            rf"\g<1>{MASK}",
        ),
        (
            re.compile(
                r"(?i)((?:Ocp-Apim-Subscription-Key|Authorization"
                r"|X-Watson-Authorization-Token|x-zoom-s2t-key|x-api-key|api[_-]?key"
                r"|access[_-]?(?:token|key)|refresh_token|watson-token"
                r"|subscription-key|client_secret|account_?key|secret_?key)"
                r"[\"']?\s*(?:=|:\s*|%3D)[\"']?"
                # In prose "token: expired" is no secret; in a query or JSON it is.
                r"|\b(?:token|password|secret|signature|sig)"
                r"(?:=|%3D|[\"']\s*:\s*[\"']?))"
                r"((?:(?:Bearer|Basic)(?:\s+|%20))?(?:[^\s\"'&,;\\]|\\[^\s\"'])+)"
            ),
            rf"\g<1>{MASK}",
        ),
        (
            re.compile(
                r"(?i)\b(Bearer|Basic)((?:\s+|%20)+)(?=\S*[\d=])([\w.~+/=-]{8,})"
            ),
            rf"\g<1>\g<2>{MASK}",
        ),
    )


def _may_hold_credentials(text: str) -> bool:
    """Whether a pattern may match; IDs and states are told apart quickly."""
    if not text.isascii():
        return True  # whose upper and lower case are more than these know
    low = text.lower()
    return (
        ("key" in low or "sig" in low or "token" in low or "eyj" in low)
        or ("passw" in low or "authoriz" in low or "cookie" in low or "pwd" in low)
        or ("bearer" in low or "basic" in low or "secret" in low or "shared" in low)
    )


def _may_hold_addresses(text: str) -> bool:
    return (
        (":/" in text or ":\\" in text)
        or ("?" in text and ("=" in text or "/" in text))
        or ("@" in text and ":" in text)
    )


def mask_secrets(text: str) -> str:
    """Return ``text`` with all masked that looks like a credential."""
    if _may_hold_addresses(text):
        # Its patterns are compiled once an address is to be shown, not before.
        from stt_cli.core.address_masking import mask_addresses

        text = mask_addresses(text)
    if _may_hold_credentials(text):
        for pattern, replacement in _patterns():
            text = pattern.sub(replacement, text)
    return text


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
        self._values: tuple[str, ...] = ()
        self._recent: tuple[str, ...] = ()
        self._lock = Lock()

    def register(self, secret: Secret) -> Secret:
        """Remember a secret, in every spelling it may take on the wire."""
        with self._lock:
            spellings = {*self._values, *_spellings(secret.reveal())}
            # The longest first: one may stand within another.
            self._values = tuple(sorted(spellings, key=len, reverse=True))
        return secret

    def register_address(
        self, address: str, *, listed: bool = False, of_hook: bool = False
    ) -> None:
        """Remember what of an address a service or a library may repeat alone.

        Of ``listed`` ones, of which there may be a hundred thousand, only the last
        few hundred are remembered: those that are under way. ``of_hook``: its path
        may be the secret.
        """
        if "://" not in address:
            return
        from stt_cli.core.address_masking import secrets_in

        values = list(secrets_in(address, of_hook=of_hook))
        if not listed:
            for value in values:
                self.register(Secret(value))
            return
        spelled = [each for value in values for each in _spellings(value)]
        with self._lock:
            new = dict.fromkeys([*spelled, *self._recent])
            self._recent = tuple(new)[:_MOST_RECENT]

    def clean(self, text: str) -> str:
        """Return ``text`` with every secret masked."""
        for value in (*self._values, *self._recent):
            text = text.replace(value, MASK)
        return mask_secrets(text)

    def clean_data(self, value: Any) -> Any:
        """Return what is to be JSON with every text in it masked.

        A field that is named like a credential is masked whatever it holds.
        """
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, Mapping):
            return {
                name: MASK
                if isinstance(kept, str) and kept and _names_a_secret(str(name))
                else self.clean_data(kept)
                for name, kept in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self.clean_data(each) for each in value]
        return value


def _spellings(value: str) -> list[str]:
    """Return how a secret may be written, the longest first."""
    if len(value) < _SHORTEST:
        return []
    spellings = {value, quote(value, safe=""), repr(value)[1:-1]}
    return sorted(spellings, key=len, reverse=True)


@cache
def _names_a_secret(name: str) -> bool:
    return bool(
        re.search(
            r"(?i)(?:passw(?:or)?d|secret|token|api_?key|access_?key|signature"
            r"|authorization|auth_header_value|cookie)$",
            name,
        )
    )
