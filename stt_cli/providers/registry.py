"""Which providers exist: ours by a table, third parties' by entry points.

Only names are read until one is asked for. A third party's package declares
``[project.entry-points."stt.providers"]`` ``name = "package.module:SPEC"``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from difflib import get_close_matches

from stt_cli.core.errors import ConfigurationError, UsageError
from stt_cli.providers.spec import Capability, ProviderSpec

ENTRY_POINT_GROUP = "stt.providers"

_OURS = {
    "local": "stt_cli.providers.local.spec:SPEC",
    "azure": "stt_cli.providers.azure.spec:AZURE_SPEC",
    "bing": "stt_cli.providers.azure.spec:BING_SPEC",
    "watson": "stt_cli.providers.watson.spec:SPEC",
    "soniox": "stt_cli.providers.soniox.spec:SPEC",
    "scriptix": "stt_cli.providers.scriptix.spec:SPEC",
}


def our_names() -> tuple[str, ...]:
    """Return the names of the providers that come with this program."""
    return tuple(_OURS)


def provider_names() -> list[str]:
    """Return every provider's name, ours first."""
    return [*_OURS, *sorted(set(_entry_points()) - set(_OURS))]


def provider_spec(name: str) -> ProviderSpec:
    """Return the spec of that name.

    Raises:
        UsageError: there is no such provider; a near name is suggested.
        ConfigurationError: a third party's provider cannot be loaded.
    """
    if name in _OURS:
        return _load(_OURS[name])
    theirs = _entry_points()
    if name in theirs:
        return _load_third_party(name, theirs[name])
    names = provider_names()
    near = get_close_matches(name, names, n=1)
    raise UsageError(
        f"unknown provider {name!r}",
        hint=f"did you mean {near[0]}?" if near else f"choose from {', '.join(names)}",
    )


def require_capability(
    spec: ProviderSpec, capability: Capability, asked: str | None = None
) -> None:
    """Raise ``UsageError`` naming our providers that do what this one cannot.

    Args:
        asked: what the user asked for, where that is more than the capability.
    """
    try:
        spec.require(capability, asked)
    except UsageError as error:
        able = [name for name in our_names() if provider_spec(name).can(capability)]
        if len(able) == 1:
            error.hint = f"use -p {able[0]}"
        elif able:
            named = f"{', '.join(able[:-1])} and {able[-1]}"
            error.hint = f"{named} do; choose a provider with -p"
        raise


def provider_specs() -> Iterator[ProviderSpec]:
    """Yield every provider's spec, ours first."""
    for name in provider_names():
        yield provider_spec(name)


def _entry_points() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {point.name: point.value for point in entry_points(group=ENTRY_POINT_GROUP)}


def _load(target: str) -> ProviderSpec:
    module_name, _, attribute = target.partition(":")
    spec = getattr(importlib.import_module(module_name), attribute)
    if not isinstance(spec, ProviderSpec):
        raise TypeError(f"{target} is not a ProviderSpec")
    return spec


def _load_third_party(name: str, target: str) -> ProviderSpec:
    try:
        return _load(target)
    except Exception as fault:
        raise ConfigurationError(
            f"cannot load the provider {name} from {target}: {fault}",
            hint="update or uninstall the package that provides it",
        ) from fault
