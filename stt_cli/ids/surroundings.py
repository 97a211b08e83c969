"""Where in a block something stands: its line's number, time and words."""

from __future__ import annotations

from collections.abc import Callable

from stt_cli.ids.scan import Block, newlines
from stt_cli.ids.times import time_in

_BEFORE, _AFTER = 2048, 512  # what names a value a secret stands ahead of it
_EXCERPT = 240
_GUID_LENGTH = 36


class Surroundings:
    """Looks up lines of one block; offsets may be asked for in any order."""

    def __init__(self, block: Block, clean: Callable[[str], str]) -> None:
        self._block = block
        self._clean = clean
        self._counted = (0, block.line)

    def line(self, at: int) -> int:
        """Return the number of the line that holds the offset."""
        position, number = self._counted
        if at < position:
            position, number = 0, self._block.line
        number += newlines(self._block.buffer, position, at)
        self._counted = (at, number)
        return number

    def time(self, at: int) -> str | None:
        """Return the point in time that the line states, as it states it."""
        start, end = self._bounds(at)
        return time_in(bytes(self._block.buffer[start:end]).decode("latin-1"))

    def vendor(self, at: int, named_in: Callable[[str], str | None]) -> str | None:
        """Return the vendor that the line names, or the text near the offset."""
        start, end = self._bounds(at)
        return named_in(bytes(self._block.buffer[start:end]).decode("latin-1"))

    def text(self, at: int) -> str:
        """Return the line, or what stands near the offset, without secrets.

        Secrets are masked before the line is cut: what names one as a secret may
        stand far ahead of it.
        """
        start, end = self._bounds(at)
        raw = bytes(self._block.buffer[start:end])
        whole = self._clean(raw.decode(errors="replace"))
        itself = raw[at - start : at - start + _GUID_LENGTH].decode(errors="replace")
        middle = max(0, whole.find(itself))
        first = max(0, middle - _EXCERPT)
        last = middle + _EXCERPT + _GUID_LENGTH
        head = "…" if first else ""
        tail = "…" if last < len(whole) else ""
        return (head + whole[first:last].strip() + tail).strip()

    def _bounds(self, at: int) -> tuple[int, int]:
        buffer, floor = self._block.buffer, max(0, at - _BEFORE)
        start = buffer.rfind(b"\n", floor, at) + 1 or floor
        reach = min(at + _AFTER, self._block.limit)
        end = buffer.find(b"\n", at, reach)
        return start, end if end >= 0 else reach
