"""Audio that was read and has no result yet: what can still be sent, or sent again.

Positions are bytes from the start of the input. A recording that is longer than
the backlog holds is read again from its start for an earlier position; live
audio that is older is lost.
"""

from __future__ import annotations

from collections import deque


class Backlog:
    """A window on the audio of one input; ``start`` is held, ``end`` is next.

    It holds ``limit`` bytes at most: then the oldest blocks go. What is read is
    given in together with the ``generation`` in which its reading began: a block
    of an earlier generation belongs to another place and is dropped.

    Args:
        live: whether the input can be read once only.
    """

    def __init__(self, limit: int, *, live: bool) -> None:
        self._limit = limit
        self._live = live
        self._blocks: deque[bytes] = deque()
        self._to_skip = 0
        self.start = 0
        self.end = 0
        self.generation = 0
        self.is_whole = False  # all of the input was read

    def position_for(self, wanted: int) -> int:
        """Return where a turn can begin: ``wanted``, or later where audio is lost."""
        return max(wanted, self.start) if self._live else wanted

    def go_to(self, position: int) -> None:
        """Make ready to send from there on, by a new reading where it must be.

        The position must be one that ``position_for`` gave.
        """
        if position >= self.start:
            return
        self._blocks.clear()
        self.start = self.end = self._to_skip = position
        self.is_whole = False
        self.generation += 1

    def add(self, block: bytes | None, generation: int) -> None:
        """Take what was read next; ``None`` is the end of the input."""
        if generation != self.generation:
            return
        if block is None:
            self.is_whole = True
            return
        skipped = min(self._to_skip, len(block))
        self._to_skip -= skipped
        block = block[skipped:]
        if block:
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
        # Whoever sends is mostly at the newest block, so search from the end.
        block_start = self.end
        for block in reversed(self._blocks):
            block_start -= len(block)
            if block_start <= position:
                offset = position - block_start
                return block[offset : offset + size]
        return b""
