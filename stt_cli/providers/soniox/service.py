"""Soniox's REST service: a request out, its object or its error back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stt_cli.core.errors import NotFoundError, ProviderError, SttError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.options import RecognizeOptions
from stt_cli.net.client import HttpClient, Timeouts
from stt_cli.net.idempotent_create import create_once
from stt_cli.net.retry import NEVER, REPEATABLE, RetryPolicy
from stt_cli.protocols.soniox.errors import error_of, lacks_model, read_failure
from stt_cli.protocols.soniox.hosts import REGIONS, Hosts, is_known
from stt_cli.protocols.soniox.objects import Page
from stt_cli.protocols.soniox.requests import OLDER_MODELS, Requests
from stt_cli.providers.base import ProviderContext

PAGE = 100
_MOST_PAGES = 2_100  # it keeps 2,000 transcriptions and 1,000 files (Soniox, limits)
# After a large upload the service thinks before it answers.
SLOW_ANSWER = Timeouts(read=300.0)


class Service:
    """Sends for one command; ``requests`` makes what it sends."""

    def __init__(self, context: ProviderContext) -> None:
        self.context = context
        self.hosts = _hosts(context)
        self.key = context.secrets.get("key")
        self.requests = Requests(self.hosts.api, self.key, self.hosts.speech)
        self.sender = HttpClient(context)

    def ask(
        self, request: HttpRequest, policy: RetryPolicy | None = None
    ) -> dict[str, Any]:
        """Return the object that the service answers with."""
        return self.sender.send(request, self.read, policy=policy)

    def remove(self, request: HttpRequest) -> None:
        """Delete something. Raises ``NotFoundError`` if it is gone already.

        A repeated deletion whose first answer was lost is a deletion too.
        """
        tried = [0]

        def read(response: HttpResponse) -> None:
            tried[0] += 1
            if response.is_success:
                return
            error = self.error(response)
            if tried[0] == 1 or not isinstance(error, NotFoundError):
                raise error

        self.sender.send(request, read)

    def make(
        self,
        send: Callable[[], dict[str, Any]],
        find: Callable[[], dict[str, Any] | None],
        policy: RetryPolicy = REPEATABLE,
    ) -> dict[str, Any]:
        """Create something, and never twice; ``find`` looks by our reference.

        Raises:
            UncertainError: it may exist, and the service lets nobody look.
        """
        return create_once("Soniox", send, find, self.context, policy)

    def ask_once(self, request: HttpRequest) -> dict[str, Any]:
        """Return the answer of one attempt."""
        return self.sender.send(request, self.read, policy=NEVER, timeouts=SLOW_ANSWER)

    def pages(
        self,
        make: Callable[[str | None, int], HttpRequest],
        name: str,
        size: int,
        policy: RetryPolicy | None = None,
    ) -> Iterator[Page]:
        """Yield the pages of a list, each fetched when it is asked for.

        Raises:
            ProviderError: the list goes on for longer than any can be.
        """
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            page = Page.read(self.ask(make(cursor, size), policy), name)
            yield page
            if page.next_cursor is None or page.next_cursor == cursor:
                return
            cursor = page.next_cursor
        raise ProviderError(f"the Soniox list of {name} has too many pages")

    def find_by_reference(
        self,
        make: Callable[[str | None, int], HttpRequest],
        name: str,
        reference: str,
        **same: object,
    ) -> dict[str, Any] | None:
        """Return the first object of a list that has our reference.

        A reference that the user chose need not be unique, so the fields in
        ``same`` must agree too. The service cannot search: every page is read.
        """
        wanted: dict[str, object] = {"client_reference_id": reference}
        wanted |= {key: value for key, value in same.items() if value is not None}
        # It stands within the retries of what may exist: one loop, not two.
        for page in self.pages(make, name, size=1000, policy=NEVER):
            for fields in page.objects:
                if all(fields.get(key) == value for key, value in wanted.items()):
                    return dict(fields)
        return None

    def read(self, response: HttpResponse) -> dict[str, Any]:
        """Return an answer's object, or raise the error that it is."""
        if not response.is_success:
            raise self.error(response)
        return response.json_object()

    def error(self, response: HttpResponse) -> SttError:
        """Return the error that an answer is."""
        now = self.context.environment.now().timestamp()
        return error_of(read_failure(response, now))

    def close(self) -> None:
        """Close every connection."""
        self.sender.close()


def older_model(
    error: SttError, fields: Mapping[str, Any], options: RecognizeOptions
) -> str | None:
    """Return the model to try instead of a default one that the service lacks."""
    if options.model is not None or "model" in options.params:
        return None
    return OLDER_MODELS.get(fields["model"]) if lacks_model(error) else None


def _hosts(context: ProviderContext) -> Hosts:
    if context.endpoint:
        return Hosts.at(context.endpoint)
    region = context.values.get("region")
    hosts = Hosts.of_region(region)
    if not is_known(region):
        context.warn(
            Notice(
                f"unknown Soniox region {region!r}; trying {hosts.api}",
                hint=f"known regions are {', '.join(REGIONS)}",
            )
        )
    return hosts
