"""HTTP requests and responses as plain data: what codecs build and read.

A protocol package makes an ``HttpRequest`` and reads an ``HttpResponse``; the
provider's sender moves them over a socket. Neither knows the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stt_cli.core import lenient_json
from stt_cli.core.errors import ProviderError
from stt_cli.core.secret import Secret

Headers = tuple[tuple[str, str], ...]

ERROR_BYTES = 1 << 20
"""Bytes that are read of an answer that refuses."""

ANSWER_BYTES = 16 << 20
"""Bytes of an answer that says where something stands, or lists a page of it."""

TRANSCRIPT_BYTES = 128 << 20
"""Bytes of a transcript: words with times of the longest recording that any service
takes come to half of that."""

EXCERPT_LENGTH = 500
"""Characters of an answer's text that a message shows at most."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """That many bytes of a file from ``start`` on; messages call it ``name``."""

    path: Path
    start: int
    length: int
    name: str


Part = bytes | FileRange


@dataclass(frozen=True, slots=True)
class StreamedBody:
    """A body that is read while it is sent, never whole in memory.

    ``blocks`` starts it anew at each call. ``length`` is in bytes; without one
    the body goes chunked. ``repeatable`` is false for audio that is spoken now:
    a request with it is sent once. ``parts`` are the same bytes where they lie
    in memory and on disk, so that the system can send them by itself.
    """

    blocks: Callable[[], Iterator[bytes]]
    length: int | None = None
    repeatable: bool = True
    parts: tuple[Part, ...] | None = None


Body = bytes | StreamedBody | None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. ``credentials`` are headers that never leave the URL's origin.

    ``expect_continue`` sends ``Expect: 100-continue`` and holds the body back
    until the server answers ``100`` (RFC 9110, section 10.1.1). A good answer longer
    than ``longest_answer`` bytes is not read to its end: it is none of its kind.
    """

    method: str
    url: str
    headers: Headers = ()
    body: Body = None
    credentials: tuple[tuple[str, Secret], ...] = ()
    expect_continue: bool = False
    longest_answer: int = ANSWER_BYTES

    def with_credentials(self, *credentials: tuple[str, Secret]) -> HttpRequest:
        """Return the request with these credential headers instead."""
        return replace(self, credentials=credentials)

    def for_transcript(self) -> HttpRequest:
        """Return the request with room for a transcript in its answer."""
        return replace(self, longest_answer=TRANSCRIPT_BYTES)

    @property
    def host(self) -> str:
        """The host it goes to, without the port."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One answer, read whole; ``url`` is where it came from after redirects."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    url: str = ""
    reason: str = ""

    def header(self, name: str) -> str | None:
        """Return a header's first value, whatever its case."""
        wanted = name.lower()
        return next((v for n, v in self.headers if n.lower() == wanted), None)

    def header_values(self, name: str) -> list[str]:
        """Return every value of a header, in order."""
        wanted = name.lower()
        return [value for n, value in self.headers if n.lower() == wanted]

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def excerpt(self) -> str:
        """The body as one short line, for a message; empty where it says nothing.

        An HTML page of a proxy or gateway is cut down to its title.
        """
        return text_excerpt(self.text)

    def json(self) -> Any:
        """Return the decoded JSON body.

        Raises:
            ProviderError: the body is no JSON, or breaks off in the middle.
        """
        try:
            return lenient_json.loads(self.body)
        except (ValueError, RecursionError):
            what = f": {self.excerpt}" if self.body else ", but nothing"
            raise ProviderError(
                f"{urlsplit(self.url).hostname or 'the service'} returned HTTP "
                f"{self.status} with a body that is not JSON{what}",
                hint="check --endpoint; a proxy may have responded instead",
                http_status=self.status,
                transient=self.is_success,
            ) from None

    def json_object(self) -> dict[str, Any]:
        """Return the JSON body, which has to be an object. Raises ``ProviderError``."""
        value = self.json()
        if isinstance(value, dict):
            return value
        raise ProviderError(
            f"expected a JSON object in the response, got {type(value).__name__}",
            http_status=self.status,
        )

    def try_json(self) -> Any:
        """Return the decoded JSON body, or ``None`` where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def text_excerpt(text: str, length: int = EXCERPT_LENGTH) -> str:
    """Return ``text`` as one line of at most ``length`` characters."""
    lowered = text[:5000].lower()
    start, end = lowered.find("<title>"), lowered.find("</title>")
    if "<html" in lowered and 0 <= start < end:
        text = text[start + len("<title>") : end]
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else line[: length - 1] + "…"


def retry_after_seconds(
    response: HttpResponse, now: float | None = None
) -> float | None:
    """Return the ``Retry-After`` of an answer in seconds, or ``None``.

    Both forms of RFC 9110 section 10.2.3 are read; a date is counted from the
    answer's own ``Date``, so that a wrong clock here does not matter, else from
    ``now`` (seconds since the epoch).
    """
    value = (response.header("Retry-After") or "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value)) if float(value) < 1e9 else None
    except ValueError:
        pass
    then = _epoch_seconds(value)
    start = _epoch_seconds(response.header("Date") or "")
    start = now if start is None else start
    return max(0.0, then - start) if then is not None and start is not None else None


def _epoch_seconds(http_date: str) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(http_date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
