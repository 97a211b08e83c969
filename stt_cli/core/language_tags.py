"""Comparing language tags: without case, and ``en`` stands for every English."""

from __future__ import annotations

from collections.abc import Iterable


def matches_language(wanted: str | None, offered: Iterable[str]) -> bool:
    """Whether one of the offered tags is the wanted one, or a variety of it.

    ``None`` matches anything; ``en-US`` is also met by a bare ``en``.
    """
    if wanted is None:
        return True
    return any(_meets(wanted.casefold(), tag.casefold()) for tag in offered)


def _meets(wanted: str, tag: str) -> bool:
    return tag == wanted or tag.startswith(f"{wanted}-") or wanted.startswith(f"{tag}-")
