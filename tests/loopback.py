"""A server on loopback that plays what a test tells it, and keeps what it got."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    chunks: tuple[int, ...] = ()

    def header(self, name: str) -> str | None:
        """Return a header's value, whatever its case."""
        return {n.lower(): v for n, v in self.headers}.get(name.lower())


@dataclass(frozen=True)
class Answer:
    """One answer. ``torn`` hangs up that many bytes before the body's end."""

    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()
    torn: int = 0
    reason: str | None = None


RESET = "reset"
"""An answer that is none: the connection is reset."""

Play = Callable[[Received], Answer | str]


@dataclass
class LoopbackServer:
    """``play`` answers each request; ``received`` holds them in order."""

    url: str
    received: list[Received] = field(default_factory=list)
    play: Play = lambda _request: Answer()
    port: int = 0

    def answers(self, *answers: Answer | str) -> None:
        """Give these answers one after the other, the last one for ever."""
        left = list(answers)
        self.play = lambda _request: left.pop(0) if len(left) > 1 else left[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients of these tests hang up on purpose."""


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[LoopbackServer]:
    """Run a server until the block ends."""
    told = LoopbackServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            return

        def _handle(self) -> None:
            body, chunks = self._body()
            request = Received(
                self.command, self.path, list(self.headers.items()), body, chunks
            )
            told.received.append(request)
            answer = told.play(request)
            if not isinstance(answer, Answer):
                linger = struct.pack("ii", 1, 0)  # close with RST, not FIN
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                self.close_connection = True
                return
            self.send_response(answer.status, answer.reason)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body[: len(answer.body) - answer.torn])
            if answer.torn:
                self.close_connection = True

        def _body(self) -> tuple[bytes, tuple[int, ...]]:
            if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
                size = int(self.headers.get("Content-Length") or 0)
                return self.rfile.read(size), ()
            body, chunks = b"", []
            while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                chunks.append(size)
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body, tuple(chunks)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle  # noqa: N815

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    told.port = server.server_address[1]
    told.url = f"http{'s' if tls else ''}://127.0.0.1:{told.port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def self_made_certificate(folder: Path) -> ssl.SSLContext:
    """Return a server's TLS settings with a certificate that nobody signed.

    Its file, ``certificate.pem`` in ``folder``, is what a client that shall
    trust it gives as ``SSL_CERT_FILE``.
    """
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file = folder / "certificate.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "key.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    settings.load_cert_chain(certificate_file, key_file)
    return settings
