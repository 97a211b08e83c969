"""Opening a connection: attempts, pauses, tokens, cookies, and their telemetry."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from stt_cli.core.errors import SttError
from stt_cli.core.http_message import HttpRequest
from stt_cli.core.secret import Secret
from stt_cli.net.context import NetworkContext
from stt_cli.net.cookies import CookieJar
from stt_cli.net.dial import ConnectFailed
from stt_cli.net.websocket import WebSocketConnection
from stt_cli.net.websocket_handshake import HandshakeRejected, connect
from stt_cli.protocols.usp.limits import (
    CONNECTION_SECONDS,
    IDLE_SECONDS,
    MOST_CONNECTS,
    RETRY_SECONDS,
)
from stt_cli.protocols.usp.telemetry import (
    Metric,
    status_error,
    step_error,
    telemetry_body,
)
from stt_cli.providers.azure.credentials import Credentials
from stt_cli.providers.azure.kept_telemetry import KeptMessage, KeptTelemetry
from stt_cli.version import __version__

HANDSHAKE_SECONDS = 10.0
RETRIES_END_SECONDS = 30.0  # all retries of one request end within this
_AGE_MARGIN_SECONDS = 30.0  # a connection is replaced this long before its end
_LAST_MARGIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a connection goes, under which session ID, and as whom."""

    url: str
    title: str
    region: str | None
    origin: str | None = None

    @property
    def host(self) -> str:
        """The host and port, for what is kept for that host alone."""
        return urlsplit(self.url).netloc


@dataclass(slots=True)
class Link:
    """A connection that stands, and what was said on it by now."""

    connection: WebSocketConnection
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
    """Opens links for one input and counts its attempts.

    ``spent`` attempts are given back by ``succeed`` at each phrase, as
    Microsoft's client does: a long session may break many times.
    """

    def __init__(
        self,
        address: Address,
        session_id: str,
        credentials: Credentials,
        cookies: CookieJar,
        kept: KeptTelemetry,
        context: NetworkContext,
    ) -> None:
        self._address = address
        self._session_id = session_id
        self._credentials = credentials
        self._cookies = cookies
        self._kept = kept
        self._context = context
        self._environment = context.environment
        self._log = context.log
        self._spent = 0
        self._first_failure: float | None = None
        self._failed: list[Metric] = []
        self._may_renew = True

    def succeed(self) -> None:
        """Forget the attempts spent: a result came."""
        self._spent = 0
        self._first_failure = None
        self._may_renew = True

    def open(self) -> Link:
        """Connect, as often as is sensible. Raises ``SttError`` when given up."""
        while True:
            started = self._environment.now()
            try:
                connection = self._connect()
            except HandshakeRejected as refusal:
                from stt_cli.providers.azure.errors import rejected

                self._take_cookies(refusal)
                error = rejected(refusal, self._address.title, self._address.region)
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
                return self._stand(connection, started)
            self.retry_or_raise(error)

    def retry_or_raise(self, error: SttError) -> None:
        """Pause before another attempt, or give up and raise ``error``."""
        now = self._environment.monotonic()
        if self._first_failure is None:
            self._first_failure = now
        self._spent += 1
        spread = 0.5 + self._environment.random()
        pause = max(RETRY_SECONDS * spread, error.retry_after or 0.0)
        left = self._first_failure + RETRIES_END_SECONDS - now
        if not error.transient or self._spent >= MOST_CONNECTS or pause > left:
            self.give_up()
            raise error
        self._log(f"connection: {error.message}; again in {pause:.2f} s")
        self._environment.sleep(pause)

    def give_up(self, *interrupted: KeptMessage) -> None:
        """Keep the telemetry that can be sent no more, for the next run."""
        messages = list(interrupted)
        if self._failed:
            # A message of its own, without ReceivedMessages (2018, telemetry of
            # connection failures).
            own_id = self._environment.new_hex_id()
            messages.append(KeptMessage(own_id, telemetry_body(None, self._failed)))
            self._failed = []
        if messages:
            self._kept.add(messages)

    def _connect(self) -> WebSocketConnection:
        credentials = {
            name: Secret(value) for name, value in self._credentials.headers().items()
        }
        if cookie := self._cookies.header_for(self._address.url):
            credentials["Cookie"] = Secret(cookie)
        headers = {
            "X-ConnectionId": self._session_id,
            "User-Agent": f"stt/{__version__}",
        }
        if self._address.origin:
            headers["Origin"] = self._address.origin
        request = HttpRequest(
            "GET",
            self._address.url,
            headers=tuple(headers.items()),
            credentials=tuple(credentials.items()),
        )
        connection = connect(request, self._context, timeout=HANDSHAKE_SECONDS)
        self._take_cookies(connection)
        return connection

    def _take_cookies(self, answered: WebSocketConnection | HandshakeRejected) -> None:
        for response in answered.responses:
            self._cookies.take(response.url, response.header_values("Set-Cookie"))

    def _renewed(self) -> bool:
        """Get a new token after a refusal, once."""
        may, self._may_renew = self._may_renew, False
        return may and self._credentials.renew()

    def _note_failure(self, started: datetime, error: str) -> None:
        ended = self._environment.now()
        metric = Metric("Connection", started, ended, error, self._session_id)
        self._failed.append(metric)

    def _stand(self, connection: WebSocketConnection, started: datetime) -> Link:
        now = self._environment.monotonic()
        self._log(f"connected SessionId: {self._session_id}")
        good = Metric(
            "Connection", started, self._environment.now(), None, self._session_id
        )
        attempts, self._failed = [*self._failed, good], []
        link = Link(connection, self._address, self._session_id, now, now)
        link.attempts = attempts
        return link
