"""Where Soniox's services live: three hosts a region, or one base for all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stt_cli.core.errors import ConfigurationError

_DOMAIN = "soniox.com"
REGIONS = ("us", "eu", "jp", "in")
# Every region's hosts follow one pattern, so that a newer region works as well.
_CODE = re.compile(r"[a-z]{2}")


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
            ConfigurationError: it is not the code of a region.
        """
        code = _code(region)
        if not _CODE.fullmatch(code):
            raise ConfigurationError(
                f"unknown Soniox region {region!r}",
                hint=f"use {', '.join(REGIONS)}, or the two letters of a newer region",
            )
        domain = _DOMAIN if code == "us" else f"{code}.{_DOMAIN}"
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


def is_known(region: str | None) -> bool:
    """Whether it is one of the regions that Soniox has announced."""
    return _code(region) in REGIONS


def _code(region: str | None) -> str:
    return (region or "us").strip().lower()
