"""The packages that this program needs, as its own metadata declares them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

_DISTRIBUTION = "stt-cli"
_FOR_DEVELOPERS = ("test", "dev")


@dataclass(frozen=True, slots=True)
class Package:
    """A package and what is wanted of it: a version such as ``>=0.16``, or any.

    ``version`` is the one that is here, ``None`` for none; ``fits`` says whether it
    is as wanted. ``optional`` ones come with an extra.
    """

    name: str
    wanted: str
    optional: bool
    version: str | None
    fits: bool


def packages() -> Iterator[Package]:
    """Yield the packages that are needed on this system, then the optional ones.

    A copy that was never installed declares nothing, and yields nothing.
    """
    from packaging.requirements import Requirement

    try:
        declared = metadata.metadata(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return
    extras = [e for e in declared.get_all("Provides-Extra", []) if e != "all"]
    required = [Requirement(text) for text in metadata.requires(_DISTRIBUTION) or ()]
    seen = {_DISTRIBUTION}
    for extra in ("", *(each for each in extras if each not in _FOR_DEVELOPERS)):
        for one in required:
            marker = one.marker
            if one.name in seen or not (
                marker is None or marker.evaluate({"extra": extra})
            ):
                continue
            seen.add(one.name)
            version = _version(one.name)
            fits = version is not None and one.specifier.contains(
                version, prereleases=True
            )
            yield Package(one.name, str(one.specifier), bool(extra), version, fits)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
