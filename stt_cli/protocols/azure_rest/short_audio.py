"""REST for short audio: one request, one final result (2018; Azure today)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stt_cli.core.address import with_query
from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.protocols.usp.results import PhraseResult, parse_phrase


@dataclass(frozen=True, slots=True)
class ShortAudio:
    """What one request asks for; ``session_id`` is sent as ``X-ConnectionId``."""

    url: str
    language: str
    session_id: str
    content_type: str
    detailed: bool = False
    profanity: str = "masked"
    endpoint_id: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def full_url(self) -> str:
        """The address with its query."""
        query: Iterable[tuple[str, str | None]] = [
            ("language", self.language),
            ("format", "detailed" if self.detailed else "simple"),
            ("profanity", self.profanity),
            ("cid", self.endpoint_id),
            *self.parameters,
            ("X-ConnectionId", self.session_id),
        ]
        return with_query(self.url, query)

    def request(
        self, blocks: Callable[[], Iterator[bytes]], *, repeatable: bool
    ) -> HttpRequest:
        """Return the request: chunked, the body held back until the 100."""
        return HttpRequest(
            "POST",
            self.full_url,
            headers=(
                ("Accept", "application/json"),
                ("Content-Type", self.content_type),
            ),
            body=StreamedBody(blocks, repeatable=repeatable),
            expect_continue=True,
        )


def read_result(response: HttpResponse) -> PhraseResult:
    """Return the result of a good answer.

    Raises:
        ProviderError: it is no result.
    """
    try:
        return parse_phrase(response.json())
    except ValueError as fault:
        raise ProviderError(
            f"the response is not a recognition result: {fault}",
            hint="check that --endpoint is a speech service",
            http_status=response.status,
        ) from fault
