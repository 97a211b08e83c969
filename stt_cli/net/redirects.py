"""Where a redirect leads, and what may go there."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from stt_cli.core.errors import ProviderError
from stt_cli.core.http_message import (
    HttpRequest,
    HttpResponse,
    StreamedBody,
    origin_of,
)


def redirected(request: HttpRequest, head: HttpResponse) -> HttpRequest | None:
    """Return the request that a redirect asks for, or ``None`` for any other answer.

    Credentials stay behind when the origin changes (RFC 9110, section 15.4).

    Raises:
        ProviderError: the redirect would turn a request with a body into a
            GET, or needs a body again that cannot be read twice.
    """
    location = head.header("Location")
    if head.status not in (301, 302, 303, 307, 308) or not location:
        return None
    target = urljoin(request.url, location)
    moved = replace(request, url=target)
    if origin_of(target) != origin_of(request.url):
        moved = moved.with_credentials()
    if request.method in ("GET", "HEAD"):
        return moved
    body = request.body
    lost = isinstance(body, StreamedBody) and not body.repeatable
    if head.status in (307, 308) and not lost:
        return moved
    raise ProviderError(
        f"{request.host} redirects the {request.method} request to {target}",
        hint="give the address it names as --endpoint",
        http_status=head.status,
    )
