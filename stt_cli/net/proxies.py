"""Which proxy a URL goes through, by the variables every HTTP tool reads."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit


def proxy_for(url: str, variables: Mapping[str, str]) -> str | None:
    """Return the proxy's URL for ``url``, or ``None`` to go straight.

    Reads ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``, the
    lower-case spelling first, as curl does. This machine itself is never
    reached through a proxy unless ``NO_PROXY`` is set and leaves it out.
    """
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    proxy = _first(variables, f"{scheme}_proxy", "all_proxy")
    if not proxy or _goes_straight(parts.hostname or "", variables):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def is_spoken_here(proxy: str | None) -> bool:
    """Whether this program speaks the proxy's protocol by itself; SOCKS it does not."""
    return proxy is None or urlsplit(proxy).scheme in ("http", "https")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _goes_straight(host: str, variables: Mapping[str, str]) -> bool:
    listed = _first(variables, "no_proxy")
    if listed is None:
        return is_loopback(host)
    host = host.lower()
    for entry in (part.strip().lower() for part in listed.split(",")):
        name = entry.rpartition(":")[0] if entry.count(":") == 1 else entry
        name = name.removeprefix("*").removeprefix(".")
        if entry == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return True
    return False


def _first(variables: Mapping[str, str], *names: str) -> str | None:
    for name in names:
        for spelling in (name, name.upper()):
            if spelling in variables:
                return variables[spelling]
    return None
