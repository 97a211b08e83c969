"""What all synthesis requests share: addresses, refusals, the voices there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stt_cli.core.errors import SttError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.options import VoiceQuery
from stt_cli.net.client import HttpClient
from stt_cli.protocols.azure_tts.pieces import AZURE_LIMITS, BING_LIMITS, Limits
from stt_cli.protocols.azure_tts.request import (
    VOICES_PATH,
    read_voices,
    synthesis_refusal,
)
from stt_cli.protocols.azure_tts.voices_2018 import bing_voices
from stt_cli.providers.azure.auth import send_authorized
from stt_cli.providers.azure.credentials import Credentials
from stt_cli.providers.azure.endpoints import BING_HOST, synthesis_base
from stt_cli.providers.azure.errors import credentials_hint

if TYPE_CHECKING:
    from stt_cli.core.catalogue import Voice
    from stt_cli.providers.base import ProviderContext


@dataclass(frozen=True, slots=True)
class SpeechService:
    """What every request shares."""

    context: ProviderContext
    sender: HttpClient
    credentials: Credentials
    is_bing: bool

    @property
    def title(self) -> str:
        """The service's name in messages."""
        return "Bing Speech" if self.is_bing else "Azure Speech"

    @property
    def limits(self) -> Limits:
        """What one request may hold."""
        return BING_LIMITS if self.is_bing else AZURE_LIMITS

    def url(self, path: str) -> str:
        """Return an address. Raises ``ConfigurationError``."""
        endpoint = self.context.endpoint
        if endpoint is None:
            if self.is_bing:
                return f"https://{BING_HOST}{path}"
            return synthesis_base(self.context.values.get("region") or "") + path
        parts = urlsplit(endpoint)
        if parts.path.strip("/") and path != VOICES_PATH:
            return endpoint
        host = parts.netloc.replace(".stt.speech.", ".tts.speech.")
        # On a custom domain the service's name comes first in the path.
        service = "/tts" if ".cognitiveservices.azure." in host else ""
        return f"{parts.scheme}://{host}{service}{path}"

    def refused(self, response: HttpResponse) -> SttError | None:
        """Return the error for an answer that is no 2xx."""
        if response.is_success:
            return None
        hint = credentials_hint(self.title, self.context.values.get("region"))
        return synthesis_refusal(
            response, self.title, credentials_hint=hint, limit=self.limits.words
        )


def voices(service: SpeechService, query: VoiceQuery) -> Iterator[Voice]:
    """Yield the voices that match: the table of 2018, or the service's own list."""
    wanted = (query.language or "").replace("_", "-").lower()
    for voice in bing_voices() if service.is_bing else _listed(service):
        tags = [voice.language, *(voice.details.get("SecondaryLocaleList") or ())]
        speaks = any(
            tag.lower() == wanted or tag.lower().startswith(f"{wanted}-")
            for tag in tags
        )
        if (speaks or not wanted) and query.gender in (None, voice.gender):
            yield voice


def _listed(service: SpeechService) -> list[Voice]:
    def read(response: HttpResponse) -> list[Voice]:
        error = service.refused(response)
        if error is not None:
            raise error
        return read_voices(response)

    request = HttpRequest("GET", service.url(VOICES_PATH))
    return send_authorized(service.sender, service.credentials, request, read)
