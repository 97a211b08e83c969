"""From hits to findings: what stands around a hit, and what it identifies.

Every byte is searched for short literals only. Around a hit the text is decoded
and read: a label with its value, a piece of an address, a column's name, or the
JSON document that says what an ID is the ID of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from stt_cli.ids.anchors import AnchorSearch, anchor_search, hits
from stt_cli.ids.candidates import candidates
from stt_cli.ids.catalog import OURS, Description
from stt_cli.ids.decoding import is_unescaped
from stt_cli.ids.finding import DEFAULT_KINDS, Finding
from stt_cli.ids.index import Meaning, meanings
from stt_cli.ids.json_documents import (
    LONGEST_DOCUMENT,
    Document,
    Identified,
    documents,
    time_of,
    walk,
)
from stt_cli.ids.neighborhood import NEAR_BEFORE, Around, is_explained
from stt_cli.ids.reading import (
    Reading,
    Value,
    address_value,
    canonical,
    dropped_connection,
    own_row,
    values_of,
    vendor_in,
)
from stt_cli.ids.rest_addresses import AZURE_ADDRESS, address_readings
from stt_cli.ids.scan import Block, ReadInto, blocks, record_around
from stt_cli.ids.surroundings import Surroundings
from stt_cli.ids.tables import Tables
from stt_cli.ids.values import is_foreign

_MAY_HOLD_JSON = re.compile(rb"[{\[]\s*[{\[\"]")
_DEEPEST_TEXT = 3  # JSON in a string in JSON in a string: no log goes further
_NEAR_AFTER = 56  # a label with its value
_NEAREST = NEAR_BEFORE + 24  # a label with the word behind it
_MOST_SETTLED = 10_000
_MOST_GUESSES = 100_000
_LONGEST_PATH = 48
_LONGEST_ROW = 4096

Buffer = bytes | bytearray


class Finder:
    """Searches any number of sources; yields each ID once, first seen first.

    Memory is constant in the length of the sources and grows with the number
    of different IDs. With ``details=False`` findings have no line, time or
    text, which is quicker. ``clean`` masks secrets in what is shown. ``others``:
    sessions, transcriptions and jobs of vendors that stt does not speak to count,
    too. ``guesses``: bare values are yielded as well, marked as guesses;
    ``guessed`` counts them anyway while nothing else was found.
    """

    def __init__(
        self,
        kinds: frozenset[str],
        *,
        details: bool = True,
        clean: Callable[[str], str] = str,
        others: bool = True,
        guesses: bool = False,
        search: Callable[[Sequence[bytes]], AnchorSearch] = anchor_search,
    ) -> None:
        self._kinds = kinds
        self._others = others
        self._details = details
        self._clean = clean
        self._guesses = guesses
        self._guessed: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._settled: set[bytes] = set()
        self._around = _Record(0, 0)
        by_anchor = meanings(kinds, others=others)
        self._meanings: list[Meaning] = list(by_anchor.values())
        self._search = search(list(by_anchor))

    @property
    def guessed(self) -> int:
        """How many different bare values stood there, as far as they were counted."""
        return len(self._guessed)

    def find(
        self, source: str, read_into: ReadInto, *, live: bool = False
    ) -> Iterator[Finding]:
        """Yield what a source holds that was not found before.

        A connection ID that the service drops is yielded whatever kinds are
        wanted: whoever looks for a session must hear of it. ``live`` sources
        are read as they grow; see ``scan.blocks``.
        """
        tables = Tables()
        for block in blocks(read_into, live=live, numbered=self._details):
            where = Surroundings(block, self._clean)
            self._around = _Record(0, 0)
            for reading in tables.rows(block.buffer, block.limit):
                yield from self._new(reading, source, where, block)
            for reading in self._read_buffer(
                block.buffer, block.first, block.stop, block.limit, 0, tables
            ):
                yield from self._new(reading, source, where, block)
            if self._guesses or not self._seen:
                yield from self._guess(block, source, where)

    def _new(
        self, reading: Reading, source: str, where: Surroundings, block: Block
    ) -> Iterator[Finding]:
        key = (reading.kind, canonical(reading.id))
        if key in self._seen or not reading.id.strip("0-"):
            return
        if not self._is_wanted(reading):
            return
        self._seen.add(key)
        at, time, vendor = reading.at, None, reading.vendor
        if self._details:
            time = reading.time or where.time(at) or self._time_around(block, at)
        if vendor is None:
            vendor = where.vendor(at, vendor_in)
        yield Finding(
            id=reading.id,
            kind=reading.kind,
            source=source,
            line=where.line(at) if self._details else None,
            time=time,
            text=where.text(at) if self._details else "",
            found_as=reading.found_as,
            honored=reading.honored,
            vendor=vendor,
        )

    def _time_around(self, block: Block, at: int) -> str | None:
        """Return the time that the JSON document around an ID states."""
        if not self._around.start <= at < self._around.end:
            self._around = _Record.around(block.buffer, at, block.limit)
        document = self._around.document_at(at)
        value = document.value if document else None
        return time_of(value) if isinstance(value, dict) else None

    def _is_wanted(self, reading: Reading) -> bool:
        if reading.honored is False or reading.kind == "dashed_session":
            return True
        if reading.kind not in self._kinds:
            return False
        is_ours = reading.vendor is None or reading.vendor in OURS
        return self._others or is_ours or reading.kind not in DEFAULT_KINDS

    def _guess(
        self, block: Block, source: str, where: Surroundings
    ) -> Iterator[Finding]:
        known = {identifier for _kind, identifier in self._seen}
        for match in candidates(block.buffer, block.first, block.stop):
            if len(self._guessed) >= _MOST_GUESSES:
                return
            identifier = match[0].decode()
            key = canonical(identifier)
            if key in self._guessed or key in known or match.end() > block.limit:
                continue
            self._guessed.add(key)
            if self._guesses:
                at = match.start()
                yield Finding(
                    id=identifier,
                    kind="candidate",
                    source=source,
                    line=where.line(at),
                    time=where.time(at),
                    text=where.text(at),
                    found_as="bare value",
                    is_guess=True,
                )

    # Reading around hits

    def _read_buffer(
        self,
        buffer: Buffer,
        first: int,
        stop: int,
        limit: int,
        depth: int,
        tables: Tables | None = None,
    ) -> Iterator[Reading]:
        record = _Record(0, 0)
        for index, at in hits(self._search, buffer, first, stop, limit):
            near = bytes(buffer[max(0, at - NEAR_BEFORE) : at + _NEAR_AFTER])
            if near in self._settled or near[:_NEAREST] in self._settled:
                continue
            meaning = self._meanings[index]
            if _is_foreign(meaning, near, min(at, NEAR_BEFORE)) and not is_explained(
                buffer, at
            ):
                continue
            around = Around(buffer, at, limit)
            found = None
            for found in self._labeled(meaning, around):
                yield found
            if found is not None:
                if _is_known_by(found, around):
                    self._settle(near)
                continue
            if around.label is None and not meaning.is_hint:
                if _is_elsewhere(meaning, near[:_NEAREST], min(at, NEAR_BEFORE)):
                    self._settle(near[:_NEAREST])
                continue
            if around.label is not None and tables is not None:
                yield from tables.below(meaning, around, limit)
            if not (meaning.is_hint or around.may_be_explained):
                continue
            if at >= record.end:
                record = _Record.around(buffer, at, limit)
            document = record.document_at(at)
            if document is None:
                yield from address_readings(buffer, record.start, at, limit)
            elif record.takes(document):
                yield from self._read_document(buffer, record, document, depth)

    def _labeled(self, meaning: Meaning, around: Around) -> Iterator[Reading]:
        """Yield what labels and addresses say that hold the hit."""
        if around.is_cell:
            # It ends its row: what stands below belongs to the next one.
            own = list(_of_own_row(meaning, around))
            if own:
                yield from own
                return
        quick = around.read_at_once(meaning)
        if quick is not None:
            yield from quick
            return
        for text, at in around.texts():
            label = around.find_label(meaning, text, at)
            if label is not None:
                values = list(
                    values_of(label.descriptions, text, label.start, label.end)
                )
                for value in values:
                    yield around.reading(value.description, value.id)
                if values:
                    return
            for path, description in meaning.paths:
                found = _behind_path(path, description, text, at)
                if found is not None:
                    yield around.reading(description, found.id)
                    return
        if around.label is not None and around.label.is_connection:
            yield from _dropped(meaning, around)

    def _settle(self, near: bytes) -> None:
        """Remember the bytes around a hit that can yield nothing new.

        An SDK repeats its session ID on every line, and what it does in a session.
        """
        if len(self._settled) >= _MOST_SETTLED:
            self._settled.clear()
        self._settled.add(near)

    # JSON documents

    def _read_document(
        self, buffer: Buffer, record: _Record, document: Document, depth: int
    ) -> Iterator[Reading]:
        start, end = record.start + document.start, record.start + document.end
        for item in walk(document):
            if isinstance(item, Identified):
                at = max(start, buffer.find(item.id.encode(), start, end))
                yield Reading(
                    item.kind, item.id, item.found_as, at, item.time, vendor=item.vendor
                )
            elif depth < _DEEPEST_TEXT:
                text = item.text.encode("latin-1", "replace")
                inner = self._read_buffer(text, 0, len(text), len(text), depth + 1)
                for reading in inner:
                    is_read = item.is_address and reading.found_as == AZURE_ADDRESS
                    if not is_read:
                        at = max(start, buffer.find(reading.id.encode(), start, end))
                        time = reading.time or item.time
                        yield replace(reading, at=at, time=time)


def _is_foreign(meaning: Meaning, near: bytes, at: int) -> bool:
    if meaning.is_hint or meaning.paths or b"onnec" in near:
        return False  # a malformed connection ID is told
    return is_foreign(meaning.shapes, near.decode("latin-1"), at)


def _is_elsewhere(meaning: Meaning, near: bytes, at: int) -> bool:
    text = near.decode("latin-1")
    return is_unescaped(text) and meaning.is_elsewhere(text, at)


def _is_known_by(found: Reading, around: Around) -> bool:
    """Whether the label, its value and what follows lie in the bytes near a hit."""
    end = found.at + len(found.id)
    return around.starts_near and around.at < found.at and end < around.at + _NEAR_AFTER


def _behind_path(
    path: re.Pattern[str], description: Description, text: str, at: int
) -> Value | None:
    for match in path.finditer(text, max(0, at - _LONGEST_PATH)):
        if match.start() > at:
            return None
        if match.end() > at:
            value = address_value(description, text, match.end())
            if value is not None:
                return value
    return None


def _of_own_row(meaning: Meaning, around: Around) -> Iterator[Reading]:
    buffer, at = around.buffer, around.at
    start = buffer.rfind(b"\n", max(0, at - _LONGEST_ROW), at) + 1
    text = bytes(buffer[start : at + _LONGEST_ROW]).decode("utf-8", "replace")
    position = len(bytes(buffer[start:at]).decode("utf-8", "replace"))
    label = meaning.label(text, position)
    row = label and own_row(text, label.start)
    if row:
        kind, identifier = row
        place = start + max(0, bytes(buffer[start:at]).find(identifier.encode()))
        yield Reading(kind, identifier, "stt", place)


def _dropped(meaning: Meaning, around: Around) -> Iterator[Reading]:
    for text, at in around.texts():
        label = meaning.label(text, at)
        dropped = label and dropped_connection(text, label.start, label.end)
        if dropped:
            identifier, honored = dropped
            yield Reading(
                "connection", identifier, "X-ConnectionId",
                around.offset_of(identifier), honored=honored, vendor="azure",
            )  # fmt: skip
            return


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
