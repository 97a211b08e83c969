"""A service's documented rate: who would exceed it waits, instead of being refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

from stt_cli.core.address import is_loopback, origin_of
from stt_cli.core.environment import Environment


class RateLimit:
    """So many requests of one origin in any so many seconds, first come first served.

    Args:
        base: an address of the service; requests elsewhere (a storage, say) are
            free, and so is all on this machine: an emulator keeps no budget.
        requests: how many may be sent.
        seconds: in which time.
    """

    def __init__(
        self, base: str, requests: int, seconds: float, environment: Environment
    ) -> None:
        self._origin = origin_of(base)
        self._seconds = seconds
        self._environment = environment
        self._lock = Lock()
        self._is_free = is_loopback(urlsplit(base).hostname or "")
        # When the latest requests were, or will be, sent.
        self._sent: deque[float] = deque(maxlen=requests)

    def spend(self, url: str, log: Callable[[str], None]) -> None:
        """Wait until a request to this address may be sent."""
        if self._is_free or origin_of(url) != self._origin:
            return
        with self._lock:
            now = self._environment.monotonic()
            full = len(self._sent) == self._sent.maxlen
            turn = max(now, self._sent[0] + self._seconds) if full else now
            self._sent.append(turn)
        if turn > now:
            rate = f"{self._sent.maxlen} requests in {self._seconds:g} s"
            log(f"waiting {turn - now:.1f} s: the service allows {rate}")
            self._environment.sleep(turn - now)
