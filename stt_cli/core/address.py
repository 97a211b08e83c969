"""Addresses with a query: what a WebSocket needs of HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit, urlunsplit


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
