"""The text around a hit, decoded in every way that it may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stt_cli.ids.catalog import Description
from stt_cli.ids.decoding import (
    decoded,
    defense_decoded,
    is_unescaped,
    quoted_printable_decoded,
)
from stt_cli.ids.index import Label, Meaning
from stt_cli.ids.json_documents import SCRIPTIX_KEYS, SCRIPTIX_STATES
from stt_cli.ids.reading import Reading, values_of
from stt_cli.ids.values import leads_elsewhere

NEAR_BEFORE = 16
"""A label that begins so near ahead of its anchor is known by what is around it."""

_BEFORE, _AFTER = 128, 256
_AFTER_TAGS = 640  # what stands between cells of HTML may be long
_LONGEST_KEY = 64
# What stands beside a label whose value has no shape of its own: in Scriptix' objects,
# and in pairs of name and value.
_EXPLAINING = re.compile(
    rf"\"(?:{'|'.join(SCRIPTIX_KEYS)}|value)\\*\"|\"stat(?:us|e)\\*\"\s*:\s*\\*\""
    rf"(?:{'|'.join(SCRIPTIX_STATES)})\\*\"".encode()
)
_JOINED = re.compile(r"[0-9A-Za-z_.-]")
_END_OF_CELL = re.compile(rb"[a-z ]{0,32}(?:[\t\r\n]|\Z)")
_QUOTED_PRINTABLE = re.compile(rb"=(?:3D|20|C2=A0|[ \t]*\r?\n)")
_FILTERED_LINK = re.compile(rb"-(?:2D|3D|3A)")


def is_explained(buffer: bytes | bytearray, at: int) -> bool:
    """Whether something near a label may say what its value is."""
    return _EXPLAINING.search(buffer, max(0, at - _BEFORE), at + _AFTER) is not None


class Around:
    """The neighborhood of one hit in a buffer."""

    def __init__(self, buffer: bytes | bytearray, at: int, limit: int) -> None:
        self.buffer = buffer
        self.at = at
        self.label: Label | None = None
        self.starts_near = False
        self._before = bytes(buffer[max(0, at - _BEFORE) : at])
        behind = bytes(buffer[at : min(at + _AFTER, limit)])
        if b"<" in behind or b"&lt;" in behind:
            behind = bytes(buffer[at : min(at + _AFTER_TAGS, limit)])
        self._behind = behind

    def read_at_once(self, meaning: Meaning) -> list[Reading] | None:
        """Return what is plain without decoding; ``None`` where a closer look is due.

        Most labels of a log stand right ahead of a value of a fixed length, or
        ahead of another word.
        """
        before = self._before.decode("utf-8", "replace")
        text, at = before + self._behind.decode("utf-8", "replace"), len(before)
        is_plain_here = not meaning.paths and is_unescaped(text)
        label = self.find_label(meaning, text, at)
        if label is None:
            return [] if is_plain_here else None
        ahead = max(0, label.start - 1)
        if not is_plain_here and _JOINED.match(text, ahead, label.start):
            # Decoded, it may be more: ConnectionId of \u0026X-ConnectionId.
            return None
        if leads_elsewhere(text, label.end):
            self.label = None
            return []
        read = label.descriptions if is_plain_here else label.closed
        values = values_of(read, text, label.start, label.end)
        found = [self.reading(value.description, value.id) for value in values]
        if found:
            return found
        # What is not escaped is not read again, unless a malformed ID is to be told.
        return [] if is_plain_here and not label.is_connection else None

    def find_label(self, meaning: Meaning, text: str, at: int) -> Label | None:
        """Return the label that holds the hit in one reading, and remember it."""
        label = meaning.label(text, at)
        if label is not None:
            self.label = label
            self.starts_near = at - label.start < NEAR_BEFORE
        return label

    def texts(self) -> Iterator[tuple[str, int]]:
        """Yield each reading of the neighborhood, with the hit's place in it."""
        before = self._before.decode("utf-8", "replace")
        behind = self._behind.decode("utf-8", "replace")
        if _QUOTED_PRINTABLE.search(self._behind):
            head = decoded(quoted_printable_decoded(before))
            yield head + decoded(quoted_printable_decoded(behind)), len(head)
        head, tail = decoded(before), decoded(behind)
        yield head + tail, len(head)
        if (head, tail) != (before, behind):
            yield before + behind, len(before)
        if _FILTERED_LINK.search(self._behind):
            head = decoded(defense_decoded(before))
            yield head + decoded(defense_decoded(behind)), len(head)

    @property
    def is_cell(self) -> bool:
        """Whether a tab stands ahead of the label, and nothing else in its cell."""
        return (
            b"\t" in self._before[-_LONGEST_KEY:]
            and _END_OF_CELL.match(self._behind) is not None
        )

    @property
    def is_quoted(self) -> bool:
        """Whether the label may be a key of a JSON document."""
        return b'"' in self._before[-_LONGEST_KEY:]

    @property
    def may_be_explained(self) -> bool:
        """Whether the document around a label may say what its value is."""
        return self.is_quoted and (
            _EXPLAINING.search(self._behind) is not None
            or _EXPLAINING.search(self._before) is not None
        )

    def reading(self, description: Description, identifier: str) -> Reading:
        """Return the reading, with the ID where it stands in the buffer."""
        title = "stt" if description.own_line else f"{description.kind} ID"
        return reading_of(description, identifier, self.offset_of(identifier), title)

    def offset_of(self, identifier: str) -> int:
        """Return where the ID stands; where the label does if it stands escaped."""
        offset = self._behind.find(identifier.encode())
        return self.at + max(0, offset)


def reading_of(
    description: Description, identifier: str, at: int, found_as: str
) -> Reading:
    """Return the reading of an ID that a description explains."""
    honored = True if "x connection id" in description.labels else None
    return Reading(
        description.kind,
        identifier,
        found_as,
        at,
        honored=honored,
        vendor=description.vendor,
    )
