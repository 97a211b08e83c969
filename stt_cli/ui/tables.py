"""Lists: a table on a terminal, tab-separated values in a pipe.

As ``gh`` does it, a pipe gets no header and no colour, one row a line, so that
``cut`` and ``while read`` work on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stt_cli.core.environment import Environment
from stt_cli.ui.plain import one_line
from stt_cli.ui.style import is_terminal


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``whole`` cells (IDs) are folded rather than cut short."""

    title: str
    style: str = ""
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a style of its own, such as the state of a job."""

    text: str
    style: str = ""


CellLike = str | int | float | Cell | None


def print_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellLike]],
    world: Environment,
) -> None:
    """Print rows on stdout; ``None`` is an empty cell. No rows print nothing."""
    if is_terminal(world.stdout):
        _print_rich(columns, list(rows), world)
        return
    for row in rows:
        cells = (one_line(_text_of(cell)) for cell in row)
        world.stdout.write("\t".join(cells) + "\n")
    world.stdout.flush()


def _print_rich(
    columns: Sequence[Column], rows: Sequence[Sequence[CellLike]], world: Environment
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from stt_cli.ui.console import console_for

    if not rows:
        return
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
        border_style="dim",
    )
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.right else "left"
        overflow: Literal["fold", "ellipsis"] = "fold" if column.whole else "ellipsis"
        table.add_column(
            Text(column.title), style=column.style, justify=justify, overflow=overflow
        )
    for row in rows:
        table.add_row(
            *(
                Text(
                    one_line(_text_of(cell)),
                    style=cell.style if isinstance(cell, Cell) else "",
                )
                for cell in row
            )
        )
    console_for(world.stdout, world).print(table)


def _text_of(cell: CellLike) -> str:
    if cell is None:
        return ""
    return cell.text if isinstance(cell, Cell) else str(cell)
