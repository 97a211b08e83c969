"""Where a redirect leads, and what may go there. One rule for HTTP and WebSocket.

What the user gave to one address, a credential, audio or a body that may hold a
secret, goes to no other: only the same host and port, or the same host from http to
https, counts as the same (RFC 9110, section 15.4).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from stt_cli.core.address import Address, parse_address
from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody

MOST_REDIRECTS = 5
STATUSES = frozenset({301, 302, 303, 307, 308})
_KEEPING_THE_METHOD = frozenset({307, 308})
_HINT = "if you trust that address, use it as --endpoint"


def redirected(request: HttpRequest, head: HttpResponse) -> HttpRequest | None:
    """Return the request that a redirect asks for, or ``None`` for any other answer.

    Raises:
        ProviderError: the redirect leads nowhere, would turn a request with a body
            into a GET, takes a body elsewhere, or needs one again that cannot be
            read twice.
    """
    location = head.header("Location")
    if head.status not in STATUSES or not location:
        return None
    address = parse_address(request.url)
    url, target = target_of(request.url, location)
    moved = replace(request, url=url)
    if not address.trusts(target):
        moved = moved.with_credentials()
    body = request.body
    if request.method in ("GET", "HEAD") and not body:
        return moved
    if body and not address.trusts(target):
        raise ProviderError(
            f"{address.host} redirects the {request.method} request to "
            f"{target.authority}; refusing to send its content there",
            hint=_HINT,
            http_status=head.status,
        )
    lost = isinstance(body, StreamedBody) and not body.repeatable
    if head.status in _KEEPING_THE_METHOD and not lost:
        return moved
    raise ProviderError(
        f"{address.host} redirects the {request.method} request to {target.authority}",
        hint="use that address as --endpoint",
        http_status=head.status,
    )


def refuse_clear_text(request: HttpRequest, address: Address, insecure: bool) -> None:
    """Raise ``ConfigurationError`` where a credential would be read on the way."""
    in_clear = not (address.is_secure or address.is_loopback)
    if in_clear and request.credentials and not insecure:
        raise ConfigurationError(
            f"refusing to send the key unencrypted to {address.host}",
            hint="use an https endpoint, or --insecure to allow it",
        )


def target_of(url: str, location: str) -> tuple[str, Address]:
    """Return where a ``Location`` leads, as text and read.

    Raises:
        ProviderError: nowhere.
    """
    address = parse_address(url)
    try:
        target = urljoin(url, location.strip())
        return target, parse_address(target)
    except ValueError as fault:
        raise ProviderError(
            f"{address.host} redirects to an invalid URL: {fault}",
            hint="check --endpoint; a proxy may have responded instead",
        ) from fault
