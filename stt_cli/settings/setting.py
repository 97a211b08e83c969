"""One resolved setting, and the top-level names that exist."""

from __future__ import annotations

from dataclasses import dataclass, field

from stt_cli.core.address_masking import mask_address
from stt_cli.core.secret import MASK, mask_secrets
from stt_cli.providers.spec import ProviderSpec

TOP_LEVEL = {
    "provider": "provider to use without -p",
    "language": "language of recordings and texts, such as de-DE, or auto to detect it",
    "mode": "speaking style: interactive, conversation or dictation",
    "format": "output format: text, json, srt, …",
    "device": "microphone name or index",
    "ledger": "on, off, or postgresql://… for a shared ledger",
}
"""The settings outside any provider; ``STT_<NAME>`` gives each in the environment."""

DEFAULTS = {
    "provider": "local",
    "language": "en-US",
    "mode": "conversation",
    "format": "text",
    "ledger": "on",
}
"""What holds where nothing is set. The device is the system's own choice, and a
provider that detects the language takes no default of it."""

ENDPOINT = "endpoint"
"""The setting every provider has besides its own: another base address."""


def variable_of(name: str) -> str:
    """Return the environment variable of a top-level setting."""
    return f"STT_{name.upper()}"


def endpoint_variables(spec: ProviderSpec) -> tuple[str, ...]:
    """Return the variables of a provider's base address: ours, then the vendor's."""
    own = f"STT_{spec.name.upper().replace('-', '_')}_ENDPOINT"
    theirs = next((s.variables for s in spec.settings if s.name == ENDPOINT), ())
    return own, *theirs


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it was found; a secret one shows itself in no repr."""

    value: str = field(repr=False)
    origin: str
    secret: bool = False

    @property
    def shown(self) -> str:
        """The value as a list may show it."""
        if self.secret:
            return MASK
        # Whatever was meant: an address with a mistake has a password as well.
        if "@" in self.value or "//" in self.value:
            return mask_address(self.value)
        return mask_secrets(self.value)
