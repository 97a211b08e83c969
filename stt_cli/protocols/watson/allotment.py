"""Which file of a request each result came from: the answer does not say.

Results come in the order of the parts, and times begin again with each file
("Multipart requests", 2018). So a result that begins before the one ahead of it
ended is another file's, and one that ends after a file's own end is not that
file's. Often this leaves one file for each result; where it does not, that is
told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stt_cli.core.transcript import Segment

# Seconds by which times that are rounded, and lengths of compressed files, err.
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Allotment:
    """The index of each result's file; of those not ``certain`` the first that fits."""

    files: tuple[int, ...]
    certain: tuple[bool, ...]


def allot(segments: Sequence[Segment], durations: Sequence[float | None]) -> Allotment:
    """Return which of the files with these ``durations`` (seconds) is whose.

    An answer that contradicts itself (more beginnings than files) is given to
    the last file, and is not certain.
    """
    if not segments:
        return Allotment((), ())
    steps = [0, *(int(_begins_again(*pair)) for pair in pairwise(segments))]
    last = len(durations) - 1
    earliest: list[int] = []
    for segment, step in zip(segments, steps, strict=True):
        at = (earliest[-1] if earliest else 0) + step
        while at <= last and not _fits(segment, durations[at]):
            at += 1
        earliest.append(at)
    latest: list[int] = []
    follows = 0
    for segment, step in zip(reversed(segments), reversed(steps), strict=True):
        at = (latest[-1] if latest else last) - follows
        while at >= 0 and not _fits(segment, durations[at]):
            at -= 1
        latest.append(at)
        follows = step
    latest.reverse()
    return Allotment(
        tuple(min(at, last) for at in earliest),
        tuple(a == b for a, b in zip(earliest, latest, strict=True)),
    )


def _begins_again(before: Segment, after: Segment) -> bool:
    if before.end is None or after.start is None:
        return False
    return after.start < before.end - _SLACK


def _fits(segment: Segment, duration: float | None) -> bool:
    if segment.end is None or duration is None:
        return True
    return segment.end <= duration + _SLACK
