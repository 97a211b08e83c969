"""Addresses: read once and checked, so that no odd one is met half-way.

``urlsplit`` takes almost anything and complains about a port or a bracket only when
it is asked for it. ``parse_address`` asks for everything at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import quote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SECURE = frozenset({"https", "wss"})
_LONGEST_LABEL, _LONGEST_NAME = 63, 253  # RFC 1035, section 2.3.4
_KEPT_IN_TARGET = "%/:=&?~+!$,;'@()*[]|"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes.

    ``host`` is the name as DNS and TLS have it: ASCII, lower case, an IPv6 address
    without brackets. ``target`` is path and query, quoted; what was quoted already
    stays. ``user`` is what stood before the @, a credential.
    """

    scheme: str
    host: str
    port: int
    target: str
    user: str | None = field(default=None, repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether it is reached by TLS."""
        return self.scheme in _SECURE

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine itself."""
        return is_loopback(self.host)

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them: no port where it is the usual."""
        if self.port == _PORTS[self.scheme]:
            return bracketed(self.host)
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def endpoint(self) -> tuple[bool, str, int]:
        """What a connection and a credential are bound to, whatever the protocol."""
        return self.is_secure, self.host, self.port

    def trusts(self, other: Address) -> bool:
        """Whether what was meant for this address may go to the other one as well.

        That is the same host and port by the same means, or the same host by TLS at
        the usual ports: a service that sends its callers on from http to https.
        """
        if self.endpoint == other.endpoint:
            return True
        upgrade = (False, self.host, 80), (True, self.host, 443)
        return (self.endpoint, other.endpoint) == upgrade


@lru_cache(maxsize=256)
def parse_address(url: str) -> Address:
    """Return the parts of an ``http``, ``https``, ``ws`` or ``wss`` address.

    Raises:
        ValueError: it is none. The message says why without repeating it.
    """
    if any(mark < " " or mark == "\x7f" for mark in url):
        raise ValueError("it contains a control character")
    try:
        parts = urlsplit(url)
        parts.hostname  # noqa: B018 - asked for, since only then it is read
    except ValueError:  # whose words may repeat a password
        raise ValueError("its host is invalid") from None
    user, at, host_and_port = parts.netloc.rpartition("@")
    behind = host_and_port.partition("]")[2]
    if behind and not behind.startswith(":"):
        raise ValueError("its host is invalid")
    if parts.scheme not in _PORTS:
        raise ValueError("it does not start with http:// or https://")
    host = _wire_name(parts.hostname or "")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port is not a number from 1 to 65535") from None
    if port == 0:
        raise ValueError("its port is not a number from 1 to 65535")
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    return Address(
        scheme=parts.scheme,
        host=host,
        port=port or _PORTS[parts.scheme],
        target=quote(target, safe=_KEPT_IN_TARGET),
        user=user if at else None,
    )


def _wire_name(host: str) -> str:
    if not host:
        raise ValueError("it has no host")
    if ":" in host:
        try:
            ip_address(host.partition("%")[0])
        except ValueError:
            raise ValueError("its host is invalid") from None
        return host
    try:
        name = host.encode("ascii" if host.isascii() else "idna").decode()
    except UnicodeError:
        raise ValueError("its host is not a valid DNS name") from None
    labels = name.removesuffix(".").split(".")
    if len(name) > _LONGEST_NAME or not all(
        0 < len(label) <= _LONGEST_LABEL for label in labels
    ):
        raise ValueError(
            "a label of its host name is empty or longer than 63 characters"
        )
    if any(mark in name for mark in " \\^`{|}<>\"'"):
        raise ValueError("its host is not a valid DNS name")
    return name.lower()


def origin_of(url: str) -> tuple[bool, str, int]:
    """Return what credentials are bound to; what is no address is like no other."""
    try:
        return parse_address(url).endpoint
    except ValueError:
        return False, url, 0


def bracketed(host: str) -> str:
    """Return a host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself (RFC 6761, section 6.3; RFC 6890)."""
    host = host.lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def with_query(url: str, pairs: Iterable[tuple[str, str | None]]) -> str:
    """Return ``url`` with these query pairs after those it has; ``None`` is left out.

    Spaces become ``%20``, which every service reads; ``+`` is not sent for them.
    """
    parts = urlsplit(url)
    added = [
        f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in pairs if v is not None
    ]
    query = "&".join([parts.query, *added] if parts.query else added)
    return urlunsplit(parts._replace(query=query))
