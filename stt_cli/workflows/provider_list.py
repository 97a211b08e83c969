"""What each provider can do here, and what it still needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stt_cli.core.errors import INTERRUPTIONS, SttError
from stt_cli.providers.registry import provider_names, provider_spec
from stt_cli.providers.spec import Capability, ProviderSpec
from stt_cli.settings import Settings

# What a person looks for first, and the word for it.
_MAIN = (
    (Capability.RECOGNIZE, "recognize"),
    (Capability.LIVE, "live"),
    (Capability.BATCH, "batch"),
    (Capability.OWN_JOBS, "batch"),
    (Capability.SYNTHESIZE, "speak"),
)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """One provider: its spec, or why it cannot be loaded; and what is missing."""

    name: str
    spec: ProviderSpec | None
    missing: tuple[str, ...] = ()
    endpoint: str | None = None
    error: SttError | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a command could use it now."""
        return self.spec is not None and not self.missing and self.error is None

    @property
    def can(self) -> list[str]:
        """The main things it can do, in words."""
        if self.spec is None:
            return []
        return list(dict.fromkeys(word for c, word in _MAIN if self.spec.can(c)))

    @property
    def wanting(self) -> str:
        """What it still needs, as the variables or settings to set; empty if ready."""
        if self.error is not None:
            return self.error.message
        if self.spec is None:
            return ""
        variables = {s.name: s.variables for s in self.spec.settings}
        return " and ".join(
            variables.get(name, ())[0] if variables.get(name) else name
            for name in self.missing
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what ``providers --json`` shows."""
        spec = self.spec
        return {
            "name": self.name,
            "title": spec.title if spec else None,
            "summary": spec.summary if spec else None,
            "ready": self.is_ready,
            "missing": list(self.missing),
            "endpoint": self.endpoint,
            "capabilities": sorted(spec.capabilities) if spec else [],
            "transports": list(spec.transports) if spec else [],
            "modes": list(spec.modes) if spec else [],
            "default_language": spec.default_language if spec else None,
            "local": spec.is_local if spec else None,
            "settings": [
                {
                    "name": setting.name,
                    "variables": list(setting.variables),
                    "secret": setting.secret,
                    "help": setting.help,
                }
                for setting in (spec.settings if spec else ())
            ],
            "error": self.error.to_dict() if self.error else None,
        }


def provider_states(settings: Settings) -> Iterator[ProviderState]:
    """Yield every provider; one that cannot be loaded is listed with its error."""
    for name in provider_names():
        yield provider_state(settings, name)


def provider_state(settings: Settings, name: str) -> ProviderState:
    """Return how a provider stands; its own trouble is part of the answer."""
    spec: ProviderSpec | None = None
    try:
        spec = provider_spec(name)
        missing, endpoint = settings.missing(spec), settings.endpoint(spec)
    except INTERRUPTIONS:
        raise
    except SttError as error:
        return ProviderState(name, spec, error=error)
    return ProviderState(name, spec, missing, endpoint)
