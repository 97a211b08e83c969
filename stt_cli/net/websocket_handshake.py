"""Opening a WebSocket: the upgrade request, its answer, redirects on the way.

Credentials go to the address that was named, not to another that it redirects to.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stt_cli.core.address import Address, parse_address
from stt_cli.core.errors import ConfigurationError, ProviderError
from stt_cli.core.events import Notice
from stt_cli.core.http_message import HttpRequest, HttpResponse
from stt_cli.core.secret import mask_secrets
from stt_cli.net.context import NetworkContext
from stt_cli.net.dial import ConnectFailed, Line, dial
from stt_cli.net.http_trace import log_answer, log_request, note_response
from stt_cli.net.redirects import (
    MOST_REDIRECTS,
    STATUSES,
    refuse_clear_text,
    target_of,
)
from stt_cli.net.websocket import WebSocketConnection
from stt_cli.version import USER_AGENT

if TYPE_CHECKING:
    from websockets.client import ClientProtocol
    from websockets.frames import Frame

_LARGEST_MESSAGE = 16 * 2**20
_STALLED_S = 10.0


class HandshakeRejected(Exception):  # noqa: N818 - what happened, as in a log
    """The server answered the upgrade with another status than 101."""

    def __init__(self, responses: tuple[HttpResponse, ...]) -> None:
        self.responses = responses
        self.response = responses[-1]
        self.status = self.response.status
        super().__init__(f"HTTP {self.status} {self.response.reason}".rstrip())


def connect(
    request: HttpRequest,
    context: NetworkContext,
    *,
    timeout: float = 10.0,
    subprotocols: Sequence[str] = (),
) -> WebSocketConnection:
    """Open a WebSocket; redirects are followed.

    Args:
        request: its address (``http`` is taken as ``ws``), its headers, which every
            host gets, and its credentials, which no other gets.
        timeout: seconds for everything up to the server's answer.

    Raises:
        ConnectFailed: no connection (name, network, TLS, proxy, time, no HTTP).
        HandshakeRejected: the server answered, but not with 101.
        ConfigurationError: a key would go in clear text to another machine.
    """
    deadline = time.monotonic() + timeout
    first = _address_of(request.url)
    responses: list[HttpResponse] = []
    address = first
    while True:
        sent = replace(request, url=websocket_url(request.url))
        if not first.trusts(address):
            sent = sent.with_credentials()
        refuse_clear_text(sent, address, context.insecure)
        started = context.environment.monotonic()
        log_request(context.log, sent)
        left = max(deadline - time.monotonic(), 0.001)
        line = dial(
            address,
            seconds=left,
            variables=context.environment.variables,
            tunnel=True,
            log=context.log,
        )
        try:
            protocol, response, frames = _shake_hands(
                line, sent, address, deadline, subprotocols, context.log
            )
        except TimeoutError:
            line.stream.close()
            raise ConnectFailed(
                f"{address.host} did not complete the WebSocket handshake in "
                f"{round(timeout, 1):g} s",
                kind="timeout",
            ) from None
        except OSError as fault:
            line.stream.close()
            raise ConnectFailed(
                f"{address.host} closed the connection during the WebSocket "
                f"handshake: {fault}",
                kind="network",
            ) from fault
        except BaseException:
            line.stream.close()
            raise
        responses.append(response)
        log_answer(context.log, response, context.environment.monotonic() - started)
        note_response(sent, response)
        if protocol.handshake_exc is None:
            return WebSocketConnection(
                protocol, line.stream, tuple(responses), frames, context.log
            )
        line.stream.close()
        location = response.header("Location")
        if response.status == 101:
            raise ConnectFailed(
                f"invalid WebSocket handshake from {address.host}: "
                f"{protocol.handshake_exc}",
                kind="handshake",
            )
        if response.status not in STATUSES or not location:
            raise HandshakeRejected(tuple(responses))
        if len(responses) > MOST_REDIRECTS:
            raise HandshakeRejected(tuple(responses))
        try:
            # Relative references are resolved as those of HTTP.
            url, _ = target_of(_http_url(sent.url), location)
            request = replace(request, url=websocket_url(url))
            address = _address_of(request.url)
        except ProviderError as fault:
            raise ConnectFailed(
                fault.message, kind="handshake", hint=fault.hint, transient=False
            ) from fault


def _shake_hands(
    line: Line,
    request: HttpRequest,
    address: Address,
    deadline: float,
    subprotocols: Sequence[str],
    log: Callable[[str], None],
) -> tuple[ClientProtocol, HttpResponse, list[Frame]]:
    from websockets.client import ClientProtocol
    from websockets.http11 import Response
    from websockets.typing import Subprotocol
    from websockets.uri import parse_uri

    quiet = logging.getLogger("stt.websocket")
    quiet.setLevel(logging.CRITICAL + 1)  # its traces would show secrets
    scheme = "wss" if address.is_secure else "ws"
    user = f"{address.user}@" if address.user else ""
    protocol = ClientProtocol(
        parse_uri(f"{scheme}://{user}{address.authority}{address.target}"),
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        max_size=_LARGEST_MESSAGE,
        logger=quiet,
    )
    upgrade = protocol.connect()
    if "User-Agent" in upgrade.headers:
        del upgrade.headers["User-Agent"]  # the library's own
    upgrade.headers["User-Agent"] = USER_AGENT
    for name, value in upgrade.headers.raw_items():
        log(f"> {name}: {'***' if name == 'Authorization' else value}")
    for name, value in request.headers:
        upgrade.headers[name] = value
    for name, secret in request.credentials:
        upgrade.headers[name] = secret.reveal()
    if any(set(value) & set("\r\n\0") for value in upgrade.headers.values()):
        raise ConfigurationError(
            "the request has an invalid header",
            hint="check keys and --param for line breaks and control characters",
        )
    protocol.send_request(upgrade)
    line.stream.send(b"".join(protocol.data_to_send()), _STALLED_S)
    events: list[object] = []
    while not events and protocol.handshake_exc is None:
        data = line.stream.receive(deadline)
        if data:
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
        events += protocol.events_received()
    if not events or not isinstance(events[0], Response):
        raise ConnectFailed(
            f"{address.host} did not reply to the WebSocket handshake with HTTP",
            kind="handshake",
            hint="check the host and port",
        )
    answer = events[0]
    response = HttpResponse(
        answer.status_code,
        tuple(answer.headers.raw_items()),
        bytes(answer.body),
        url=request.url,
        reason=answer.reason_phrase,
    )
    return protocol, response, events[1:]  # type: ignore[return-value]


def redirect_notices(connection: WebSocketConnection) -> Iterator[Notice]:
    """Say where the audio goes, if that is another host than the one named."""
    named = parse_address(connection.responses[0].url)
    reached = parse_address(connection.response.url)
    if not named.trusts(reached):
        yield Notice(
            f"{named.authority} redirects to {reached.authority}; sending the audio "
            "there, but not the key",
            hint="to send the key as well, use that host as --endpoint",
        )


def websocket_url(url: str) -> str:
    """Return an address as ``ws`` or ``wss``, whichever of the four it is."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme.lower().replace('http', 'ws')}{mark}{rest.partition('#')[0]}"


def _http_url(url: str) -> str:
    return url.replace("ws", "http", 1)


def _address_of(url: str) -> Address:
    try:
        return parse_address(url)
    except ValueError as fault:
        raise ConnectFailed(
            f"invalid WebSocket URL {mask_secrets(url)}: {fault}",
            kind="handshake",
            transient=False,
        ) from fault
