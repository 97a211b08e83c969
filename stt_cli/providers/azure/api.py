"""The speechtotext API as one client: addresses, credentials, refusals, pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from stt_cli.core.address import origin_of
from stt_cli.core.errors import ProviderError
from stt_cli.core.events import Progress
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.identifiers import Identifiers
from stt_cli.net.client import Timeouts
from stt_cli.net.retry import RetryPolicy
from stt_cli.protocols.azure_rest.batch import parse_page
from stt_cli.protocols.azure_rest.errors import ids_of, refusal
from stt_cli.protocols.azure_rest.versions import Version
from stt_cli.providers.azure.credentials import Credentials, FixedCredentials
from stt_cli.providers.azure.service import Service
from stt_cli.providers.azure.tokens import ENTRA_PREFIX, authorized, send_authorized

Answer = TypeVar("Answer")

PAGE = 100
"""Items of a page asked for: the largest that the documents name."""
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Answered:
    """The JSON of an answer, and the IDs of its call."""

    body: dict[str, Any]
    ids: Identifiers
    response: HttpResponse


class SpeechApi:
    """Sends to one resource's API; ``base`` is its host, without a trailing slash."""

    def __init__(self, service: Service, version: Version) -> None:
        self.base = service.api_base
        self.version = version
        self._service = service
        self._sender = service.sender
        self._credentials = api_credentials(service.credentials)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Iterable[tuple[str, str | None]] = (),
        body: Any = None,
        policy: RetryPolicy | None = None,
    ) -> Answered:
        """Send JSON, return JSON; an empty answer is an empty object."""
        return self._call(
            self.request(method, self.version.url(self.base, path, query), body), policy
        )

    def request(self, method: str, url: str, body: Any = None) -> HttpRequest:
        """Return a request with a JSON body, or with none."""
        headers = [("Accept", "application/json")]
        data = None
        if body is not None:
            headers.append(("Content-Type", "application/json"))
            data = json.dumps(body, ensure_ascii=False).encode()
        return HttpRequest(method, url, tuple(headers), data)

    def pages(
        self,
        path: str,
        query: Iterable[tuple[str, str | None]],
        *,
        follow: bool,
        policy: RetryPolicy | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        """Yield a list's items; ``follow`` goes on to every further page.

        Raises:
            ProviderError: the pages lead in a circle.
        """
        url: str | None = self.version.url(self.base, path, query)
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= _MOST_PAGES:
                raise ProviderError("the service's list has too many pages")
            seen.add(url)
            page = self._call(self.request("GET", url), policy)
            items, further = parse_page(page.body)
            yield from items
            url = self._ours(further) if further and follow else None

    def value(self, path: str) -> Any:
        """Return the JSON value at a path, which need not be an object."""
        return send_authorized(
            self._sender,
            self._credentials,
            self.request("GET", self.version.url(self.base, path)),
            self._content,
        )

    def fetch(self, url: str) -> Any:
        """Return the JSON behind a content address, which is its own credential."""
        request = HttpRequest("GET", url).for_transcript()
        return self._sender.send(request, self._content)

    def upload(
        self,
        request: HttpRequest,
        read: Callable[[HttpResponse], Answer],
        *,
        policy: RetryPolicy,
        timeouts: Timeouts,
    ) -> Generator[Progress, None, Answer]:
        """Send a large body, yielding how far it is."""
        ready = authorized(request, self._credentials)
        return (
            yield from self._sender.upload(
                ready, read, policy=policy, timeouts=timeouts
            )
        )

    def checked(self, response: HttpResponse) -> HttpResponse:
        """Return a good answer; raise what another means."""
        if response.is_success:
            return response
        hint = self._service.credentials_hint
        raise refusal(response, self._service.title, credentials_hint=hint)

    def _call(
        self, request: HttpRequest, policy: RetryPolicy | None = None
    ) -> Answered:
        return send_authorized(
            self._sender, self._credentials, request, self._answered, policy=policy
        )

    def _answered(self, response: HttpResponse) -> Answered:
        self.checked(response)
        body = response.json_object() if response.body.strip() else {}
        return Answered(body, ids_of(response), response)

    def _content(self, response: HttpResponse) -> Any:
        return self.checked(response).json()

    def _ours(self, url: str) -> str:
        """Return a page's address at the host we talk to.

        A custom domain's answers may name the region's host; the key goes to no
        host that the user did not name.

        Raises:
            ProviderError: the service gave what is no address.
        """
        try:
            if origin_of(url) == origin_of(self.base):
                return url
            own, theirs = urlsplit(self.base), urlsplit(url)
        except ValueError as fault:
            raise ProviderError(
                f"the service returned an invalid URL for the next page: {fault}"
            ) from fault
        return urlunsplit(theirs._replace(scheme=own.scheme, netloc=own.netloc))


def api_credentials(credentials: Credentials) -> Credentials:
    """Return the credentials as this API takes them.

    An Entra token goes without the resource that the speech hosts want before
    it (Azure documentation, "Microsoft Entra authentication").
    """
    if not isinstance(credentials, FixedCredentials):
        return credentials
    from stt_cli.core.secret import Secret

    value = credentials.headers().get("Authorization", "").removeprefix("Bearer ")
    if not value.startswith(ENTRA_PREFIX):
        return credentials
    return FixedCredentials(token=Secret(value.rpartition("#")[2]))
