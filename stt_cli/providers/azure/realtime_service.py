"""What all recognitions of one provider share: connections, cookies, credentials."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stt_cli.net.cookies import CookieJar
from stt_cli.providers.azure.credentials import Credentials
from stt_cli.providers.azure.kept_telemetry import KeptTelemetry
from stt_cli.providers.azure.link import Address, Link

if TYPE_CHECKING:
    from stt_cli.providers.base import ProviderContext


class RealtimeService:
    """Lends out connections that stand. Threads may share it."""

    def __init__(self, context: ProviderContext, credentials: Credentials) -> None:
        self.context = context
        self.environment = context.environment
        self.credentials = credentials
        self.cookies = CookieJar()
        self._idle: list[Link] = []
        self._lock = threading.Lock()

    def take_link(self, address: Address, session_id: str | None) -> Link | None:
        """Return a standing connection to the same address, if one is free."""
        now = self.environment.monotonic()
        with self._lock:
            idle, self._idle = self._idle, []
            fitting = None
            for link in idle:
                same = link.address == address and session_id in (None, link.session_id)
                if link.is_old(now) or link.is_idle(now):
                    link.connection.close(timeout=0)
                elif same and fitting is None:
                    fitting = link
                else:
                    self._idle.append(link)
        return fitting

    def give_back(self, link: Link) -> None:
        """Keep a connection whose turn ended well for the next input."""
        link.last_used = self.environment.monotonic()
        with self._lock:
            self._idle.append(link)

    def kept_telemetry(self, address: Address) -> KeptTelemetry:
        """Return what is kept for the address's host."""
        state = self.environment.directories.state
        return KeptTelemetry(state, address.host, self.context.log)

    def close(self) -> None:
        """Close the connections that stand."""
        with self._lock:
            idle, self._idle = self._idle, []
        for link in idle:
            link.connection.close(reason="Normal closure by client", timeout=0.2)
