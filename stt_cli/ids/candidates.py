"""Bare values that might be IDs: 32 hex digits or GUIDs without a label.

They are guesses and never printed as IDs: hashes, keys and the IDs of devices
look the same. Every fourth byte is looked at first: a value of 32 characters
covers eight of those, and hardly anything else has eight in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_STRIDE = 4
_IN_A_ROW = 8
_MARK = b"\x01"
_KNOWN = b"0123456789abcdefABCDEF-"
_TABLE = bytes(1 if code in _KNOWN else 0 for code in range(256))
_VALUE = re.compile(
    rb"(?<![0-9A-Za-z_-])(?:[0-9a-f]{32}|[0-9A-F]{32}"
    rb"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})(?![0-9A-Za-z_-])"
)
_REACH = 48
_LONGEST_RUN = 12


def candidates(
    buffer: bytes | bytearray, first: int, stop: int
) -> Iterator[re.Match[bytes]]:
    """Yield what looks like an ID and begins between ``first`` and ``stop``."""
    marks = bytes(buffer[::_STRIDE]).translate(_TABLE)
    needle = _MARK * _IN_A_ROW
    position = marks.find(needle, first // _STRIDE)
    done = first
    while position >= 0:
        start = max(done, position * _STRIDE - _STRIDE)
        run_end = marks.find(b"\0", position)
        if run_end < 0 or run_end - position > _LONGEST_RUN:
            # A dump of bytes: nothing in it stands by itself.
            position = marks.find(needle, run_end) if run_end >= 0 else -1
            continue
        match = _VALUE.search(buffer, start, start + _REACH + _STRIDE)
        if match is not None and match.start() < stop:
            if not _is_empty(match[0]):
                yield match
            done = match.end()
        else:
            done = start + _STRIDE
        if done >= stop:
            return
        position = marks.find(needle, max(position + 1, done // _STRIDE))


def _is_empty(value: bytes) -> bool:
    return not value.strip(b"0-")
