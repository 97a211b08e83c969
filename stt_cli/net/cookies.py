"""Cookies that a service sets at a handshake, for the next one (RFC 6265)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from stt_cli.core.address import is_loopback

_MOST_COOKIES = 50
_SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "or", "org"})
"""Names under which a country's registry gives out names."""


@dataclass(frozen=True, slots=True)
class _Cookie:
    value: str
    host: str
    with_subdomains: bool
    path: str
    is_secure: bool

    def goes_to(self, host: str, path: str, *, in_clear: bool) -> bool:
        same = host == self.host
        below = self.with_subdomains and host.endswith(f".{self.host}")
        inside = path == self.path or path.startswith(self.path.rstrip("/") + "/")
        return (same or below) and inside and not (self.is_secure and in_clear)


class CookieJar:
    """Cookies of this run, in memory. Threads may share it."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str, str], _Cookie] = {}
        self._lock = threading.Lock()

    def take(self, url: str, set_cookie_headers: Iterable[str]) -> None:
        """Remember, or forget, what an answer of ``url`` sets."""
        for header in set_cookie_headers:
            self._take_one(url, header)

    def header_for(self, url: str) -> str | None:
        """Return the Cookie header of a request, ``None`` without any."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        in_clear = parts.scheme in ("http", "ws") and not is_loopback(host)
        with self._lock:
            fitting = [
                f"{name}={cookie.value}"
                for (name, _, _), cookie in self._cookies.items()
                if cookie.goes_to(host, parts.path or "/", in_clear=in_clear)
            ]
        return "; ".join(fitting) or None

    def _take_one(self, url: str, header: str) -> None:
        pair, *attributes = (part.strip() for part in header.split(";"))
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            return
        given = {
            key.strip().lower(): text.strip().strip('"')
            for key, _, text in (part.partition("=") for part in attributes)
        }
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        domain = given.get("domain", "").lower().lstrip(".")
        if domain and not may_set_for(host, domain):
            return
        path = given.get("path", "")
        if not path.startswith("/"):
            path = (parts.path or "/").rpartition("/")[0] or "/"
        cookie = _Cookie(
            value.strip(), domain or host, bool(domain), path, "secure" in given
        )
        place = (name.strip(), cookie.host, path)
        with self._lock:
            if given.get("max-age", "1").lstrip("-").strip("0") == "" or given.get(
                "max-age", ""
            ).startswith("-"):
                self._cookies.pop(place, None)
            else:
                self._cookies[place] = cookie
                if len(self._cookies) > _MOST_COOKIES:
                    del self._cookies[next(iter(self._cookies))]


def may_set_for(host: str, domain: str) -> bool:
    """Whether an answer of a host may set a cookie for a domain (RFC 6265, 5.3).

    That is its own name, or one above it where nobody else registers names: the
    sample of 2018 sets "bing.com" from speech.platform.bing.com, but "com" and
    "co.uk" belong to everybody, and above an IP address there is nothing.
    """
    if host == domain:
        return True
    try:
        ip_address(host)
    except ValueError:
        labels = domain.split(".")
        is_public = len(labels) == 1 or (
            len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SECOND_LEVELS
        )
        return host.endswith(f".{domain}") and not is_public
    return False
