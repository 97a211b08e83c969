"""Base addresses: what a valid one is, and where a secret may go in clear text."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit, urlunsplit

from stt_cli.core.address import is_loopback
from stt_cli.core.address_masking import mask_address
from stt_cli.core.errors import ConfigurationError, SttError, UsageError

_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_EXAMPLE = "write it as https://host or http://127.0.0.1:8080"


def base_url(text: str, *, origin: str) -> str:
    """Return a base address without a trailing slash; ``ws`` becomes ``http``.

    Args:
        origin: where it was given, for the message: ``--endpoint`` or a variable.

    Raises:
        UsageError, ConfigurationError: it is no address that can be used.
    """
    # The library's words would repeat what may be a part of a password.
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        raise _wrong(text, origin, "its host cannot be read", _EXAMPLE) from None
    try:
        port = parts.port
    except ValueError:
        why = "its port is no number up to 65535"
        raise _wrong(text, origin, why, _EXAMPLE) from None
    if parts.scheme not in _SCHEMES:
        bare = mask_address(text.strip().partition("://")[2] or text.strip())
        raise _wrong(text, origin, "no http or https address", f"try https://{bare}")
    if not parts.hostname or port == 0:
        raise _wrong(text, origin, "it names no host", _EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise _wrong(
            text,
            origin,
            "it contains a user name",
            "give credentials by the environment or `stt auth set`",
        )
    if parts.query or parts.fragment:
        cut = text.partition("?")[0].partition("#")[0]
        raise _wrong(cut, origin, "it has a query", "give the address up to its path")
    scheme = _SCHEMES[parts.scheme]
    return urlunsplit(SplitResult(scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def sends_in_clear(url: str) -> bool:
    """Whether requests to this address can be read on the way."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    in_clear = parts.scheme.lower() in ("http", "ws")
    return in_clear and not is_loopback(parts.hostname or "")


def _wrong(url: str, origin: str, why: str, hint: str) -> SttError:
    kind = UsageError if origin.startswith("--") else ConfigurationError
    return kind(f"{origin} {mask_address(url)!r} cannot be used: {why}", hint=hint)
