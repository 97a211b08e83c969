"""Why a host could not be reached, in words a person can act on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from stt_cli.core.errors import UnreachableError

_NETWORK_HINT = "check the network, and the region or --endpoint"


def unreachable(
    fault: BaseException, url: str, *, proxy: str | None = None, sent: bool
) -> UnreachableError:
    """Return the error for a fault of name look-up, connection, TLS or proxy.

    Args:
        fault: what the HTTP library or the socket raised.
        url: where the request was going.
        proxy: the proxy it went through, if any.
        sent: whether the request may have left to its last byte.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    message, hint, transient = _told(list(_causes(fault)), host, proxy)
    if proxy:
        message = f"{message}, through the proxy {_without_password(proxy)}"
    error = UnreachableError(message, hint=hint, transient=transient)
    error.before_request = not sent
    return error


def _told(
    causes: list[BaseException], host: str, proxy: str | None
) -> tuple[str, str, bool]:
    """Return message, hint, and whether another attempt may help."""
    import ssl

    words = next((str(c) for c in causes if str(c)), type(causes[0]).__name__)
    names = {type(cause).__name__ for cause in causes}
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            through = _without_password(proxy) if proxy else host
            again = cause.errno == socket.EAI_AGAIN
            return f"the name {through} does not resolve", _NETWORK_HINT, again
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {host} is not trusted: {cause.verify_message}",
                "a proxy that inspects TLS, or a private endpoint, needs its "
                "authority's certificate: set SSL_CERT_FILE to it; "
                "and check this machine's clock",
                False,
            )
        if isinstance(cause, ssl.SSLError) and not isinstance(
            cause, ssl.SSLEOFError | ssl.SSLZeroReturnError
        ):
            return (
                f"TLS with {host} failed: {cause.reason or cause}",
                "does the endpoint speak https, and TLS 1.2 or newer?",
                False,
            )
        if isinstance(cause, ConnectionRefusedError):
            return (
                f"{host} refused the connection",
                "is the service running there, and is a firewall in between? "
                "check --endpoint",
                True,
            )
    if "ProxyError" in names:
        return f"the proxy refused to reach {host}: {words}", "check HTTPS_PROXY", False
    if "StalledError" in names:
        return f"{host} stopped taking data", "try again; is the line slow?", True
    if "ConnectTimeout" in names:
        return f"{host} did not take the connection in time", _NETWORK_HINT, True
    if names & {"ReadTimeout", "TimeoutError"}:
        return f"{host} did not answer in time", "try again; see --timeout", True
    if "WriteTimeout" in names:
        return f"{host} stopped taking data", "try again; is the line slow?", True
    return f"the connection to {host} broke off: {words}", _NETWORK_HINT, True


def _causes(fault: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = fault
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
