"""How long a service has said nothing new over a WebSocket."""

from __future__ import annotations

from collections.abc import Callable


class SilenceTimer:
    """Counts seconds since the last news. Who repeats itself says nothing new.

    Args:
        monotonic: a clock in seconds.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._since = monotonic()
        self._last: str | bytes | None = None

    def observe(self, message: str | bytes) -> None:
        """Take a message: it ends the silence if it is no repetition."""
        if message and message != self._last:
            self._last = message
            self.end()

    def end(self) -> None:
        """Begin to count anew: nothing was to be heard by now."""
        self._since = self._monotonic()

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return self._monotonic() - self._since
