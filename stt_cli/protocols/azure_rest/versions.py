"""The versions of the speechtotext API, and how each spells the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stt_cli.core.address import with_query
from stt_cli.core.errors import ConfigurationError

DEFAULT_VERSION = "2024-11-15"
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
    def rank(self) -> int:
        """Older versions are less."""
        return list(VERSIONS).index(self.name)


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


def version_named(name: str | None) -> Version:
    """Return the version of that name. Raises ``ConfigurationError``."""
    found = VERSIONS.get(name or DEFAULT_VERSION)
    if found is None:
        raise ConfigurationError(
            f"the speechtotext API has no version {name!r} that is spoken here",
            hint=f"azure.api_version is one of {', '.join(VERSIONS)}",
        )
    return found


def id_from_self(url: object) -> str | None:
    """Return the GUID of an object's own address: what its support ID is.

    Only the top-level ``self`` of a body names the body's object; a model's or a
    link's address in it names something else.
    """
    found = _SELF.search(url) if isinstance(url, str) else None
    return found["id"].lower() if found else None
