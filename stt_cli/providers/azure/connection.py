"""Connections to the service: opened, kept for the next input, and given up.

Opening one means attempts, pauses, tokens, cookies, and telemetry of them all.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from stt_cli.core.errors import SttError
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.secret import Secret
from stt_cli.net.cookies import CookieJar
from stt_cli.net.dial import ConnectFailed
from stt_cli.net.websocket import WebSocketConnection
from stt_cli.net.websocket_handshake import HandshakeRejected, connect
from stt_cli.protocols.usp.client_turn import (
    ClientTurn,
)
from stt_cli.protocols.usp.limits import CONNECTION_SECONDS, IDLE_SECONDS
from stt_cli.protocols.usp.messages import AudioMessages
from stt_cli.protocols.usp.reconnect import ReconnectBudget, pause_before
from stt_cli.protocols.usp.telemetry import (
    Metric,
    status_error,
    step_error,
    telemetry_body,
)
from stt_cli.providers.audio_feed import AudioFeed
from stt_cli.providers.azure.reports import (
    KeptMessage,
    KeptTelemetry,
)
from stt_cli.providers.azure.service import Service

HANDSHAKE_SECONDS = 10.0
_AGE_MARGIN_SECONDS = 30.0  # a connection is replaced this long before its end
_LAST_MARGIN_SECONDS = 5.0
ANSWER_SECONDS = 20.0
"""How long the service may say nothing when it is its turn to speak, besides
the length of the audio that it has still to go through."""

TURN_END_SECONDS = 5.0
"""How long turn.end may take after the end of speech and its phrase."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connection goes, and the origin that its handshake names."""

    url: str
    origin: str | None = None

    @property
    def host(self) -> str:
        """The host and port, for what is kept for that host alone."""
        return urlsplit(self.url).netloc


@dataclass(slots=True)
class Connection:
    """A connection that stands, and what was said on it by now."""

    socket: WebSocketConnection
    address: Address
    session_id: str
    opened: float
    last_used: float
    is_configured: bool = False
    attempts: list[Metric] = field(default_factory=list)

    def is_old(self, now: float) -> bool:
        """Whether it nears the longest life of a connection."""
        return now - self.opened > CONNECTION_SECONDS - _AGE_MARGIN_SECONDS

    def is_at_end(self, now: float) -> bool:
        """Whether it must be replaced now, in the middle of a phrase or not."""
        return now - self.opened > CONNECTION_SECONDS - _LAST_MARGIN_SECONDS

    def is_idle(self, now: float) -> bool:
        """Whether the service may have closed it for silence."""
        return now - self.last_used > IDLE_SECONDS - _AGE_MARGIN_SECONDS


class Connector:
    """Opens connections for one input, as often as its budget allows."""

    def __init__(self, pool: ConnectionPool, address: Address, session_id: str) -> None:
        self._pool = pool
        self._address = address
        self._session_id = session_id
        self._environment = pool.environment
        self._log = pool.service.context.log
        self._budget = ReconnectBudget()
        self._failed: list[Metric] = []
        self._may_renew = True

    def succeed(self) -> None:
        """Forget the attempts spent: a result came."""
        self._budget = ReconnectBudget()
        self._may_renew = True

    def open(self) -> Connection:
        """Connect, as often as is sensible. Raises ``SttError`` when given up."""
        while True:
            started = self._environment.now()
            try:
                socket = self._connect()
            except HandshakeRejected as refusal:
                from stt_cli.providers.azure.errors import rejected

                self._take_cookies(refusal)
                service = self._pool.service
                error = rejected(refusal, service.title, service.credentials_hint)
                self._note_failure(started, status_error(refusal.status))
                if refusal.status in (401, 403) and self._renewed():
                    continue
            except ConnectFailed as failure:
                error = failure
                self._note_failure(started, step_error(failure.kind))
            except SttError as failure:  # no token
                error = failure
                self._note_failure(started, step_error("authorization"))
            else:
                return self._stand(socket, started)
            self.retry_or_raise(error)

    def retry_or_raise(self, error: SttError) -> None:
        """Pause before another attempt, or give up and raise ``error``."""
        now = self._environment.monotonic()
        self._budget = self._budget.failed(now)
        pause = pause_before(self._environment.random(), error.retry_after)
        if not error.transient or not self._budget.allows(pause, now):
            self._keep_telemetry()
            raise error
        self._log(f"connection: {error.message}; retrying in {pause:.2f} s")
        self._environment.sleep(pause)

    def _keep_telemetry(self) -> None:
        """Keep for the next run what can be sent no more."""
        if self._failed:
            # A message of its own, without ReceivedMessages (2018, telemetry of
            # connection failures).
            own_id = self._environment.new_hex_id()
            body = telemetry_body(None, self._failed)
            kept = self._pool.kept_telemetry(self._address)
            kept.add([KeptMessage(own_id, body)])
            self._failed = []

    def _connect(self) -> WebSocketConnection:
        shown = self._pool.service.credentials.headers().items()
        credentials = [(name, Secret(value)) for name, value in shown]
        if cookie := self._pool.cookies.header_for(self._address.url):
            credentials.append(("Cookie", Secret(cookie)))
        headers = [
            ("X-ConnectionId", self._session_id),
        ]
        if self._address.origin:
            headers.append(("Origin", self._address.origin))
        request = HttpRequest(
            "GET",
            self._address.url,
            headers=tuple(headers),
            credentials=tuple(credentials),
        )
        context = self._pool.service.context
        socket = connect(request, context, timeout=HANDSHAKE_SECONDS)
        self._take_cookies(socket)
        return socket

    def _take_cookies(self, answered: WebSocketConnection | HandshakeRejected) -> None:
        for response in answered.responses:
            self._pool.cookies.take(response.url, response.header_values("Set-Cookie"))

    def _renewed(self) -> bool:
        """Get a new token after a refusal, once."""
        may, self._may_renew = self._may_renew, False
        return may and self._pool.service.credentials.renew()

    def _note_failure(self, started: datetime, error: str) -> None:
        ended = self._environment.now()
        metric = Metric("Connection", started, ended, error, self._session_id)
        self._failed.append(metric)

    def _stand(self, socket: WebSocketConnection, started: datetime) -> Connection:
        now = self._environment.monotonic()
        self._log(f"connected SessionId: {self._session_id}")
        good = Metric(
            "Connection", started, self._environment.now(), None, self._session_id
        )
        attempts, self._failed = [*self._failed, good], []
        connection = Connection(socket, self._address, self._session_id, now, now)
        connection.attempts = attempts
        return connection


class ConnectionPool:
    """Lends out connections that stand, and keeps cookies. Threads may share it."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.environment = service.context.environment
        self.cookies = CookieJar()
        self._idle: list[Connection] = []
        self._lock = threading.Lock()

    def take(self, address: Address, session_id: str | None) -> Connection | None:
        """Return a standing connection to the same address, if one is free."""
        now = self.environment.monotonic()
        with self._lock:
            idle, self._idle = self._idle, []
            fitting = None
            for connection in idle:
                same = connection.address == address and session_id in (
                    None,
                    connection.session_id,
                )
                if connection.is_old(now) or connection.is_idle(now):
                    connection.socket.close(timeout=0)
                elif same and fitting is None:
                    fitting = connection
                else:
                    self._idle.append(connection)
        return fitting

    def give_back(self, connection: Connection) -> None:
        """Keep a connection whose turn ended well for the next input."""
        connection.last_used = self.environment.monotonic()
        with self._lock:
            self._idle.append(connection)

    def kept_telemetry(self, address: Address) -> KeptTelemetry:
        """Return what is kept for the address's host."""
        state = self.environment.directories.state
        return KeptTelemetry(state, address.host, self.service.context.log)

    def close(self) -> None:
        """Close the connections that stand."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.socket.close(reason="Normal closure by client", timeout=0.2)


class ConnectionTooOld(Exception):  # noqa: N818 - a state, not a failure
    """The connection nears its longest life; the next one takes over."""


class NoTurnEnd(Exception):  # noqa: N818 - what happened
    """The results are in, but the service never said that the turn is over."""


class Silence(Exception):  # noqa: N818 - what happened
    """The service said nothing for ``seconds`` when it should have spoken."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check_silence(
    turn: ClientTurn, feed: AudioFeed, quiet: float, backlog: float
) -> None:
    """Raise ``Silence`` or ``NoTurnEnd`` when the service has had its time.

    While it only waits for our audio, it may be silent as long as it likes.

    Args:
        quiet: seconds in which nothing went either way.
        backlog: seconds of audio that were sent and have no result yet.
    """
    waits_for_audio = turn.is_started and turn.wants_audio and not feed.is_complete()
    if waits_for_audio and not feed.is_stuck(quiet):
        return
    limit = ANSWER_SECONDS + backlog
    if turn.end_detected_at is not None and turn.phrase_count:
        limit = TURN_END_SECONDS
    if quiet > limit:
        raise NoTurnEnd if turn.phrase_count else Silence(quiet)


def check_age(connection: Connection, now: float, *, at_pause: bool) -> None:
    """Raise ``ConnectionTooOld``: early at a pause, at the last moment elsewhere."""
    if connection.is_old(now) and (at_pause or connection.is_at_end(now)):
        raise ConnectionTooOld


class TurnSink:
    """Where a turn's audio goes: to its connection, until speech has ended."""

    def __init__(
        self, socket: WebSocketConnection, turn: ClientTurn, messages: AudioMessages
    ) -> None:
        self._socket = socket
        self._turn = turn
        self._messages = messages

    @property
    def wants_audio(self) -> bool:
        """Whether the service has not told the end of speech yet."""
        return self._turn.wants_audio

    def send(self, now: datetime, chunks: Sequence[bytes]) -> None:
        """Send chunks of audio."""
        self._socket.send_binaries(self._messages.build(now, chunks))

    def end(self, now: datetime) -> None:
        """Send the empty message that ends the turn's audio."""
        self.send(now, [b""])
