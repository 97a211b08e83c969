"""Audio that was sent and not yet answered, kept for a new connection."""

from __future__ import annotations

from collections import deque


class ReplayBuffer:
    """A window on a stream of bytes, in positions of the whole stream.

    ``start`` is the first byte still held, ``end`` the next one to come. It never
    holds more than ``limit`` bytes: then the oldest go, and ``start`` tells.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._blocks: deque[bytes] = deque()
        self.start = 0
        self.end = 0

    def append(self, block: bytes) -> None:
        """Add what comes next."""
        self._blocks.append(block)
        self.end += len(block)
        while self.end - self.start > self._limit:
            self.start += len(self._blocks.popleft())

    def trim(self, position: int) -> None:
        """Let go of the blocks that lie wholly before ``position``."""
        while self._blocks and self.start + len(self._blocks[0]) <= position:
            self.start += len(self._blocks.popleft())

    def read(self, position: int, size: int) -> bytes:
        """Return up to ``size`` bytes from ``position``, less at a block's end.

        Raises:
            ValueError: the position is no longer, or not yet, held.
        """
        if not self.start <= position <= self.end:
            raise ValueError(f"{position} lies outside {self.start}..{self.end}")
        # Whoever sends is mostly at the newest block, so look from the end.
        block_start = self.end
        for block in reversed(self._blocks):
            block_start -= len(block)
            if block_start <= position:
                offset = position - block_start
                return block[offset : offset + size]
        return b""

    def clear(self, position: int) -> None:
        """Forget everything and stand at ``position``."""
        self._blocks.clear()
        self.start = self.end = position
