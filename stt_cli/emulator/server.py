"""Runs an emulator: in the foreground for a user, on a thread for a test.

uvicorn does the serving. Every request's scope has the extension
``ABORT``, a function that cuts the TCP connection without a word, and over HTTP
``REASON``, one that takes the reason phrase of the answer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import h11
import uvicorn
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import (
    WebSocketsSansIOProtocol,
)

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.secret import Redactor
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.http_faults import REASON
from stt_cli.emulator.network_faults import (
    ABORT,
    AsgiApp,
    Receive,
    Scope,
    Send,
    with_network_faults,
)

_GRACE_SECONDS = 1
_START_SECONDS = 10.0
_WINDOW_BYTES = 2**20
_LARGEST_HEAD = 64 * 1024  # as uvicorn has it


def serve(app: AsgiApp, config: EmulatorConfig, on_ready: Callable[[str], None]) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the signal's exit code.

    ``on_ready`` gets the base URL once connections are taken.
    """
    listener = _listen(config)
    server = _Server(app, config, lambda: on_ready(_base_url(config, listener)))
    with listener:
        server.run(sockets=[listener])
    return server.exit_code


@contextlib.contextmanager
def running(app: AsgiApp, config: EmulatorConfig) -> Iterator[str]:
    """Serve on a thread; yields the base URL."""
    ready = threading.Event()
    listener = _listen(config)
    server = _Server(app, config, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        if not ready.wait(_START_SECONDS):
            raise RuntimeError("the emulator did not start")
        yield _base_url(config, listener)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class _Server(uvicorn.Server):
    def __init__(
        self, app: AsgiApp, config: EmulatorConfig, on_ready: Callable[[], None]
    ) -> None:
        super().__init__(
            uvicorn.Config(
                with_network_faults(logged(app, config), config),
                http=_Http,
                ws=_WebSocket,
                ws_per_message_deflate=False,
                ws_ping_interval=None,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self.exit_code = 0
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let signals end the server; they are not raised again afterwards."""
        try:
            with super().capture_signals():
                yield
                if self._captured_signals:
                    self.exit_code = 128 + self._captured_signals[-1]
                    self._captured_signals.clear()
        except KeyboardInterrupt:
            self.exit_code = 130


def _with_abort(app: AsgiApp, protocol: Any) -> AsgiApp:
    async def abortable(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = scope.setdefault("extensions", {})
        extensions[ABORT] = lambda: protocol.transport.abort()
        await app(scope, receive, send)

    return abortable


class _Http(H11Protocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = _Connection(h11.SERVER, _LARGEST_HEAD)
        self.app = _with_reason(_with_abort(self.app, self), self.conn)


class _Connection(h11.Connection):
    """An HTTP connection whose next answer may have a reason phrase of its own."""

    reason = b""

    def send_with_data_passthrough(self, event: h11.Event) -> list[bytes] | None:
        """Return what goes on the wire; ``send`` calls it for every event."""
        if isinstance(event, h11.Response) and self.reason:
            event = dataclasses.replace(event, reason=self.reason)
            self.reason = b""
        return super().send_with_data_passthrough(event)


def _with_reason(app: AsgiApp, connection: _Connection) -> AsgiApp:
    def take(phrase: str) -> None:
        connection.reason = phrase.encode("ascii")

    async def reasoning(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[REASON] = take
        await app(scope, receive, send)

    return reasoning


class _WebSocket(WebSocketsSansIOProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app = _with_abort(self.app, self)

    async def send(self, message: Any) -> None:
        """Send, and know that a refusal completes the handshake too."""
        await super().send(message)
        is_body = message["type"] == "websocket.http.response.body"
        if is_body and not message.get("more_body", False):
            self.handshake_complete = True


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a path that the service lacks, a WebSocket's handshake as well."""
    refusal = PlainTextResponse("Not Found", 404)
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(refusal)
    else:
        await refusal(scope, receive, send)


def logged(app: AsgiApp, config: EmulatorConfig) -> AsgiApp:
    """Return ``app`` with a log line for every request, secrets masked."""
    redactor = Redactor()
    if config.key is not None:
        redactor.register(config.key)

    async def logging_app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        method = scope.get("method", "WEBSOCKET")
        query = scope.get("query_string", b"").decode("latin-1")
        line = f"{method} {scope['path']}{'?' if query else ''}{query}"

        async def noting(message: MutableMapping[str, Any]) -> None:
            kind = message["type"]
            if kind in ("http.response.start", "websocket.http.response.start"):
                config.log(redactor.clean(f"{line} {message['status']}"))
            elif kind == "websocket.accept":
                config.log(redactor.clean(f"{line} 101"))
            elif kind == "websocket.close":
                closing = f"{message.get('code', 1000)} {message.get('reason') or ''}"
                config.log(redactor.clean(f"{line} closed {closing.rstrip()}"))
            await send(message)

        try:
            await app(scope, receive, noting)
        except ClientDisconnect:
            config.log(redactor.clean(f"{line} the client disconnected"))

    return logging_app


def _listen(config: EmulatorConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        listener = socket.create_server((config.host, config.port), family=family)
        # Loopback segments are so large that a small window opens only with the
        # delayed acknowledgement's timer, 40 ms later.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
        # asyncio does this for sockets it makes itself. Without it the body of an
        # answer waits 40 ms for the acknowledgement of its head.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except (OSError, OverflowError) as fault:
        raise ConfigurationError(
            f"cannot listen on {config.host}:{config.port}: {fault}",
            hint="choose a different --port, or 0 for any free port",
        ) from fault


def _base_url(config: EmulatorConfig, listener: socket.socket) -> str:
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"http://{host}:{listener.getsockname()[1]}"
