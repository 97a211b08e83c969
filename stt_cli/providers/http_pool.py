"""Connections kept by httpx: one request out, one answer in, faults in our words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.http_message import HttpRequest, HttpResponse, StreamedBody
from stt_cli.providers.base import ProviderContext
from stt_cli.providers.http_exchange import USER_AGENT, ResponseStream, Timeouts
from stt_cli.providers.http_faults import unreachable
from stt_cli.providers.tls import make_ssl_context

if TYPE_CHECKING:
    import httpx


_importing = Lock()


class HttpxPool:
    """A client for each scheme and proxy, made when it is first needed."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._clients: dict[tuple[str, str | None], httpx.Client] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()

    @contextmanager
    def exchange(
        self, request: HttpRequest, timeouts: Timeouts, proxy: str | None
    ) -> Iterator[ResponseStream]:
        """Send one request and give its answer; redirects are not followed.

        Raises:
            UnreachableError: no connection, or it broke off.
        """
        httpx = _httpx()
        client = self._client(urlsplit(request.url).scheme, proxy)
        body = request.body
        content = body.blocks() if isinstance(body, StreamedBody) else body
        headers = [(name, value) for name, value in request.headers]
        headers += [(name, value.reveal()) for name, value in request.credentials]
        if isinstance(body, StreamedBody) and body.length is not None:
            headers.append(("Content-Length", str(body.length)))
        limits = httpx.Timeout(
            timeouts.read, connect=timeouts.connect, write=timeouts.write
        )
        try:
            outgoing = client.build_request(
                request.method,
                request.url,
                headers=headers,
                content=content,
                timeout=limits,
            )
            answer = client.send(outgoing, stream=True)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as fault:
            raise ConfigurationError(
                f"{request.url} is no address: {fault}", hint="check --endpoint"
            ) from fault
        except httpx.TransportError as fault:
            before = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
            left = not isinstance(fault, (*before, httpx.PoolTimeout))
            raise unreachable(fault, request.url, proxy=proxy, sent=left) from fault
        try:
            yield ResponseStream(
                HttpResponse(
                    answer.status_code,
                    tuple(answer.headers.multi_items()),
                    url=request.url,
                    reason=answer.reason_phrase,
                ),
                _httpx_blocks(answer, request.url, proxy),
            )
        finally:
            answer.close()

    def _client(self, scheme: str, proxy: str | None) -> httpx.Client:
        with self._lock:
            known = self._clients.get((scheme, proxy))
            if known is not None:
                return known
            library = _httpx()
            # A client for http never sees an https URL (redirects come back
            # here), so it is spared the 30 ms of loading certificates.
            verify = (
                make_ssl_context(self._context) if _uses_tls(scheme, proxy) else False
            )
            try:
                client: httpx.Client = library.Client(
                    verify=verify,
                    proxy=proxy,
                    trust_env=False,
                    follow_redirects=False,
                    headers={"User-Agent": USER_AGENT},
                    limits=library.Limits(
                        max_connections=None, max_keepalive_connections=64
                    ),
                )
            except (ImportError, ValueError) as fault:
                name = urlsplit(proxy or "").hostname
                raise ConfigurationError(
                    f"the proxy {name} cannot be used: {fault}",
                    hint="HTTPS_PROXY takes an http:// or https:// address",
                ) from fault
            self._clients[(scheme, proxy)] = client
            return client


def _httpx() -> Any:
    """Import httpx without its own command line, which would load Rich and Click.

    ``httpx/__init__.py`` imports ``httpx._main`` only to offer the ``httpx``
    command and goes on without it; leaving it out halves the import.
    """
    with _importing:  # another thread may be in the middle of it
        blocked: Any = None
        sys.modules.setdefault("httpx._main", blocked)
        try:
            import httpx
        finally:
            if sys.modules.get("httpx._main") is None:
                sys.modules.pop("httpx._main", None)
    return httpx


def _uses_tls(scheme: str, proxy: str | None) -> bool:
    return scheme == "https" or (proxy or "").startswith("https:")


def _httpx_blocks(
    answer: httpx.Response, url: str, proxy: str | None
) -> Iterator[bytes]:
    httpx = _httpx()
    try:
        yield from answer.iter_bytes()
    except httpx.TransportError as fault:
        raise unreachable(fault, url, proxy=proxy, sent=True) from fault
    except httpx.DecodingError as fault:
        raise ProviderError(
            f"the answer of {urlsplit(url).hostname} cannot be unpacked: {fault}",
            hint="check --endpoint; a proxy in between may have changed it",
        ) from fault
