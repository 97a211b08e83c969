"""Requests and answers in the form that goes over the wire, and their time limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote

import h11

from stt_cli.core.address import Address
from stt_cli.core.errors import ConfigurationError, UnreachableError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.net.content_coding import ACCEPTED
from stt_cli.net.dial import Line
from stt_cli.version import USER_AGENT

_SLOW_START_S = 600.0
_SLOWEST = 256.0
"""Bytes a second that a body must bring on average, the first minutes aside: a third
of the leanest audio that a service speaks, AMR-WB at 6.6 kbit/s (Azure 7.2)."""

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_DEFAULTS = (
    ("Accept", "*/*"),
    ("Accept-Encoding", ACCEPTED),
    ("Connection", "keep-alive"),
    ("User-Agent", USER_AGENT),
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which a request is given up.

    ``connect`` covers name look-up, TCP, proxy and TLS together. ``read`` is how
    long the whole head of an answer may take once the request has left, and then
    each pause between two blocks of content; ``write`` how long the other side may
    take nothing. ``total`` bounds a request from its first byte to the last of its
    answer.
    """

    connect: float = 10.0
    read: float = 60.0
    write: float = 60.0
    total: float | None = None


QUICK = Timeouts(connect=5.0, read=10.0, write=10.0, total=20.0)
"""For small requests that somebody waits for, such as those of ``stt doctor``."""


class ResponseStream:
    """An answer whose body is read block by block, for audio and large results."""

    def __init__(self, head: HttpResponse, blocks: Iterator[bytes]) -> None:
        self.head = head
        self._blocks = blocks

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; once only."""
        return self._blocks

    def steady_blocks(self) -> Iterator[bytes]:
        """Yield a body that may be of any length and must come at a rate.

        Each pause has its limit, but drips would still hold a command up for ever.
        Only the time that is waited here counts.

        Raises:
            UnreachableError: it comes too slowly.
        """
        waited, length = 0.0, 0
        while True:
            began = monotonic()
            block = next(self._blocks, None)
            if block is None:
                return
            waited += monotonic() - began
            length += len(block)
            if waited > _SLOW_START_S + length / _SLOWEST:
                raise UnreachableError(
                    f"the response was too slow: {length} bytes in {waited:.0f} s",
                    hint="try again; the connection may be slow",
                    transient=False,
                )
            yield block


def whole_head(request: HttpRequest, address: Address, line: Line) -> h11.Request:
    """Return the head of a request with all its headers, its credentials too.

    Raises:
        ConfigurationError: a header holds what no header can.
    """
    target = address.target
    given = [*request.headers]
    given += [(name, secret.reveal()) for name, secret in request.credentials]
    headers = [*added_headers(request, address)]
    if line.proxy is not None and not line.is_tunnel:
        target = f"{address.scheme}://{address.authority}{target}"
        headers += line.proxy.headers
    named = any(name.lower() == "authorization" for name, _ in given)
    if address.user is not None and not named:
        headers.append(("Authorization", _basic(address.user)))
    try:
        return h11.Request(
            method=request.method,
            target=target,
            headers=[(n.encode(), value.encode()) for n, value in headers + given],
        )
    except (h11.LocalProtocolError, UnicodeError) as fault:
        raise ConfigurationError(
            "the request has an invalid header",
            hint="check keys and --param for line breaks and control characters",
        ) from fault


def added_headers(request: HttpRequest, address: Address) -> list[tuple[str, str]]:
    """Return the headers that a request gets beside its own; none is secret."""
    names = {name.lower() for name, _ in (*request.headers, *request.credentials)}
    headers = [("Host", address.authority)]
    if "content-length" not in names:
        headers += _length_of(request)
    headers += [each for each in _DEFAULTS if each[0].lower() not in names]
    if request.expect_continue and "expect" not in names:
        headers.append(("Expect", "100-continue"))
    return headers


def head_of(answer: h11.Response, url: str) -> HttpResponse:
    """Return an answer's head; its body is not read."""
    return HttpResponse(
        answer.status_code,
        tuple(
            (_text(name), _text(value)) for name, value in answer.headers.raw_items()
        ),
        url=url,
        reason=answer.reason.decode("ascii", "ignore"),
    )


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _basic(user: str) -> str:
    from base64 import b64encode

    return f"Basic {b64encode(unquote(user).encode()).decode()}"


def _length_of(request: HttpRequest) -> list[tuple[str, str]]:
    body = request.body
    if isinstance(body, StreamedBody):
        if body.length is None:
            return [("Transfer-Encoding", "chunked")]
        return [("Content-Length", str(body.length))]
    if body or request.method in _WITH_BODY:
        return [("Content-Length", str(len(body or b"")))]
    return []
