"""A request in the form that httpcore sends: its address and its headers."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.http_message import HttpRequest, StreamedBody
from stt_cli.net.content_coding import ACCEPTED
from stt_cli.net.exchange import USER_AGENT

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_DEFAULTS = (
    ("Accept", "*/*"),
    ("Accept-Encoding", ACCEPTED),
    ("Connection", "keep-alive"),
    ("User-Agent", USER_AGENT),
)

_importing = Lock()


def load_httpcore() -> Any:
    """Return the library; whoever comes first loads it."""
    with _importing:  # another thread may be in the middle of it
        import httpcore
    return httpcore


@lru_cache(maxsize=256)
def address_of(url: str) -> Any:
    """Return a URL as it goes over the wire. Raises ``ConfigurationError``."""
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    try:
        return load_httpcore().URL(
            scheme=parts.scheme,
            host=wire_name(parts.hostname or ""),
            port=parts.port,
            # What was quoted already stays as it is.
            target=quote(target, safe="%/:=&?~+!$,;'@()*[]|"),
        )
    except (ValueError, UnicodeError) as fault:
        raise ConfigurationError(
            f"{url} is no address: {fault}", hint="check --endpoint"
        ) from fault


def wire_name(host: str) -> bytes:
    """Return a host's name as DNS and TLS have it. Raises ``UnicodeError``."""
    return host.encode("ascii" if host.isascii() else "idna")


def headers_of(request: HttpRequest) -> list[tuple[bytes, bytes]]:
    """Return all headers of a request, its credentials too."""
    headers = [("Host", _host_of(request.url)), *_length_of(request)]
    given = [*request.headers]
    given += [(name, secret.reveal()) for name, secret in request.credentials]
    names = {name.lower() for name, _ in given}
    headers += [each for each in _DEFAULTS if each[0].lower() not in names]
    user = _user_of(request.url)
    if user is not None and "authorization" not in names:
        headers.append(("Authorization", user))
    return [(name.encode(), value.encode()) for name, value in headers + given]


@lru_cache(maxsize=64)
def _host_of(url: str) -> str:
    address = address_of(url)
    host = address.host.decode()
    host = f"[{host}]" if ":" in host else host
    default = 443 if address.scheme == b"https" else 80
    return host if address.port in (None, default) else f"{host}:{address.port}"


def _user_of(url: str) -> str | None:
    """Return what stands before the @ of an address, as HTTP wants it."""
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    if not at:
        return None
    from base64 import b64encode

    return f"Basic {b64encode(unquote(user).encode()).decode()}"


def _length_of(request: HttpRequest) -> list[tuple[str, str]]:
    body = request.body
    if isinstance(body, StreamedBody):
        if body.length is None:
            return [("Transfer-Encoding", "chunked")]
        return [("Content-Length", str(body.length))]
    if body or request.method in _WITH_BODY:
        return [("Content-Length", str(len(body or b"")))]
    return []
