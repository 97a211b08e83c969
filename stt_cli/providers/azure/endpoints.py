"""Where the services live: hosts by region, sovereign clouds, custom domains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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

# What the portal shows as a resource's endpoint is the host of tokens and of the
# batch API; it takes no audio.
_PORTAL = re.compile(
    r"(?P<region>[a-z0-9]+)\.api\.cognitive\.(?:microsoft\.com|microsoft\.us|azure\.cn)"
)


def portal_region(endpoint: str | None) -> str | None:
    """Return the region of an endpoint as the Azure portal shows it, else ``None``."""
    host = _PORTAL.fullmatch(urlsplit(endpoint or "").hostname or "")
    return host["region"] if host else None


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


@dataclass(frozen=True, slots=True)
class Hosts:
    """A service's own hosts: functions of the region, which give base addresses.

    ``realtime_path`` is the WebSocket's path there where it is not the mode's own;
    ``is_regional`` tells whether another region has other ones.
    """

    recognition: Callable[[str | None], str]
    synthesis: Callable[[str | None], str]
    tokens: Callable[[str | None], str]
    realtime_path: str | None = None
    is_regional: bool = True


AZURE_HOSTS = Hosts(
    recognition=lambda region: recognition_base(_known(region)),
    synthesis=lambda region: synthesis_base(_known(region)),
    tokens=lambda region: api_base(_known(region)),
    realtime_path=UNIVERSAL_PATH,
)
BING_HOSTS = Hosts(
    recognition=lambda _region: f"https://{BING_HOST}",
    synthesis=lambda _region: f"https://{BING_HOST}",
    tokens=lambda _region: f"https://{BING_TOKEN_HOST}",
    is_regional=False,
)


def realtime_url(
    hosts: Hosts,
    *,
    region: str | None,
    endpoint: str | None,
    mode: str,
    query: Iterable[tuple[str, str | None]],
    universal: bool = False,
) -> str:
    """Return the WebSocket's address, with ``https`` for ``wss``.

    An endpoint that is a bare host is a container or an emulator, which know the
    modes' paths; a custom domain takes the path that the service's own hosts take.
    An endpoint with a path is used as it is.

    Args:
        universal: whether it must be the path of all modes, which alone has the
            streaming models.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        base, is_own = hosts.recognition(region), True
    else:
        if has_path(endpoint):
            return with_query(endpoint, query)
        base, is_own = endpoint.rstrip("/"), _is_custom(urlsplit(endpoint).hostname)
    path = hosts.realtime_path if is_own or universal else None
    return with_query(base + (path or mode_path(mode)), query)


def short_audio_url(
    hosts: Hosts, *, region: str | None, endpoint: str | None, mode: str
) -> str:
    """Return the address of REST for short audio, without its query.

    On a custom domain the service's name comes first in the path; an endpoint
    with a path is used as it is.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        return hosts.recognition(region) + mode_path(mode)
    if has_path(endpoint):
        return endpoint
    service = "/stt" if _is_custom(urlsplit(endpoint).hostname) else ""
    return endpoint.rstrip("/") + service + mode_path(mode)


def synthesis_url(
    hosts: Hosts, *, region: str | None, endpoint: str | None, path: str
) -> str:
    """Return an address of synthesis; an endpoint stands for its host.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        return hosts.synthesis(region) + path
    parts = urlsplit(endpoint)
    host = parts.netloc.replace(".stt.speech.", ".tts.speech.")
    service = "/tts" if _is_custom(parts.hostname) else ""
    return f"{parts.scheme}://{host}{service}{path}"


def service_base(hosts: Hosts, *, region: str | None, endpoint: str | None) -> str:
    """Return the base address of tokens, batch and fast transcription.

    An endpoint that is a region's recognition host stands for the region's API
    host beside it; any other is used, up to its path.

    Raises:
        ConfigurationError: neither a region nor an endpoint is known.
    """
    if endpoint is None:
        return hosts.tokens(region)
    parts = urlsplit(endpoint)
    host = _REGIONAL.fullmatch(parts.hostname or "")
    if host is not None:
        return api_base(host["region"])
    return f"{parts.scheme}://{parts.netloc}"


def has_path(endpoint: str) -> bool:
    """Whether an endpoint is more than a host: then it is used as it is."""
    return bool(urlsplit(endpoint).path.strip("/"))


def _is_custom(host: str | None) -> bool:
    return _CUSTOM_DOMAIN in (host or "")


def _known(region: str | None) -> str:
    if region:
        return region
    raise ConfigurationError(
        "the region of the Speech resource is not set",
        hint="set AZURE_SPEECH_REGION, or use --endpoint",
    )


def _region(region: str) -> str:
    name = region.strip().lower().replace(" ", "")
    if not _REGION.fullmatch(name):
        within = _PORTAL.search(name) or _REGIONAL.search(name)
        shown = within["region"] if within else "westeurope"
        raise ConfigurationError(
            f"{region!r} is not an Azure region",
            hint="use the name that the resource's page shows, "
            + (f"AZURE_SPEECH_REGION={shown}" if within else f"such as {shown}"),
        )
    return name


def _domain(region: str, special: dict[str, str]) -> str:
    name = _region(region)
    for prefix, domain in special.items():
        if name.startswith(prefix):
            return domain
    return "microsoft.com"
