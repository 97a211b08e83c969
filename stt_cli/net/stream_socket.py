"""A TCP connection, in clear or in TLS, that two threads may use at once.

OpenSSL's connection object must not be read and written at the same time, so
TLS runs in memory (``ssl.MemoryBIO``) under a lock and only ciphertext meets
the socket. Proxies are those of HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and
NO_PROXY, reached by CONNECT.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from stt_cli.core.errors import ConfigurationError, UnreachableError
from stt_cli.net.proxies import proxy_for
from stt_cli.net.tls import tls_from

if TYPE_CHECKING:
    import ssl

_READ_BYTES = 65_536
_LONGEST_PROXY_ANSWER = 65_536


class ConnectFailed(UnreachableError):  # noqa: N818 - what happened, as in a log
    """No connection came about; ``kind`` says at which step.

    ``kind`` is ``dns``, ``refused``, ``network``, ``timeout``, ``tls``,
    ``proxy`` or ``handshake``.
    """

    def __init__(self, message: str, *, kind: str, hint: str | None = None) -> None:
        transient = kind not in ("tls", "proxy")
        super().__init__(message, hint=hint, transient=transient)
        self.kind = kind


class StreamSocket:
    """A connected byte stream. ``send_all`` and ``receive`` may run in parallel."""

    def __init__(
        self, plain: socket.socket, tls: ssl.SSLContext | None, host: str
    ) -> None:
        self._socket = plain
        self._host = host
        self._lock = threading.Lock()
        self._tls: ssl.SSLObject | None = None
        if tls is not None:
            import ssl

            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = tls.wrap_bio(
                self._incoming, self._outgoing, server_hostname=host
            )

    def shake_hands(self, timeout: float) -> None:
        """Do the TLS handshake, where there is one. Raises ``ConnectFailed``."""
        if self._tls is None:
            return
        import ssl

        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush_ciphertext()
                if not self._feed_ciphertext(timeout):
                    raise ConnectFailed(
                        f"{self._host} closed the connection during the TLS handshake",
                        kind="tls",
                    ) from None
            except ssl.SSLError as fault:
                self._flush_ciphertext()
                raise _tls_failure(self._host, fault) from fault
        self._flush_ciphertext()

    def send_all(self, data: bytes) -> None:
        """Send everything; blocks while the peer takes no more."""
        if self._tls is None:
            self._socket.sendall(data)
            return
        with self._lock:
            self._tls.write(data)
            ciphertext = self._outgoing.read()
        self._socket.sendall(ciphertext)

    def receive(self, timeout: float | None) -> bytes:
        """Return what has arrived, ``b""`` at the end of the stream.

        Raises:
            TimeoutError: nothing came for ``timeout`` seconds.
            OSError: the connection broke.
        """
        while True:
            if self._tls is not None and (data := self._decrypted()) is not None:
                return data
            self._wait(timeout)
            data = self._socket.recv(_READ_BYTES)
            if self._tls is None:
                return data
            if not data:
                return b""
            self._incoming.write(data)

    def shut_down(self) -> None:
        """End both directions, which wakes up whoever waits on them."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it was down already

    def close(self) -> None:
        """Give the socket back to the system."""
        self._socket.close()

    def _decrypted(self) -> bytes | None:
        import ssl

        if self._tls is None:
            raise AssertionError("unreachable: only TLS decrypts")
        with self._lock:
            try:
                return self._tls.read(_READ_BYTES)
            except ssl.SSLWantReadError:
                return None
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    def _wait(self, timeout: float | None) -> None:
        poller = select.poll() if hasattr(select, "poll") else None
        if poller is None:  # Windows
            ready: object = select.select([self._socket], [], [], timeout)[0]
        else:
            poller.register(self._socket, select.POLLIN)
            ready = poller.poll(None if timeout is None else max(timeout, 0) * 1000)
        if not ready:
            raise TimeoutError("nothing arrived")

    def _flush_ciphertext(self) -> None:
        if ciphertext := self._outgoing.read():
            self._socket.sendall(ciphertext)

    def _feed_ciphertext(self, timeout: float) -> bool:
        self._wait(timeout)
        data = self._socket.recv(_READ_BYTES)
        self._incoming.write(data)
        return bool(data)


def open_stream(
    host: str,
    port: int,
    *,
    secure: bool,
    timeout: float,
    variables: Mapping[str, str],
    tls: ssl.SSLContext | None = None,
    log: Callable[[str], None] = lambda _line: None,
) -> StreamSocket:
    """Connect, through a proxy where the environment names one.

    Raises:
        ConnectFailed: no connection, with the step at which it failed.
        ConfigurationError: the proxy variable cannot be understood.
    """
    scheme = "https" if secure else "http"
    proxy = proxy_for(f"{scheme}://{bracketed(host)}", variables)
    if proxy is None:
        plain = _dial(host, port, timeout)
    else:
        plain = _through_proxy(proxy, host, port, timeout, log)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.settimeout(None)
        context = (tls or tls_from(variables)) if secure else None
        stream = StreamSocket(plain, context, host)
        stream.shake_hands(timeout)
    except TimeoutError:
        plain.close()
        raise ConnectFailed(
            f"{host} did not finish the TLS handshake in {timeout:g} s", kind="timeout"
        ) from None
    except OSError as fault:
        plain.close()
        raise ConnectFailed(f"{host} broke off: {fault}", kind="network") from fault
    except BaseException:
        plain.close()
        raise
    return stream


def bracketed(host: str) -> str:
    """Return a host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def _dial(host: str, port: int, timeout: float) -> socket.socket:
    try:
        return socket.create_connection((host, port), timeout)
    except socket.gaierror as fault:
        raise ConnectFailed(
            f"the name {host} cannot be resolved ({fault.strerror})",
            kind="dns",
            hint="check the region or the endpoint, and the network",
        ) from fault
    except TimeoutError:
        raise ConnectFailed(
            f"{host}:{port} did not answer in {timeout:g} s", kind="timeout"
        ) from None
    except ConnectionRefusedError as fault:
        raise ConnectFailed(
            f"nothing listens at {host}:{port}",
            kind="refused",
            hint="check the address, and that the server runs",
        ) from fault
    except OSError as fault:
        raise ConnectFailed(
            f"{host}:{port} cannot be reached: {fault}",
            kind="network",
            hint="check the network, and the proxy variables if there is a proxy",
        ) from fault


def _through_proxy(
    proxy: str, host: str, port: int, timeout: float, log: Callable[[str], None]
) -> socket.socket:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or not parts.hostname:
        raise ConfigurationError(
            f"the proxy address {parts.scheme}://{parts.hostname} is not supported",
            hint="set HTTPS_PROXY to http://HOST:PORT, or NO_PROXY to go straight",
        )
    log(f"proxy {parts.hostname}:{parts.port or 80} for {host}:{port}")
    plain = _dial(parts.hostname, parts.port or 80, timeout)
    authority = f"{bracketed(host)}:{port}"
    request = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n"
    if parts.username is not None:
        from base64 import b64encode

        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request += f"Proxy-Authorization: Basic {b64encode(pair.encode()).decode()}\r\n"
    try:
        plain.sendall(f"{request}\r\n".encode())
        status = _proxy_status(plain)
    except OSError as fault:
        plain.close()
        raise ConnectFailed(f"the proxy broke off: {fault}", kind="proxy") from fault
    if status.split(" ")[1:2] != ["200"]:
        plain.close()
        raise ConnectFailed(
            f"the proxy {parts.hostname} refused the way to {host}: {status}",
            kind="proxy",
            hint="check HTTPS_PROXY, or set NO_PROXY for this host",
        )
    return plain


def _proxy_status(plain: socket.socket) -> str:
    answer = b""
    while b"\r\n\r\n" not in answer:
        data = plain.recv(1)  # not a byte past the answer may be taken
        if not data or len(answer) > _LONGEST_PROXY_ANSWER:
            break
        answer += data
    return answer.partition(b"\r\n")[0].decode("latin-1") or "no answer"


def _tls_failure(host: str, fault: ssl.SSLError) -> ConnectFailed:
    import ssl

    if isinstance(fault, ssl.SSLCertVerificationError):
        return ConnectFailed(
            f"the certificate of {host} cannot be trusted: {fault.verify_message}",
            kind="tls",
            hint="check the address; behind an inspecting proxy, "
            "name its CA file in SSL_CERT_FILE",
        )
    return ConnectFailed(
        f"no TLS with {host}: {fault.reason or fault}",
        kind="tls",
        hint="TLS 1.2 or newer is needed; check the address and the port",
    )
