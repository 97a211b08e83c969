"""The raw result of a session: segments of ``[word, start, end, confidence]``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from stt_cli.core.transcript import Segment, Word
from stt_cli.protocols.json_fields import (
    Fields,
    as_number,
    integer,
    items,
    number,
    objects,
    text,
    unknown,
)
from stt_cli.protocols.scriptix.session import unwrapped

_NO_SPEAKER = frozenset({"unk", "unknown"})
# Where the last word ends this much later than the audio, the times are not
# seconds but milliseconds.
_FAR_BEYOND = 10.0


def read_result(fields: Fields) -> list[Segment]:
    """Return the segments of a ``/result`` answer."""
    own = unwrapped(fields)
    parts = [(part, _tuples(part)) for part in objects(own, "results")]
    every = [entry for _part, entries in parts for entry in entries]
    scale = time_scale(every, number(own, "duration"))
    return [
        segment
        for part, entries in parts
        if (segment := _segment(part, entries, scale)).text
    ]


def time_scale(entries: Iterable[Sequence[Any]], duration: float | None) -> float:
    """Return the seconds that one unit of time is.

    The page's sample has seconds, the vendor's own client takes milliseconds.
    The audio's length decides, ``duration`` in seconds; without it whole
    numbers are milliseconds, and a fraction anywhere means seconds.
    """
    times = [value for entry in entries for value in entry[1:3]]
    numbers = [n for n in map(as_number, times) if n is not None]
    if not numbers:
        return 1.0
    if duration:
        return 0.001 if max(numbers) > _FAR_BEYOND * duration else 1.0
    # 1.0 is a fraction in writing: JSON keeps the difference to 1.
    whole = all(isinstance(value, int) for value in times if value is not None)
    return 0.001 if whole else 1.0


def words_of(entries: Iterable[Sequence[Any]], scale: float) -> tuple[Word, ...]:
    """Return the words of tuples, their times in seconds."""
    return tuple(_word(entry, scale) for entry in entries)


def speaker_of(fields: Fields) -> str | None:
    """Return the speaker's name, ``None`` for the unknown one."""
    name = text(fields, "speaker")
    return None if name is None or name.lower() in _NO_SPEAKER else name


def word_tuples(fields: Fields, name: str) -> list[Sequence[Any]]:
    """Return the entries of a word list that are word tuples."""
    return [
        entry
        for entry in items(fields, name)
        if isinstance(entry, list | tuple) and entry and isinstance(entry[0], str)
    ]


def _tuples(part: Fields) -> list[Sequence[Any]]:
    return word_tuples(part, "result")


def _segment(part: Fields, entries: list[Sequence[Any]], scale: float) -> Segment:
    words = words_of(entries, scale)
    spoken = text(part, "text") or " ".join(word.text for word in words)
    return Segment(
        text=spoken.strip(),
        start=words[0].start if words else None,
        end=words[-1].end if words else None,
        confidence=number(part, "sconf"),
        speaker=speaker_of(part),
        channel=integer(part, "channel"),
        words=words,
        details=unknown(part, ("result", "text", "sconf", "speaker", "channel")),
    )


def _word(entry: Sequence[Any], scale: float) -> Word:
    start, end, confidence = ([*entry, None, None, None])[1:4]
    return Word(
        entry[0],
        _scaled(as_number(start), scale),
        _scaled(as_number(end), scale),
        as_number(confidence),
    )


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
