"""Unpacking answers that a server has packed (RFC 9110, section 8.4.1)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
"""What ``Accept-Encoding`` says."""

_BLOCK = 1 << 18
"""Bytes unpacked at a time: whoever reads may stop before a small block has become
a gigabyte."""
_MOST_CODINGS = 4

_ZLIB, _RAW, _GZIP = zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 16


def decoded(blocks: Iterable[bytes], codings: str) -> Iterator[bytes]:
    """Yield a body as it was before it was packed; unknown codings are left alone.

    Args:
        codings: the value of ``Content-Encoding``, in the order of packing.

    Raises:
        ValueError: it is not packed as it says.
    """
    named = [each.strip().lower() for each in codings.split(",")]
    if len(named) > _MOST_CODINGS:
        raise ValueError("it is compressed too many times")
    for coding in reversed(named):
        if coding in ("gzip", "x-gzip"):
            blocks = _unpacked(blocks, zlib.decompressobj(_GZIP))
        elif coding == "deflate":
            blocks = _inflated(blocks)
    return iter(blocks)


def _inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack ``deflate``, which some servers send without the zlib header."""
    rest = iter(blocks)
    first = next((block for block in rest if block), b"")
    if not first:
        return
    # The header's first byte is 0x78 for all window sizes that anyone uses.
    window = _ZLIB if first[0] & 0x0F == 8 and first[0] >> 4 <= 7 else _RAW
    yield from _unpacked(_chain(first, rest), zlib.decompressobj(window))


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _unpacked(blocks: Iterable[bytes], machine: zlib._Decompress) -> Iterator[bytes]:
    try:
        for block in blocks:
            rest = block
            while rest and not machine.eof:
                if unpacked := machine.decompress(rest, _BLOCK):
                    yield unpacked
                rest = machine.unconsumed_tail
        if unpacked := machine.flush():
            yield unpacked
    except zlib.error as fault:
        raise ValueError(str(fault)) from fault
