"""A manifest's bytes, line by line, become its recordings and its faults.

Nothing here opens a file or raises: whatever the bytes are, each line is a
recording or a fault.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from pathlib import PurePath
from typing import Any, NoReturn

from stt_cli.workflows.manifest.fields import (
    INPUT,
    PARAM_COLUMN,
    PARAMS,
    Faults,
    Recording,
    as_json,
    known_key,
    recording_of,
    unknown_column,
    unknown_key,
)

LONGEST_LINE = 1_000_000
"""Bytes; whoever cuts lines off there keeps a file that is no text harmless."""

_BOM, _BOMS_OF_UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


class Kind(StrEnum):
    """How a manifest is written."""

    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"


_SUFFIXES = {
    ".jsonl": Kind.JSONL,
    ".ndjson": Kind.JSONL,
    ".json": Kind.JSONL,
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    ".tab": Kind.TSV,
}
_DELIMITERS = ",;\t"
_EXCELS_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?", re.IGNORECASE)
"""The first line by which a CSV file tells Excel what separates its cells."""


@dataclass(slots=True)
class Manifest:
    """What was read: the recordings in order, and everything that is wrong."""

    recordings: list[Recording] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    unused: dict[str, None] = field(default_factory=dict)
    """The keys that nothing is made of, in the order they were met."""


def kind_of_path(path: str) -> Kind | None:
    """Return the kind that a file's suffix names, if it names one."""
    return _SUFFIXES.get(PurePath(path).suffix.lower())


def read_manifest(lines: Iterable[bytes], kind: Kind | None = None) -> Manifest:
    """Read a manifest's lines; without ``kind`` its first line tells it.

    That is JSONL where it begins with ``{``, TSV where it has a tab, else CSV.
    """
    manifest = Manifest()
    texts = _texts(lines, manifest.faults)
    first = next(((n, text) for n, text in texts if text.strip()), None)
    if first is None:
        if not manifest.faults:
            manifest.faults.add(1, None, "contains no recordings")
        return manifest
    separator = _EXCELS_SEPARATOR.fullmatch(first[1].strip())
    if separator is not None and (header := next(texts, None)) is not None:
        kind, first = Kind.CSV, header
    kind = kind or _kind_of_text(first[1])
    lines_left = chain([first], texts)
    if kind is Kind.JSONL:
        found = _read_jsonl(lines_left, manifest)
    else:
        delimiter = separator[1] if separator else None
        found = _read_table(lines_left, kind, manifest, delimiter)
    manifest.recordings.extend(found)
    if not manifest.recordings and not manifest.faults:
        manifest.faults.add(first[0], None, "contains no recordings below the header")
    return manifest


_Text = tuple[int, str]


def _texts(lines: Iterable[bytes], faults: Faults) -> Iterator[_Text]:
    """Yield the lines as text with their numbers; what is no text ends them."""
    for number, line in enumerate(lines, 1):
        raw = line.removeprefix(_BOM) if number == 1 else line
        if number == 1 and raw.startswith(_BOMS_OF_UTF_16):
            faults.add(1, None, "is UTF-16; save it as UTF-8")
            return
        if b"\0" in raw:
            faults.add(
                number, None, "is not text; a manifest is JSONL, CSV or TSV in UTF-8"
            )
            return
        if len(raw) > LONGEST_LINE:
            faults.add(number, None, f"is longer than {LONGEST_LINE:,} bytes")
            return
        try:
            yield number, raw.decode()
        except UnicodeDecodeError as fault:
            words = f"is not UTF-8 (byte {fault.start + 1} of the line)"
            faults.add(number, None, words)
            yield number, raw.decode(errors="replace")


def _kind_of_text(line: str) -> Kind:
    if line.lstrip().startswith(("{", "[")):
        return Kind.JSONL
    return Kind.TSV if "\t" in line.strip() else Kind.CSV


def _read_jsonl(lines: Iterator[_Text], manifest: Manifest) -> Iterator[Recording]:
    faults = manifest.faults
    for number, text in lines:
        if not text.strip():
            continue
        try:
            found = json.loads(
                text, object_pairs_hook=_Object, parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError) as fault:
            faults.add(number, None, f"is not valid JSON: {_reason(fault)}")
            continue
        if isinstance(found, list):
            words = "is a JSON array; write one object per line (jq -c '.[]')"
            faults.add(number, None, words)
        elif not isinstance(found, _Object):
            faults.add(number, None, 'is not an object such as {"input": "a.wav"}')
        else:
            yield from _recording(number, found.pairs, manifest)


class _Object(dict[str, Any]):
    """A JSON object that still knows which keys were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _recording(
    number: int, pairs: Iterable[tuple[str, Any]], manifest: Manifest
) -> Iterator[Recording]:
    """Yield the line's recording, unless something is wrong with it."""
    faults = manifest.faults
    values: dict[str, Any] = {}
    good = True
    for written, value in pairs:
        key = known_key(written)
        if key is None:
            words = unknown_key(written)
            if words is None:
                manifest.unused[written] = None
                continue
            faults.add(number, None, words)
        elif key in values:
            faults.add(number, key, "is there twice")
        elif isinstance(value, _Object) and len(value) < len(value.pairs):
            faults.add(number, key, "has a duplicate key")
        else:
            values[key] = value
            continue
        good = False
    recording = recording_of(number, values, faults)
    if recording is not None and good:
        yield recording


def _read_table(
    lines: Iterator[_Text], kind: Kind, manifest: Manifest, delimiter: str | None
) -> Iterator[Recording]:
    faults = manifest.faults
    rows = _rows(lines, kind, faults, delimiter)
    line, header = next(rows, (1, []))
    columns = [_column(cell.strip()) for cell in header]
    if INPUT not in columns:
        words = (
            f"the first line must name the columns, including {INPUT}; for a plain "
            "list of names, use --from-stdin"
        )
        faults.add(line, None, words)
        return
    for column, cell in zip(columns, header, strict=True):
        if column is None:
            wrong = unknown_column(cell)
            if wrong is not None:
                faults.add(line, None, wrong)
            elif cell.strip():
                manifest.unused[cell.strip()] = None
        elif columns.count(column) > 1 and not column.startswith(PARAM_COLUMN):
            faults.add(line, column, "has two columns")
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            words = f"has {len(cells)} cells for {len(columns)} columns"
            faults.add(number, None, words)
        elif any(cells):
            yield from _recording(number, _pairs(columns, cells).items(), manifest)


def _column(cell: str) -> str | None:
    """Return what a column is about: a key, ``param.KEY``, or nothing known."""
    if cell.lower().startswith(PARAM_COLUMN) and len(cell) > len(PARAM_COLUMN):
        return PARAM_COLUMN + cell[len(PARAM_COLUMN) :]
    key = known_key(cell)
    return None if key == PARAMS else key


def _pairs(columns: Sequence[str | None], cells: Sequence[str]) -> dict[str, Any]:
    """Return a row as the JSON object that says the same."""
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        if column.startswith(PARAM_COLUMN):
            params = values.setdefault(PARAMS, {})
            params.setdefault(column.removeprefix(PARAM_COLUMN), []).append(cell)
        else:
            values.setdefault(column, as_json(column, cell))
    return values


def _rows(
    lines: Iterator[_Text], kind: Kind, faults: Faults, delimiter: str | None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows, each with the line that it begins on."""
    header = next(lines)
    latest = header[0] - 1

    def feed() -> Iterator[str]:
        nonlocal latest
        for number, text in chain([header], lines):
            latest = number
            yield text

    if delimiter is None:
        delimiter = _delimiter(header[1]) if kind is Kind.CSV else "\t"
    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        start = latest + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            faults.add(start, None, f"is not valid {kind.upper()}: {fault}")
        else:
            yield start, row


def _delimiter(header: str) -> str:
    """Return what separates the cells: spreadsheets write commas or semicolons."""

    def known(delimiter: str) -> int:
        return sum(
            _column(cell.strip(' "\r\n')) is not None
            for cell in header.split(delimiter)
        )

    return max(_DELIMITERS, key=known)


def _reason(fault: Exception) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.msg} at column {fault.colno}"
    return (
        "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault)
    )


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
