"""A stream cut into blocks of whole records, in one buffer that is used again.

A record is a line with the lines that go on from it: those that begin with
white space, a closing bracket or a quote, as printed JSON does. A document thus
lies in one block, whatever the size of the reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

BLOCK = 1 << 20
LONGEST_RECORD = 4 << 20
"""A longer record is searched piece by piece; no pattern is lost at the cuts."""

OVERLAP = 4096
CONTEXT = 512
_GOES_ON = frozenset(b" \t\r\n}]\"'")

_PREVIEWED = 256 << 10
_PIECE = 64 << 10  # copies of this size stay in the cache, and in the heap

ReadInto = Callable[[memoryview], int | None]


@dataclass(frozen=True, slots=True)
class Block:
    """``buffer[:limit]`` is there to look at; hits from ``first`` to ``stop`` count.

    ``line`` is the number, from 1, of the line that the buffer begins in. The
    buffer holds other bytes as soon as the next block is asked for.
    """

    buffer: bytearray
    limit: int
    stop: int
    first: int
    line: int


def blocks(
    read_into: ReadInto, *, live: bool = False, numbered: bool = True
) -> Iterator[Block]:
    """Yield the stream block by block.

    ``live``: yield the whole lines that each read brings at once; a record that
    goes on is then yielded again with its rest. ``numbered=False`` spares the
    counting of lines.
    """
    buffer = bytearray(BLOCK)
    filled, first, line, shown = 0, 0, 1, 0
    while True:
        with memoryview(buffer)[filled:] as free:
            count = read_into(free)
        if not count:
            yield Block(buffer, filled, filled, first, line)
            return
        filled += count
        is_full = filled == len(buffer)
        if not is_full and not live:
            continue
        cut = last_record_start(buffer, filled)
        if not is_full:
            lines_end = buffer.rfind(b"\n", 0, filled) + 1
            # A long record that comes piecemeal is shown each time it doubled,
            # or parsing it again and again would take a time that is quadratic.
            if cut == 0 and lines_end < min(2 * shown, shown + _PREVIEWED):
                continue
            if lines_end > max(first, cut):
                yield Block(buffer, lines_end, lines_end, first, line)
                shown = lines_end - cut
            elif cut:
                yield Block(buffer, cut, cut, first, line)
                shown = 0
            if cut:
                first = 0
        elif cut:
            yield Block(buffer, cut, cut, first, line)
            first = shown = 0
        elif len(buffer) < LONGEST_RECORD:
            buffer.extend(bytes(len(buffer)))
            continue
        else:  # one record fills the whole buffer
            stop = filled - OVERLAP
            yield Block(buffer, filled, stop, first, line)
            cut, first, shown = stop - CONTEXT, CONTEXT, 0
        if numbered:
            line += newlines(buffer, 0, cut)
        buffer[: filled - cut] = buffer[cut:filled]
        filled -= cut


def newlines(buffer: bytearray, start: int, end: int) -> int:
    """Return how many lines end between two offsets.

    In lines of a log's length, removing the newlines takes a third of the time that
    ``bytearray.count`` takes, which looks at every byte by itself.
    """
    count = 0
    for at in range(start, end, _PIECE):
        text = buffer[at : min(at + _PIECE, end)]
        count += len(text) - len(text.replace(b"\n", b""))
    return count


def last_record_start(buffer: bytearray, filled: int) -> int:
    """Return where the last record begins, which may not be complete yet."""
    position = filled - 1
    while (newline := buffer.rfind(b"\n", 0, position)) >= 0:
        if buffer[newline + 1] not in _GOES_ON:
            return newline + 1
        position = newline
    return 0


def record_around(
    buffer: bytearray | bytes, position: int, end: int
) -> tuple[int, int]:
    """Return where the record that holds ``position`` begins and ends."""
    start = position
    while (newline := buffer.rfind(b"\n", 0, start)) >= 0:
        if buffer[newline + 1] not in _GOES_ON:
            start = newline + 1
            break
        start = newline
    else:
        start = 0
    stop = position
    while (newline := buffer.find(b"\n", stop, end)) >= 0:
        if newline + 1 >= end or buffer[newline + 1] not in _GOES_ON:
            return start, newline + 1
        stop = newline + 1
    return start, end
