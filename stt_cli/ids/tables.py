"""IDs in tables: the column's name says what its cells are.

CSV, TSV and their relatives, Markdown and terminal tables, columns aligned by
blanks, and tables of HTML.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stt_cli.ids.catalog import Description
from stt_cli.ids.decoding import decoded
from stt_cli.ids.index import Meaning
from stt_cli.ids.neighborhood import Around, reading_of
from stt_cli.ids.reading import Reading
from stt_cli.ids.values import match_at

Buffer = bytes | bytearray

_DELIMITERS = ("\t", "|", ";", ",", "&")  # the last is LaTeX's
_MOST_MISFITS = 64  # so many rows without that column in a row end a table
_LONGEST_LINE = 4096
_LONGEST_HTML = 1 << 18
_FOUND_AS = "a column's name"
_CELL_ENDS = b"\t,;|&\\\r<\xe2"  # the last begins a line of a drawn table
_NAME_ENDS = re.compile(rb"[^0-9A-Za-z_+.-](?!(?:id|guid|uuid)\b)", re.I)
_BORDERS = str.maketrans("\u2502\u2503\u2551\u00a6", "||||")
_ROW_END = re.compile(r"[ \t]*\\\\(?:[ \t]*\\hline)?[ \t]*\Z")  # of LaTeX
_ROW = re.compile(r"<tr\b", re.I)
_CELL = re.compile(
    r"<t([hd])\b[^>]*>(.*?)(?=<t[hdr]\b|</t[hdr]|</table|\Z)", re.I | re.S
)
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"\S+")
_QUALIFIER = re.compile(r"\s*[\"'`*@]*(?:[\w.:-]*[_.:])?")
_TRIMMED = " \t\r\"'`*_\ufeff"


class Tables:
    """The tables that a stream holds; one may go on from block to block."""

    def __init__(self) -> None:
        self._open: list[_Table] = []

    def rows(self, buffer: Buffer, limit: int) -> Iterator[Reading]:
        """Yield what the open tables' columns hold in a block."""
        for table in self._open:
            yield from table.rows(buffer, 0, limit)
        self._open = [table for table in self._open if not table.has_ended]

    def below(self, meaning: Meaning, around: Around, limit: int) -> Iterator[Reading]:
        """Yield what stands below the label of a hit, if it heads a column."""
        buffer, at = around.buffer, around.at
        start = buffer.rfind(b"\n", max(0, at - _LONGEST_LINE), at) + 1
        reach = min(limit, at + _LONGEST_LINE)
        end = buffer.find(b"\n", at, reach)
        if end < 0:
            end = reach
        raw = bytes(buffer[start:end])
        if not _may_head_a_column(raw, at - start):
            return
        line = raw.decode("utf-8", "replace").rstrip("\r")
        label = meaning.label(line, len(raw[: at - start].decode("utf-8", "replace")))
        if label is None:
            return
        if "<t" in line[: label.start].lower():
            yield from _of_html(around, limit, label.descriptions)
            return
        column = column_at(line, label.start, label.end)
        if column is None or any(column == table.column for table in self._open):
            return
        table = _Table(column, label.descriptions)
        self._open.append(table)
        yield from table.rows(buffer, end + 1, limit)


@dataclass(slots=True)
class _Table:
    """A column that is being read, and how many rows in a row did not have it."""

    column: Column
    descriptions: Sequence[Description]
    misfits: int = 0

    @property
    def has_ended(self) -> bool:
        return self.misfits > _MOST_MISFITS

    def rows(self, buffer: Buffer, start: int, limit: int) -> Iterator[Reading]:
        while start < limit and not self.has_ended:
            newline = buffer.find(b"\n", start, limit)
            end = newline if newline >= 0 else limit
            raw = bytes(buffer[start : min(end, start + _LONGEST_LINE)])
            cell = self.column.cell(raw.decode("utf-8", "replace").rstrip("\r"))
            value = _whole_cell(cell, self.descriptions) if cell else None
            if value is None:
                self.misfits += 1
            else:
                self.misfits = 0
                at = start + max(0, raw.find(value[1].encode()))
                yield reading_of(value[0], value[1], at, _FOUND_AS)
            start = end + 1


def _may_head_a_column(line: bytes, at: int) -> bool:
    """Whether a name that holds ``at`` may end a cell; quick to say no."""
    end = _NAME_ENDS.search(line, at)
    rest = line[end.start() :] if end else b""
    behind = rest.lstrip(b" \"'`*")
    return not behind.strip() or rest[:2] == b"  " or behind[:1] in _CELL_ENDS


def _whole_cell(
    cell: str, descriptions: Sequence[Description]
) -> tuple[Description, str] | None:
    cell = decoded(cell).strip(" \t\"'`{}()*")
    for one in descriptions:
        found = None if one.own_line else match_at(one.shape, cell, 0)
        if found is not None and found[1] == len(cell):
            return one, found[0]
    return None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place among the cells, or among the characters of a line."""

    delimiter: str
    index: int

    def cell(self, line: str) -> str | None:
        """Return what this column holds in a line; ``None`` where it has none."""
        if not self.delimiter:
            return _aligned_cell(line, self.index)
        cells = split_line(line, self.delimiter)
        return cells[self.index].strip(_TRIMMED) if self.index < len(cells) else None


def column_at(line: str, start: int, end: int) -> Column | None:
    """Return the column that ``line[start:end]`` heads, if it is a whole cell."""
    line = _ROW_END.sub("", line.translate(_BORDERS))
    before = line[:start]
    after = line[end:].lstrip(_TRIMMED.replace("\t", ""))
    for delimiter in _DELIMITERS:
        is_edge = _QUALIFIER.fullmatch(before[before.rfind(delimiter) + 1 :])
        if delimiter not in line or not is_edge:
            continue
        if after and after[0] != delimiter:
            continue
        # A dotted name is one cell: recognizer.session.started.sessionid.
        cells = split_line(line[: before.rfind(delimiter) + 1], delimiter)
        return Column(delimiter, len(cells) - 1)
    is_left = not line[:start].strip() or line[:start].endswith(("  ", "\t"))
    is_right = not line[end:].strip() or line[end:].startswith(("  ", "\t"))
    if is_left and is_right and line.strip() != line[start:end].strip():
        return Column("", start)
    return None


def split_line(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; a delimiter in quotes parts none."""
    line = _ROW_END.sub("", line.translate(_BORDERS))
    if '"' not in line or delimiter == "|":
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _aligned_cell(line: str, offset: int) -> str | None:
    for word in _WORD.finditer(line):
        if word.start() <= offset + 1 and word.end() > offset:
            return word[0]
    return None


def _of_html(
    around: Around, limit: int, descriptions: Sequence[Description]
) -> Iterator[Reading]:
    start = max(0, around.at - _LONGEST_LINE)
    raw = bytes(around.buffer[start : min(limit, start + _LONGEST_HTML)])
    # One character a byte, so that offsets hold for both.
    for cell, offset in html_cells(raw.decode("latin-1"), around.at - start):
        value = _whole_cell(cell, descriptions)
        if value is not None:
            yield reading_of(value[0], value[1], start + offset, _FOUND_AS)


def html_cells(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the cells below the header cell that holds ``at``, with their offsets.

    Nothing is yielded when ``at`` lies in no cell of a table's row.
    """
    rows = [match.start() for match in _ROW.finditer(text)]
    heads = [row for row in rows if row <= at]
    if not heads:
        return
    bounds = [*rows, len(text)]
    column = None
    for start, end in pairwise(bounds):
        if end <= at:
            continue
        cells = list(_CELL.finditer(text, start, end))
        if column is None:
            inside = [i for i, c in enumerate(cells) if c.start(2) <= at <= c.end(2)]
            if not inside:
                return
            column = inside[0]
        elif column < len(cells):
            cell = cells[column]
            plain = html.unescape(_MARKUP.sub(" ", cell[2])).strip()
            yield plain, cell.start(2)
