"""Base addresses: what a valid one is, and where a secret may go in clear text."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit, urlunsplit

from stt_cli.core.address import is_loopback
from stt_cli.core.address_masking import mask_address
from stt_cli.core.errors import ConfigurationError, SttError, UsageError

_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_EXAMPLE = "use a URL such as https://host or http://127.0.0.1:8080"


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
        raise _wrong(text, origin, "its host is invalid", _EXAMPLE) from None
    try:
        port = parts.port
    except ValueError:
        why = "its port is not a number up to 65535"
        raise _wrong(text, origin, why, _EXAMPLE) from None
    if parts.scheme not in _SCHEMES:
        bare = mask_address(text.strip().partition("://")[2] or text.strip())
        raise _wrong(
            text, origin, "it is not an http or https URL", f"try https://{bare}"
        )
    if not parts.hostname or port == 0:
        raise _wrong(text, origin, "it has no host", _EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise _wrong(
            text,
            origin,
            "it contains a user name",
            "set credentials in the environment or with `stt auth set`",
        )
    if parts.query or parts.fragment:
        cut = text.partition("?")[0].partition("#")[0]
        raise _wrong(
            cut, origin, "it has a query string", "remove everything after the path"
        )
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
    return kind(f"invalid {origin} {mask_address(url)!r}: {why}", hint=hint)
