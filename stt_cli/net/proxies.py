"""Which proxy an address is reached through, by the variables that curl reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from stt_cli.core.address import Address, bracketed, is_loopback, parse_address
from stt_cli.core.errors import ConfigurationError

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_HOST_AND_PORT = re.compile(
    r"(?:\[(?P<v6>[^\[\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?"
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, and the ``variable`` that named it. ``user`` is ``name:password``."""

    scheme: str
    host: str
    port: int
    variable: str
    user: str | None = field(default=None, repr=False)

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS rather than HTTP."""
        return self.scheme.startswith("socks")

    @property
    def shown(self) -> str:
        """Its address as messages have it, without user and password."""
        return f"{self.scheme}://{bracketed(self.host)}:{self.port}"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What tells an HTTP proxy who asks."""
        if self.user is None:
            return ()
        from base64 import b64encode

        return (
            ("Proxy-Authorization", f"Basic {b64encode(self.user.encode()).decode()}"),
        )


def proxy_for(address: Address, variables: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for an address, or ``None`` to go straight.

    Reads ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``, the
    lower-case spelling first, as curl does. This machine itself is never
    reached through a proxy unless ``NO_PROXY`` is set and leaves it out.

    Raises:
        ConfigurationError: the variable's value is no address. Nothing of the value
            is in the message: a password may stand anywhere in it.
    """
    name = "https_proxy" if address.is_secure else "http_proxy"
    variable = _first(variables, name, "all_proxy")
    if variable is None:
        return None
    value = variables[variable].strip()
    if not value or goes_straight(address.host, address.port, variables):
        return None
    return _parsed(value, variable)


def goes_straight(host: str, port: int, variables: Mapping[str, str]) -> bool:
    """Whether ``NO_PROXY`` keeps a host from the proxy; without it, loopback does.

    Its entries stand between commas or blanks: ``*``; a name, which means the names
    below it too; an address, in brackets or not; a network such as ``10.0.0.0/8``
    (curl from 7.86 on). A port behind a name or an address narrows it down.
    """
    variable = _first(variables, "no_proxy")
    if variable is None:
        return is_loopback(host)
    entries = re.split(r"[,\s]+", variables[variable].lower())
    return any(_covers(entry, host, port) for entry in entries if entry)


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    found = _HOST_AND_PORT.fullmatch(entry)
    if found is not None and "/" not in entry:
        if found["port"] is not None and int(found["port"]) != port:
            return False
        entry = found["v6"] or found["host"]
    own = _ip(host)
    if own is not None:
        try:
            network = ip_network(entry.replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            return False
        return own in network
    name = entry.removeprefix("*").strip(".")
    host = host.rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(host)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _parsed(value: str, variable: str) -> Proxy:
    scheme, mark, rest = value.partition("://")
    if not mark:
        scheme, rest = "http", value
    scheme = scheme.lower()
    if not scheme.isalnum():
        raise _unreadable(variable)
    if scheme not in _PORTS:
        raise ConfigurationError(
            f"invalid proxy URL in {variable}: its scheme is not one of "
            f"{', '.join(_PORTS)}",
            hint=f"set {variable} to http://HOST:PORT, or set NO_PROXY to connect "
            "directly",
        )
    user, at, host_and_port = rest.rpartition("@")
    if set(user) & set("/?#"):
        raise _unreadable(variable)
    found = _HOST_AND_PORT.fullmatch(host_and_port.partition("/")[0])
    if found is None:
        raise _unreadable(variable)
    port = int(found["port"] or _PORTS[scheme])
    host = found["v6"] or found["host"]
    try:
        address = parse_address(f"http://{bracketed(host)}:{port}")
    except ValueError:
        raise _unreadable(variable) from None
    return Proxy(scheme, address.host, port, variable, unquote(user) if at else None)


def _unreadable(variable: str) -> ConfigurationError:
    return ConfigurationError(
        f"invalid proxy URL in {variable}",
        hint="use http://HOST:PORT or http://USER:PASSWORD@HOST:PORT without "
        "quotes; encode / as %2F, ? as %3F, # as %23 and @ as %40",
    )


def _first(variables: Mapping[str, str], *names: str) -> str | None:
    """Return the name of the first of these variables that is set, in small first."""
    for name in names:
        for spelling in (name, name.upper()):
            if spelling in variables:
                return spelling
    return None
