"""Scriptix' REST service: a request out, its object or its error back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stt_cli.core.errors import ConfigurationError, CredentialsError
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import Secret
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.net.rate_limit import RateLimit
from stt_cli.net.retry import RetryPolicy
from stt_cli.protocols.scriptix.errors import error_of
from stt_cli.protocols.scriptix.requests import (
    DEFAULT_API,
    DEFAULT_REALTIME,
    LARGEST_PAGE,
    Requests,
)
from stt_cli.protocols.scriptix.session import read_page
from stt_cli.providers.base import ProviderContext

SLOW_ANSWER = Timeouts(read=300.0)
_WAYS = ("bearer", "header")
_RATE = 60, 60.0  # requests in seconds, a token (Scriptix documentation, "Limits")


class Service:
    """Sends for one command; ``requests`` makes what it sends."""

    def __init__(self, context: ProviderContext) -> None:
        self.context = context
        auth = context.values.get("auth", "bearer").lower()
        if auth not in _WAYS:
            raise ConfigurationError(
                f"invalid value {auth!r} for scriptix.auth",
                hint=f"choose from {', '.join(_WAYS)}",
            )
        self.realtime = context.endpoint or DEFAULT_REALTIME
        self.requests = Requests(
            context.endpoint or DEFAULT_API, context.secrets.get("token"), auth
        )
        self.sender = HttpClient(context, SLOW_ANSWER)
        base = context.endpoint or DEFAULT_API
        self.sender.rate_limit = RateLimit(base, *_RATE, context.environment)

    @property
    def realtime_token(self) -> Secret | None:
        """The token for streams; without one of its own, the only one there is."""
        secrets = self.context.secrets
        return secrets.get("realtime_token") or secrets.get("token")

    def require_batch_token(self) -> None:
        """Raise ``CredentialsError`` where only a token for streams is known."""
        if not self.context.secrets.get("token") and not self.context.endpoint:
            raise CredentialsError(
                "scriptix needs a token of type Batch for this",
                hint="set SCRIPTIX_TOKEN, or run `stt auth set scriptix token`",
            )

    def ask(
        self,
        request: HttpRequest,
        session_id: str | None = None,
        *,
        policy: RetryPolicy | None = None,
    ) -> dict[str, Any]:
        """Return the object that the service answers with."""
        answer = self.fetch(request, session_id, policy=policy)
        return answer.json_object()

    def fetch(
        self,
        request: HttpRequest,
        session_id: str | None = None,
        *,
        policy: RetryPolicy | None = None,
    ) -> HttpResponse:
        """Return an answer with a good status."""

        def read(response: HttpResponse) -> HttpResponse:
            self.check(response, session_id)
            if "json" in (response.header("Content-Type") or ""):
                response.json()  # one that breaks off is asked for again
            return response

        return self.sender.send(request, read, policy=policy)

    def sessions(
        self, *, size: int, status: str | None = None, follow: bool = True
    ) -> Iterator[dict[str, Any]]:
        """Yield the sessions of a page, or of all pages, as they come."""
        size = max(1, min(size, LARGEST_PAGE))
        offset: int | None = 0
        while offset is not None:
            request = self.requests.sessions(offset, size, status)
            page = read_page(self.ask(request))
            for fields in page.sessions:
                yield dict(fields)
            offset = page.next_offset(offset, size) if follow else None

    def check(self, response: HttpResponse, session_id: str | None = None) -> None:
        """Raise the error that an answer is."""
        if not response.is_success:
            now = self.context.environment.now().timestamp()
            raise error_of(response, session_id=session_id, now=now)

    def close(self) -> None:
        """Close every connection."""
        self.sender.close()
