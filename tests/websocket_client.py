"""Our WebSocket client, opened as a test likes to say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stt_cli.core.http_message import HttpRequest
from stt_cli.core.secret import Secret
from stt_cli.net.websocket import WebSocketConnection
from stt_cli.net.websocket_handshake import connect as connect_request
from tests.fake_time import context


def connect(
    url: str,
    headers: Mapping[str, str],
    *,
    credentials: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
    insecure: bool = False,
    **how: Any,
) -> WebSocketConnection:
    """Open a WebSocket in an environment of its own."""
    secrets = tuple((name, Secret(v)) for name, v in (credentials or {}).items())
    request = HttpRequest("GET", url, tuple(headers.items()), credentials=secrets)
    environment = context(variables=variables, insecure=insecure)
    return connect_request(request, environment, **how)
