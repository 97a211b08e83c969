"""The versions of the speechtotext API, and how each spells the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stt_cli.core.address import with_query
from stt_cli.core.errors import ConfigurationError

DEFAULT_VERSION = "2025-10-15"
_ROOT = "/speechtotext"


@dataclass(frozen=True, slots=True)
class Version:
    """One version. Those named by a date carry it in the query, not in the path."""

    name: str
    is_dated: bool

    def url(
        self, base: str, path: str, query: Iterable[tuple[str, str | None]] = ()
    ) -> str:
        """Return the address of ``path`` (such as ``/transcriptions``)."""
        root = base + _ROOT + ("" if self.is_dated else f"/{self.name}")
        dated = [("api-version", self.name)] if self.is_dated else []
        return with_query(root + path, [*query, *dated])

    @property
    def submit_path(self) -> str:
        """Where a transcription is created."""
        return "/transcriptions:submit" if self.is_dated else "/transcriptions"

    @property
    def is_known(self) -> bool:
        """Whether it is one whose description this code follows."""
        return self.name in VERSIONS

    def includes(self, other: Version) -> bool:
        """Whether it is at least as new as ``other``, which is a known one."""
        order = list(VERSIONS)
        return not self.is_known or order.index(self.name) >= order.index(other.name)


VERSIONS = {
    "v3.1": Version("v3.1", is_dated=False),
    "v3.2": Version("v3.2", is_dated=False),
    "2024-11-15": Version("2024-11-15", is_dated=True),
    "2025-10-15": Version("2025-10-15", is_dated=True),
}

_GUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_SELF = re.compile(
    r"/speechtotext/(?:v\d+\.\d+(?:-preview\.\d+)?/)?"
    rf"(?P<collection>[a-z/]+?)/(?P<id>{_GUID})(?=[/?:]|$)"
)


_DATED = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:-preview)?")


def newer_version(name: str) -> Version | None:
    """Return a version that is newer than all known ones, ``None`` for any other.

    A client tries it, and a service may know it: the API names its versions by
    date and keeps what a version had in the ones after it.
    """
    found = _DATED.fullmatch(name)
    if found is None or not _is_date(found["day"]) or found["day"] <= DEFAULT_VERSION:
        return None
    return Version(name, is_dated=True)


def version_named(name: str | None) -> Version:
    """Return the version of that name, which may be newer than the known ones.

    Raises:
        ConfigurationError: there is no such version.
    """
    wanted = name or DEFAULT_VERSION
    found = VERSIONS.get(wanted) or newer_version(wanted)
    if found is None:
        raise ConfigurationError(
            f"unknown Azure API version {wanted!r}",
            hint=f"set azure.api_version to one of {', '.join(VERSIONS)}, or a "
            "later date",
        )
    return found


def _is_date(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def id_from_self(url: object) -> str | None:
    """Return the GUID of an object's own address: what its support ID is.

    Only the top-level ``self`` of a body names the body's object; a model's or a
    link's address in it names something else.
    """
    found = _SELF.search(url) if isinstance(url, str) else None
    return found["id"].lower() if found else None
