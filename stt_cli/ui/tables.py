"""Lists: a table on a terminal, tab-separated values in a pipe, JSON on request.

As ``gh`` does it, a pipe gets no header and no color, one row a line, so that
``cut`` and ``while read`` work on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import one_line
from stt_cli.formats.json_output import json_document
from stt_cli.ui.pager import show
from stt_cli.ui.style import is_terminal, labeled


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and what becomes of it where the terminal is too narrow.

    ``whole`` cells (IDs) keep their width; ``wraps`` cells (sentences) take several
    lines, or a line below their row; of ``tail`` cells (paths) the end is shown; all
    others are cut. ``roomy`` columns are the first to be left out.
    """

    title: str
    style: str = ""
    right: bool = False
    whole: bool = False
    wraps: bool = False
    tail: bool = False
    roomy: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a style of its own, such as the state of a job."""

    text: str
    style: str = ""


CellLike = str | int | float | Cell | None


def print_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellLike]],
    environment: Environment,
    *,
    empty: str | None = None,
    paged: bool = False,
) -> None:
    """Print rows on stdout; ``None`` is an empty cell.

    Without rows stdout stays empty, and ``empty`` is said on stderr. A list that was
    asked for is ``paged``: what is longer than the terminal goes to the pager.
    """
    listed = [[_as_cell(cell) for cell in row] for row in rows]
    if not listed:
        if empty and not environment.stderr.closed:
            environment.stderr.write(labeled("notice", empty, environment) + "\n")
    elif is_terminal(environment.stdout):
        from stt_cli.ui.table_layout import drawn_table

        text = drawn_table(columns, listed, environment)
        if paged:
            show(text, environment)
        else:
            environment.stdout.write(text)
            environment.stdout.flush()
    else:
        for row in listed:
            line = "\t".join(one_line(cell.text) for cell in row)
            environment.stdout.write(line + "\n")
        environment.stdout.flush()


def _as_cell(cell: CellLike) -> Cell:
    if isinstance(cell, Cell):
        return cell
    return Cell("" if cell is None else str(cell))


def print_json(value: Any, environment: Environment) -> None:
    """Write a value as indented JSON, without secrets; no transcript goes this way."""
    environment.stdout.write(json_document(environment.redactor.clean_data(value)))
