"""IDs in tables: the column's name says what its cells are.

CSV, TSV and their relatives, Markdown and terminal tables, columns aligned by
blanks, and tables of HTML.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

DELIMITERS = ("\t", "|", ";", ",")
MOST_MISFITS = 64
"""So many rows without that column in a row end a table."""

_LONGEST_HEADER = 16_384
_BORDERS = str.maketrans("\u2502\u2503\u2551\u00a6", "||||")
_ROW = re.compile(r"<tr\b", re.I)
_CELL = re.compile(
    r"<t([hd])\b[^>]*>(.*?)(?=<t[hdr]\b|</t[hdr]|</table|\Z)", re.I | re.S
)
_MARKUP = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"\S+")
_QUALIFIER = re.compile(r"\s*[\"'`*]*(?:[\w.:-]*[_.:])?")
_TRIMMED = " \t\r\"'`*_\ufeff"


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
    if len(line) > _LONGEST_HEADER:
        return None
    line = line.translate(_BORDERS)
    before = line[:start]
    after = line[end:].lstrip(_TRIMMED.replace("\t", ""))
    for delimiter in DELIMITERS:
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
    line = line.translate(_BORDERS)
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
