r"""Searching many short literals at once: the part that runs over every byte.

ahocorasick-rs has a vectorized search ("Teddy", a gigabyte in a fifth of a
second) for up to 64 literals. It leaves it for slower ones, which look for the
few bytes that all literals share, unless there are more than three of those: so
small sets hold some literals that no log has. More than 64 make several sets. The
text is searched in small letters. Where the package is missing, ``re`` finds the
same, slowly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

Hit = tuple[int, int]
"""Which anchor, and the offset of its first byte."""

AnchorSearch = Callable[[bytes | bytearray], Iterable[Hit]]
"""Takes text in small letters; yields hits in order of their offsets."""

_PIECE = 64 << 10  # copies of this size stay in the cache, and in the heap
_LONGEST_ANCHOR = 16

_MOST = 64
_DECOYS = tuple(bytes((code,)) * 4 for code in range(1, 5))


def hits(
    search: AnchorSearch, buffer: bytes | bytearray, first: int, stop: int, limit: int
) -> Iterator[Hit]:
    """Yield the hits from ``first`` to ``stop`` in a text of any letters.

    What follows up to ``limit`` is there to end a literal in.
    """
    for start in range(first, stop, _PIECE):
        end = min(start + _PIECE, stop)
        text = buffer[start : min(end + _LONGEST_ANCHOR, limit)].lower()
        for index, offset in search(text):
            if start + offset < end:
                yield index, start + offset


def anchor_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return the fastest search that this machine has."""
    try:
        return fast_search(anchors)
    except ImportError:
        return plain_search(anchors)


def fast_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return a search by ahocorasick-rs; raises ``ImportError`` without it."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

    count = max(1, -(-len(anchors) // _MOST))
    size = -(-len(anchors) // count)
    ordered = range(len(anchors))
    parts = [list(ordered)[i : i + size] for i in range(0, len(ordered), size)] or [[]]
    automata = [
        (
            BytesAhoCorasick(
                [*(anchors[i] for i in part), *_DECOYS][:_MOST],
                MatchKind.LeftmostFirst,
                Implementation.ContiguousNFA,
            ),
            part,
        )
        for part in parts
    ]

    def search(text: bytes | bytearray) -> list[Hit]:
        hits = [
            (part[index], offset)
            for automaton, part in automata
            for index, offset, _end in automaton.find_matches_as_indexes(text)
            if index < len(part)
        ]
        if len(automata) > 1:
            hits.sort(key=_offset)
        return hits

    return search


def plain_search(anchors: Sequence[bytes]) -> AnchorSearch:
    """Return a search by the standard library alone."""
    if not anchors:
        return lambda text: ()
    alternation = re.compile(b"|".join(b"(%s)" % re.escape(a) for a in anchors))

    def search(text: bytes | bytearray) -> Iterator[Hit]:
        for match in alternation.finditer(text):
            yield (match.lastindex or 1) - 1, match.start()

    return search


def _offset(hit: Hit) -> int:
    return hit[1]
