"""The connection to Soniox's real-time service: opened, written to, broken off."""

from __future__ import annotations

from stt_cli.core.errors import SttError, UnreachableError
from stt_cli.core.http_message import HttpRequest
from stt_cli.net.websocket import ConnectionBroken, WebSocketConnection
from stt_cli.net.websocket_handshake import HandshakeRejected, connect
from stt_cli.protocols.soniox.errors import error_of, read_failure
from stt_cli.protocols.soniox.realtime import PATH
from stt_cli.protocols.soniox.requests import bearer
from stt_cli.providers.soniox.service import Service


def open_stream(service: Service) -> WebSocketConnection:
    """Connect; a wrong key is told only after the first message.

    Raises:
        SttError: no connection, or the handshake was refused.
    """
    url = service.hosts.realtime + PATH
    request = HttpRequest("GET", url, credentials=bearer(service.key))
    try:
        return connect(request, service.context)
    except HandshakeRejected as rejected:
        raise error_of(read_failure(rejected.response)) from rejected


def send(connection: WebSocketConnection, message: str) -> None:
    """Send a text message. Raises ``UnreachableError``."""
    try:
        connection.send_text(message)
    except ConnectionBroken as broken:
        raise broken_off(broken) from broken


def broken_off(broken: ConnectionBroken) -> SttError:
    """Return the error of a connection that ended before its time."""
    return UnreachableError(
        f"Soniox broke off the stream: {broken}",
        hint="check the network; the vendor's status page is status.soniox.com",
        transient=True,
        provider_code=str(broken.code) if broken.code else None,
    )
