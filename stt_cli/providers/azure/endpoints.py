"""Where the services live: hosts by region, sovereign clouds, custom domains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from stt_cli.core.address import with_query
from stt_cli.core.errors import ConfigurationError

BING_HOST = "speech.platform.bing.com"
BING_TOKEN_HOST = "api.cognitive.microsoft.com"
UNIVERSAL_PATH = "/stt/speech/universal/v2"

_REGION = re.compile(r"[a-z0-9]+")
# The services' host names are {region}.{label}.{domain} (Azure documentation,
# "Sovereign clouds"); token and batch hosts have a domain of their own.
_SPEECH_DOMAINS = {"china": "azure.cn", "usgov": "azure.us"}
_API_DOMAINS = {"china": "azure.cn", "usgov": "microsoft.us"}
_CUSTOM_DOMAIN = ".cognitiveservices.azure."
_REGIONAL = re.compile(r"(?P<region>[a-z0-9]+)\.(?:stt|tts)\.speech\.[a-z.]+")


def recognition_base(region: str) -> str:
    """Return the base address of recognition. Raises ``ConfigurationError``."""
    return f"https://{_region(region)}.stt.speech.{_domain(region, _SPEECH_DOMAINS)}"


def synthesis_base(region: str) -> str:
    """Return the base address of synthesis. Raises ``ConfigurationError``."""
    return f"https://{_region(region)}.tts.speech.{_domain(region, _SPEECH_DOMAINS)}"


def api_base(region: str) -> str:
    """Return the base address of tokens and batch. Raises ``ConfigurationError``."""
    return f"https://{_region(region)}.api.cognitive.{_domain(region, _API_DOMAINS)}"


def mode_path(mode: str) -> str:
    """Return the path of one recognition mode: 2018's, containers' and REST's."""
    return f"/speech/recognition/{mode}/cognitiveservices/v1"


def azure_realtime_url(
    *,
    region: str | None,
    endpoint: str | None,
    mode: str,
    query: Iterable[tuple[str, str | None]],
) -> str:
    """Return the WebSocket's address, with ``https`` for ``wss``.

    An endpoint that is a bare host is a container or an emulator, which know the
    modes' paths; a custom domain takes the path that region hosts take. An
    endpoint with a path is used as it is.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        if not region:
            raise ConfigurationError(
                "the region of the Speech resource is not known",
                hint="set AZURE_SPEECH_REGION, or give --endpoint",
            )
        return with_query(recognition_base(region) + UNIVERSAL_PATH, query)
    parts = urlsplit(endpoint)
    if parts.path.strip("/"):
        return with_query(endpoint, query)
    custom = _CUSTOM_DOMAIN in (parts.hostname or "")
    path = UNIVERSAL_PATH if custom else mode_path(mode)
    return with_query(endpoint.rstrip("/") + path, query)


def bing_realtime_url(
    *, endpoint: str | None, mode: str, query: Iterable[tuple[str, str | None]]
) -> str:
    """Return the WebSocket's address as the 2018 document has it."""
    if endpoint and urlsplit(endpoint).path.strip("/"):
        return with_query(endpoint, query)
    base = (endpoint or f"https://{BING_HOST}").rstrip("/")
    return with_query(base + mode_path(mode), query)


def short_audio_url(
    *, region: str | None, endpoint: str | None, mode: str, is_bing: bool
) -> str:
    """Return the address of REST for short audio, without its query.

    On a custom domain the service's name comes first in the path; an endpoint
    with a path is used as it is.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        base = f"https://{BING_HOST}" if is_bing else recognition_base(_known(region))
        return base + mode_path(mode)
    parts = urlsplit(endpoint)
    if parts.path.strip("/"):
        return endpoint
    service = "/stt" if _CUSTOM_DOMAIN in (parts.hostname or "") else ""
    return endpoint.rstrip("/") + service + mode_path(mode)


def service_base(*, region: str | None, endpoint: str | None, is_bing: bool) -> str:
    """Return the base address of tokens, batch and fast transcription.

    An endpoint that is a region's recognition host stands for the region's API
    host beside it; any other is used, up to its path.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        return f"https://{BING_TOKEN_HOST}" if is_bing else api_base(_known(region))
    parts = urlsplit(endpoint)
    host = _REGIONAL.fullmatch(parts.hostname or "")
    if host is not None:
        return api_base(host["region"])
    return f"{parts.scheme}://{parts.netloc}"


def _known(region: str | None) -> str:
    if region:
        return region
    raise ConfigurationError(
        "the region of the Speech resource is not known",
        hint="set AZURE_SPEECH_REGION, or give --endpoint",
    )


def _region(region: str) -> str:
    name = region.strip().lower().replace(" ", "")
    if not _REGION.fullmatch(name):
        raise ConfigurationError(
            f"{region!r} is no Azure region",
            hint="the resource's page names it, such as westeurope",
        )
    return name


def _domain(region: str, special: dict[str, str]) -> str:
    name = _region(region)
    for prefix, domain in special.items():
        if name.startswith(prefix):
            return domain
    return "microsoft.com"
