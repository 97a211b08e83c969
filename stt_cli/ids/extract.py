"""From anchors to findings: what stands around a hit, and what it identifies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from stt_cli.ids.anchors import AnchorSearch, anchor_search
from stt_cli.ids.finding import Finding
from stt_cli.ids.json_documents import (
    LONGEST_DOCUMENT,
    Document,
    Identified,
    documents,
    walk,
)
from stt_cli.ids.patterns import (
    AFTER,
    ANCHORS,
    AZURE_RESOURCE,
    SPX_COLUMN,
    Pattern,
    patterns_at,
)
from stt_cli.ids.reading import Reading, ids_of, normalised, readings
from stt_cli.ids.scan import Block, ReadInto, blocks, record_around
from stt_cli.ids.surroundings import Surroundings

_MAY_HOLD_JSON = re.compile(rb"[{\[]\s*[{\[\"]")
_DEEPEST_TEXT = 3  # JSON in a string in JSON in a string: no log goes further
_HEX = re.compile(rb"[0-9A-Fa-f]{32}")
_NEAR_BEFORE, _NEAR_AFTER = 16, 52
_MOST_SETTLED = 10_000

Buffer = bytes | bytearray


class Finder:
    """Searches any number of sources; yields each ID once, first seen first.

    Memory is constant in the length of the sources and grows with the number
    of different IDs. With ``details=False`` findings have no line, time or
    text, which is quicker. ``clean`` masks secrets in what is shown.
    """

    def __init__(
        self,
        kinds: frozenset[str],
        *,
        details: bool = True,
        clean: Callable[[str], str] = str,
        search: Callable[[Sequence[bytes]], AnchorSearch] = anchor_search,
    ) -> None:
        self._kinds = kinds
        self._details = details
        self._clean = clean
        self._seen: set[tuple[str, str]] = set()
        self._settled: set[bytes] = set()
        self._patterns = [patterns_at(anchor, kinds) for anchor in ANCHORS]
        self._search = search(ANCHORS)

    def find(
        self, source: str, read_into: ReadInto, *, live: bool = False
    ) -> Iterator[Finding]:
        """Yield what a source holds that was not found before.

        A connection ID that the service drops is yielded whatever kinds are
        wanted: whoever looks for a session must hear of it. ``live`` sources
        are read as they grow; see ``scan.blocks``.
        """
        column: int | None = None
        for block in blocks(read_into, live=live, numbered=self._details):
            rows_start = 0
            where = Surroundings(block, self._clean)
            for reading in self._read(block):
                if reading.column is None:
                    yield from self._new(reading, source, where)
                else:
                    column, rows_start = reading.column, reading.at
            if column is not None:
                for reading in _rows(block, rows_start, column):
                    yield from self._new(reading, source, where)

    def _new(
        self, reading: Reading, source: str, where: Surroundings
    ) -> Iterator[Finding]:
        identifier = normalised(reading.kind, reading.id)
        key = (reading.kind, identifier)
        if key in self._seen or _is_empty(identifier):
            return
        if reading.kind not in self._kinds and reading.honoured is not False:
            return
        self._seen.add(key)
        at = reading.at
        yield Finding(
            id=identifier,
            kind=reading.kind,
            source=source,
            line=where.line(at) if self._details else None,
            time=(reading.time or where.time(at)) if self._details else None,
            text=where.text(at) if self._details else "",
            found_as=reading.found_as,
            honoured=reading.honoured,
        )

    def _read(self, block: Block) -> Iterator[Reading]:
        return self._read_buffer(
            block.buffer, block.first, block.stop, block.limit, depth=0
        )

    def _read_buffer(
        self, buffer: Buffer, first: int, stop: int, limit: int, depth: int
    ) -> Iterator[Reading]:
        record = _Record(0, 0)
        for index, at in self._search(buffer, 0, limit):
            patterns = self._patterns[index]
            if not patterns or not first <= at < stop:
                continue
            near = bytes(buffer[max(0, at - _NEAR_BEFORE) : at + _NEAR_AFTER])
            if near in self._settled:
                continue
            for pattern in patterns:
                match = _match_at(pattern, buffer, at, limit)
                if match is None:
                    continue
                if self._knows(pattern, match):
                    self._settle(near, match, at)
                    continue
                if at >= record.end:
                    record = _Record.around(buffer, at, limit)
                document = record.document_at(at)
                if document is not None:
                    if record.takes(document):
                        yield from self._read_document(buffer, record, document, depth)
                    break
                if not pattern.is_hint:
                    yield from readings(pattern, match, record.start, record.end)

    def _knows(self, pattern: Pattern, match: re.Match[bytes]) -> bool:
        """Whether everything that the match can yield was yielded before."""
        if pattern.is_hint or pattern is SPX_COLUMN:
            return False
        return all(key in self._seen for key in ids_of(pattern, match))

    def _settle(self, near: bytes, match: re.Match[bytes], at: int) -> None:
        """Remember the bytes around a hit that can yield nothing new.

        An SDK repeats its session ID on every line. The whole match must lie in
        the bytes that are remembered, and what follows it.
        """
        if match.start() >= at - _NEAR_BEFORE and match.end() < at + _NEAR_AFTER:
            if len(self._settled) >= _MOST_SETTLED:
                self._settled.clear()
            self._settled.add(near)

    def _read_document(
        self, buffer: Buffer, record: _Record, document: Document, depth: int
    ) -> Iterator[Reading]:
        start, end = record.start + document.start, record.start + document.end
        for item in walk(document):
            if isinstance(item, Identified):
                at = max(start, buffer.find(item.id.encode(), start, end))
                yield Reading(item.kind, item.id, item.found_as, at, item.time)
            elif depth < _DEEPEST_TEXT:
                text = item.text.encode("latin-1", "replace")
                inner = self._read_buffer(text, 0, len(text), len(text), depth + 1)
                for reading in inner:
                    is_read = item.is_address and (
                        reading.found_as == AZURE_RESOURCE.found_as
                    )
                    if not is_read and reading.column is None:
                        at = max(start, buffer.find(reading.id.encode(), start, end))
                        time = reading.time or item.time
                        yield replace(reading, at=at, time=time)


@dataclass(slots=True)
class _Record:
    """A record of the buffer, with the JSON that stands whole in it."""

    start: int
    end: int
    documents: tuple[Document, ...] = ()
    _taken: set[int] = field(default_factory=set)

    @classmethod
    def around(cls, buffer: Buffer, at: int, limit: int) -> _Record:
        start, end = record_around(buffer, at, limit)
        if end - start > LONGEST_DOCUMENT:
            return cls(start, end)
        if _MAY_HOLD_JSON.search(buffer, start, end) is None:
            return cls(start, end)
        # One character a byte, so that offsets hold for both.
        text = bytes(buffer[start:end]).decode("latin-1")
        return cls(start, end, tuple(documents(text)))

    def document_at(self, at: int) -> Document | None:
        offset = at - self.start
        index = bisect_right(self.documents, offset, key=_start_of) - 1
        if index >= 0 and offset < self.documents[index].end:
            return self.documents[index]
        return None

    def takes(self, document: Document) -> bool:
        """Whether this is the first call for that document."""
        is_new = document.start not in self._taken
        self._taken.add(document.start)
        return is_new


def _start_of(document: Document) -> int:
    return document.start


def _is_empty(identifier: str) -> bool:
    """A GUID of zeros is how programs write that they have none."""
    return not identifier.strip("0-")


def _match_at(
    pattern: Pattern, buffer: Buffer, at: int, limit: int
) -> re.Match[bytes] | None:
    """Return the match of ``pattern`` that holds the offset ``at``."""
    around = pattern.expression.finditer(
        buffer, max(0, at - pattern.reach), min(at + AFTER, limit)
    )
    for match in around:
        if match.start() > at:
            return None
        if match.end() > at:
            return match
    return None


def _rows(block: Block, start: int, column: int) -> Iterator[Reading]:
    """Yield the cells of one column that hold a session ID, from ``start`` on."""
    while start < block.limit:
        newline = block.buffer.find(b"\n", start, block.limit)
        end = newline if newline >= 0 else block.limit
        cells = bytes(block.buffer[start:end]).split(b"\t")
        if column < len(cells) and _HEX.fullmatch(cell := cells[column].strip(b'"\r ')):
            at = start + sum(map(len, cells[:column])) + column
            yield Reading("session", cell.decode(), SPX_COLUMN.found_as, at)
        start = end + 1
