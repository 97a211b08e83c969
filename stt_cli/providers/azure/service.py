"""What every request of one command shares: who asks, of which service, and how."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from stt_cli.providers.azure.credentials import Credentials, FixedCredentials
from stt_cli.providers.azure.endpoints import service_base
from stt_cli.providers.azure.flavor import Flavor

if TYPE_CHECKING:
    from stt_cli.core.http_message import HttpRequest, HttpResponse
    from stt_cli.net.client import HttpClient
    from stt_cli.providers.base import ProviderContext

Answer = TypeVar("Answer")


class Service:
    """One of the two services, with the settings of one command."""

    def __init__(self, flavor: Flavor, context: ProviderContext) -> None:
        self.flavor = flavor
        self.context = context

    @property
    def title(self) -> str:
        """The service's name in messages."""
        return self.flavor.title

    @property
    def region(self) -> str | None:
        """The region of the settings."""
        return self.context.values.get("region")

    @property
    def credentials_hint(self) -> str:
        """What to check after a refusal of the key or the token."""
        return self.flavor.credentials_hint(self.region)

    @property
    def api_base(self) -> str:
        """The base address of tokens and batch. Raises ``ConfigurationError``."""
        endpoint = self.context.endpoint
        return service_base(self.flavor.hosts, region=self.region, endpoint=endpoint)

    @cached_property
    def sender(self) -> HttpClient:
        """The HTTP client; the WebSocket alone needs none."""
        from stt_cli.net.client import HttpClient

        return HttpClient(self.context)

    @cached_property
    def credentials(self) -> Credentials:
        """The key as it is, or a token got for it where the service wants one."""
        key, token = (self.context.secrets.get(name) for name in ("key", "token"))
        as_it_is = self.flavor.takes_key and self.context.values.get("auth") != "token"
        if key is None or as_it_is:
            return FixedCredentials(key, token)
        from stt_cli.providers.azure.tokens import (
            TOKEN_PATH,
            TokenCredentials,
            fetching,
        )

        url = self.api_base + TOKEN_PATH
        fetch = fetching(self.sender, url, key, self.title, self.credentials_hint)
        return TokenCredentials(fetch, self.context.environment)

    def send(
        self, request: HttpRequest, read: Callable[[HttpResponse], Answer], **more: Any
    ) -> Answer:
        """Send with credentials; a token that is refused is renewed once."""
        from stt_cli.providers.azure.tokens import send_authorized

        return send_authorized(self.sender, self.credentials, request, read, **more)

    def close(self) -> None:
        """Close every connection."""
        if "sender" in self.__dict__:
            self.sender.close()
