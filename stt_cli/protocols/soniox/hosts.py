"""Where Soniox's services live: three hosts a region, or one base for all."""

from __future__ import annotations

from dataclasses import dataclass

from stt_cli.core.errors import ConfigurationError

_DOMAIN = "soniox.com"
_REGIONS = {"us": _DOMAIN, "eu": f"eu.{_DOMAIN}", "jp": f"jp.{_DOMAIN}"}
REGIONS = tuple(_REGIONS)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Base addresses without a trailing slash; ``api`` is without ``/v1``."""

    api: str
    realtime: str
    speech: str

    @classmethod
    def of_region(cls, region: str | None) -> Hosts:
        """Return a region's hosts; the United States have no prefix.

        Raises:
            ConfigurationError: Soniox has no such region.
        """
        domain = _REGIONS.get((region or "us").strip().lower())
        if domain is None:
            raise ConfigurationError(
                f"Soniox has no region {region!r}",
                hint=f"one of {', '.join(REGIONS)}",
            )
        return cls(
            f"https://api.{domain}",
            f"wss://stt-rt.{domain}",
            f"https://tts-rt.{domain}",
        )

    @classmethod
    def at(cls, endpoint: str) -> Hosts:
        """Return one base address for all services: an emulator, a gateway."""
        base = endpoint.rstrip("/").removesuffix("/v1")
        return cls(base, base, base)
