"""Searching many literals at once: the part that runs over every byte.

A gigabyte goes by in a quarter of a second with the vector instructions of
ahocorasick-rs. Where that package is missing, ``re`` finds the same, slowly.
No anchor overlaps another (a test holds it), so that searches which skip
overlapping matches miss none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

Hit = tuple[int, int]
"""Which anchor, and the offset of its first byte."""

AnchorSearch = Callable[[bytearray | bytes, int, int], Iterable[Hit]]
"""Takes a buffer with the start and end of its part to search."""


def anchor_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return the fastest search that this machine has."""
    try:
        return fast_search(anchors)
    except ImportError:
        return plain_search(anchors)


def fast_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return a search by ahocorasick-rs; raises ``ImportError`` without it."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

    # Leftmost matching lets the library use its vectorised prefilter, ten times
    # faster than the standard kind.
    automaton = BytesAhoCorasick(
        anchors, MatchKind.LeftmostFirst, Implementation.ContiguousNFA
    )

    def search(buffer: bytearray | bytes, start: int, end: int) -> Iterator[Hit]:
        with memoryview(buffer)[start:end] as part:
            found = automaton.find_matches_as_indexes(part)
        for index, offset, _end in found:
            yield index, start + offset

    return search


def plain_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return a search by the standard library alone."""
    alternation = re.compile(b"|".join(b"(%s)" % re.escape(a) for a in anchors))

    def search(buffer: bytearray | bytes, start: int, end: int) -> Iterator[Hit]:
        for match in alternation.finditer(buffer, start, end):
            yield (match.lastindex or 1) - 1, match.start()

    return search
