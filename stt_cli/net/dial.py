"""Opening a connection: TCP, a proxy in between, TLS. One way for HTTP and WebSocket.

A failure is blamed on what failed, the proxy or the host. TLS trusts the authorities
that curl and pip trust on this machine.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, cast

from stt_cli.core.address import Address, bracketed
from stt_cli.core.errors import ConfigurationError, UnreachableError
from stt_cli.net.duplex import Duplex
from stt_cli.net.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    import ssl

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""What names other authorities; the first that is set counts."""


_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/ssl/cert.pem",  # Alpine, the BSDs
    "/etc/ssl/ca-bundle.pem",  # SUSE
)
"""Where systems keep the authorities that they trust, the administrator's with them."""


def tls_for(variables: Mapping[str, str]) -> ssl.SSLContext:
    """Return the TLS settings of this run; they are made once, which takes a while.

    The authorities are those of ``VARIABLES``, else the system's own, else those of
    the certifi package, for images that have none.

    Raises:
        ConfigurationError: the certificates that a variable names cannot be read.
    """
    named = next((name for name in VARIABLES if variables.get(name)), None)
    return _settings(named, variables[named] if named else "")


@lru_cache(maxsize=4)
def _settings(variable: str | None, place: str) -> ssl.SSLContext:
    import ssl

    if variable is None:
        made = _of_this_system()
    else:
        is_folder = Path(place).is_dir()
        try:
            made = ssl.create_default_context(
                cafile=None if is_folder else place, capath=place if is_folder else None
            )
        except OSError as fault:
            raise ConfigurationError(
                f"cannot read the certificates in {place}: {fault}",
                hint=f"check {variable}",
            ) from fault
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def _of_this_system() -> ssl.SSLContext:
    import ssl

    if sys.platform in ("darwin", "win32"):  # whose store is no file
        import truststore

        return cast("ssl.SSLContext", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    paths = ssl.get_default_verify_paths()
    hashed = Path(paths.capath).glob("*.0") if paths.capath else iter(())
    if paths.cafile is not None or next(hashed, None) is not None:
        return ssl.create_default_context()
    # A Python that was built elsewhere looks where that system has its store.
    store = next((store for store in _STORES if Path(store).is_file()), None)
    if store is None:
        import certifi

        store = certifi.where()
    return ssl.create_default_context(cafile=store)


NETWORK_HINT = "check the network, and the region or --endpoint"


class ConnectFailed(UnreachableError):  # noqa: N818 - what happened, as in a log
    """No connection came about; ``kind`` says at which step.

    ``kind`` is ``dns``, ``refused``, ``network``, ``timeout``, ``tls``,
    ``proxy`` or ``handshake``.
    """

    before_request = True

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        hint: str | None = None,
        transient: bool | None = None,
    ) -> None:
        if transient is None:
            transient = kind not in ("tls", "proxy")
        super().__init__(message, hint=hint, transient=transient)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Line:
    """An open connection, and the proxy that it goes through.

    An HTTP proxy without a tunnel wants to see whole addresses.
    """

    stream: Duplex
    proxy: Proxy | None = None
    is_tunnel: bool = True


def dial(
    address: Address,
    *,
    seconds: float,
    variables: Mapping[str, str],
    tls: Callable[[], ssl.SSLContext] | None = None,
    tunnel: bool = False,
    log: Callable[[str], None] = lambda _line: None,
) -> Line:
    """Connect to a host, through a proxy where the environment names one.

    Args:
        seconds: for name look-up, TCP, proxy and TLS together.
        tls: the TLS settings, by default those that the variables ask for.
        tunnel: go through an HTTP proxy by CONNECT even in clear text.

    Raises:
        ConnectFailed: no connection, with the step at which it failed.
        ConfigurationError: a proxy's address or the certificates cannot be read.
    """
    until = monotonic() + seconds
    settings = tls or (lambda: tls_for(variables))
    proxy = proxy_for(address, variables)
    if proxy is None:
        stream = _tcp(_Party.of_host(address), address.host, address.port, until)
    else:
        log(f"through the proxy {proxy.shown}")
        if proxy.is_socks:
            stream = _by_socks(proxy, address, until)
        else:
            stream = _to_proxy(proxy, settings, until)
            if not (address.is_secure or tunnel):
                return Line(stream, proxy, is_tunnel=False)
            _guarded(stream, lambda: _open_tunnel(stream, proxy, address, until))
    if address.is_secure:
        host = _Party.of_host(address)
        _start_tls(stream, host, address.host, settings, until)
    return Line(stream, proxy)


@dataclass(frozen=True, slots=True)
class _Party:
    """Whom a step concerns: what messages call it, and what to look after."""

    name: str
    hint: str
    proxy: Proxy | None = None

    @classmethod
    def of_host(cls, address: Address) -> _Party:
        return cls(address.authority, NETWORK_HINT)

    @classmethod
    def of_proxy(cls, proxy: Proxy) -> _Party:
        return cls(f"the proxy {proxy.shown}", f"check {proxy.variable}", proxy)

    def failed(
        self, words: str, kind: str, hint: str = "", transient: bool | None = None
    ) -> ConnectFailed:
        """Return the error; whatever a proxy does is of the kind ``proxy``."""
        if self.proxy is not None:
            kind, transient = "proxy", kind not in ("tls", "proxy")
            hint = self.hint
        return ConnectFailed(
            f"{self.name} {words}",
            kind=kind,
            hint=hint or self.hint,
            transient=transient,
        )


def _tcp(party: _Party, host: str, port: int, until: float) -> Duplex:
    try:
        plain = socket.create_connection((host, port), max(until - monotonic(), 0.001))
    except socket.gaierror as fault:
        again = fault.errno == socket.EAI_AGAIN
        named = f"cannot resolve {host}"
        if party.proxy is not None:
            named = f"{named}, the proxy set in {party.proxy.variable}"
        raise ConnectFailed(
            named,
            kind="dns" if party.proxy is None else "proxy",
            hint=party.hint,
            transient=again,
        ) from fault
    except TimeoutError as fault:
        raise party.failed(
            "did not accept the connection in time", "timeout"
        ) from fault
    except ConnectionRefusedError as fault:
        hint = "check that the service is running and no firewall blocks it; "
        hint += "check --endpoint"
        raise party.failed("refused the connection", "refused", hint) from fault
    except OSError as fault:
        words = f"cannot be reached: {fault.strerror or fault}"
        raise party.failed(words, "network") from fault
    return Duplex(plain)


def _to_proxy(proxy: Proxy, tls: Callable[[], ssl.SSLContext], until: float) -> Duplex:
    party = _Party.of_proxy(proxy)
    stream = _tcp(party, proxy.host, proxy.port, until)
    if proxy.scheme == "https":
        _start_tls(stream, party, proxy.host, tls, until)
    return stream


def _start_tls(
    stream: Duplex,
    party: _Party,
    host: str,
    tls: Callable[[], ssl.SSLContext],
    until: float,
) -> None:
    import ssl

    try:
        stream.start_tls(tls(), host, until)
    except ssl.SSLCertVerificationError as fault:
        stream.close()
        raise ConnectFailed(
            f"the certificate of {party.name} is not trusted: {fault.verify_message}",
            kind="tls" if party.proxy is None else "proxy",
            hint="for a private endpoint or a proxy that inspects TLS, set "
            f"{VARIABLES[0]} to the CA certificate; also check this machine's "
            "clock",
        ) from fault
    except TimeoutError as fault:
        stream.close()
        words = "did not finish the TLS handshake in time"
        raise party.failed(words, "timeout") from fault
    except ssl.SSLError as fault:
        stream.close()
        raise ConnectFailed(
            f"TLS with {party.name} failed: {fault.reason or fault}",
            kind="tls" if party.proxy is None else "proxy",
            hint="check that it supports https and TLS 1.2 or newer",
        ) from fault
    except OSError as fault:
        stream.close()
        words = (
            f"closed the connection during the TLS handshake: {fault.strerror or fault}"
        )
        raise party.failed(words, "network") from fault
    except BaseException:
        stream.close()
        raise


def _open_tunnel(stream: Duplex, proxy: Proxy, address: Address, until: float) -> None:
    import h11

    party = _Party.of_proxy(proxy)
    target = f"{bracketed(address.host)}:{address.port}"
    machine = h11.Connection(our_role=h11.CLIENT)
    head = h11.Request(
        method="CONNECT", target=target, headers=[("Host", target), *proxy.headers]
    )
    try:
        asked = machine.send_with_data_passthrough(head) or []
        stream.send(b"".join(asked), max(until - monotonic(), 0.001))
        machine.send(h11.EndOfMessage())
        while True:
            event = machine.next_event()
            if event is h11.NEED_DATA:
                machine.receive_data(stream.receive(until))
            elif isinstance(event, h11.Response):
                break
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("it closed the connection")
    except TimeoutError as fault:
        raise party.failed("did not open a tunnel in time", "timeout") from fault
    except (OSError, h11.RemoteProtocolError) as fault:
        words = f"did not open a tunnel to {target}: {fault}"
        raise party.failed(words, "network") from fault
    if not 200 <= event.status_code < 300:
        reason = event.reason.decode("ascii", "replace")
        raise ConnectFailed(
            f"cannot reach {target} through {party.name}: {event.status_code} "
            f"{reason}".rstrip(),
            kind="proxy",
            hint=party.hint,
        )


def _by_socks(proxy: Proxy, address: Address, until: float) -> Duplex:
    from python_socks import ProxyError, ProxyTimeoutError, ProxyType
    from python_socks.sync import Proxy as SocksProxy

    name, colon, password = (proxy.user or "").partition(":")
    party = _Party.of_proxy(proxy)
    client = SocksProxy(
        ProxyType.SOCKS5,
        proxy.host,
        proxy.port,
        username=name or None,
        password=password if colon else None,
        rdns=proxy.scheme == "socks5h",
    )
    try:
        plain = client.connect(
            address.host, address.port, timeout=max(until - monotonic(), 0.001)
        )
    except (ProxyTimeoutError, TimeoutError) as fault:
        raise party.failed("did not respond in time", "timeout") from fault
    except ProxyError as fault:
        raise party.failed(f"refused to reach {address.authority}", "proxy") from fault
    except OSError as fault:
        raise party.failed("cannot be reached", "network") from fault
    return Duplex(plain)


def _guarded(stream: Duplex, step: Callable[[], None]) -> None:
    try:
        step()
    except BaseException:
        stream.close()
        raise
