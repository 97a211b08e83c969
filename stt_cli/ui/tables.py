"""Lists: a table on a terminal, tab-separated values in a pipe.

As ``gh`` does it, a pipe gets no header and no color, one row a line, so that
``cut`` and ``while read`` work on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stt_cli.core.environment import Environment
from stt_cli.ui.pager import show
from stt_cli.ui.plain import one_line
from stt_cli.ui.style import is_terminal, labeled

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.measure import Measurement
    from rich.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and what becomes of it where the terminal is too narrow.

    ``whole`` cells (IDs) keep their width, and are folded before they are cut;
    ``wraps`` cells (sentences) take several lines; of ``tail`` cells (paths) the
    end is shown; all others are cut. ``roomy`` columns need 100 columns' room.
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


_ROOMY = 100

CellLike = str | int | float | Cell | None


def print_table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellLike]],
    world: Environment,
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
        if empty and not world.stderr.closed:
            world.stderr.write(labeled("notice", empty, world) + "\n")
    elif is_terminal(world.stdout):
        _print_rich(columns, listed, world, paged=paged)
    else:
        for row in listed:
            line = "\t".join(one_line(cell.text) for cell in row)
            world.stdout.write(line + "\n")
        world.stdout.flush()


def _print_rich(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    world: Environment,
    *,
    paged: bool,
) -> None:
    from rich.table import Table
    from rich.text import Text

    from stt_cli.ui.console import console_for

    console = console_for(world.stdout, world)
    shown = [
        at
        for at, column in enumerate(columns)
        if console.width >= _ROOMY or not column.roomy
    ]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for column in [columns[at] for at in shown]:
        justify: Literal["left", "right"] = "right" if column.right else "left"
        title = Text(column.title, no_wrap=True, overflow="ellipsis")
        # Rich takes width from the columns that may wrap; cells decide for
        # themselves whether they do.
        table.add_column(
            title, style=column.style, justify=justify, no_wrap=column.whole
        )
    for row in rows:
        table.add_row(*(_rich_cell(columns[at], row[at]) for at in shown))
    if not paged:
        console.print(table)
        return
    with console.capture() as drawn:
        console.print(table)
    show(drawn.get(), world)


def _rich_cell(column: Column, cell: Cell) -> RenderableType:
    from rich.text import Text

    text = one_line(cell.text)
    if column.tail:
        return _Tail(text, cell.style)
    folded = column.whole or column.wraps
    return Text(
        text,
        style=cell.style,
        no_wrap=not folded,
        overflow="fold" if folded else "ellipsis",
    )


class _Tail:
    """Text of which the end is shown where there is no room for all of it."""

    def __init__(self, text: str, style: str) -> None:
        self._text, self._style = text, style

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Text]:
        shown = _ending(self._text, options.max_width)
        shown.stylize(self._style)
        yield shown

    def __rich_measure__(
        self, console: Console, options: ConsoleOptions
    ) -> Measurement:
        from rich.cells import cell_len
        from rich.measure import Measurement

        longest = min(cell_len(self._text), options.max_width)
        return Measurement(min(longest, 8), longest)


def _ending(text: str, columns: int) -> Text:
    from rich.cells import cell_len
    from rich.text import Text

    if cell_len(text) <= columns:
        return Text(text)
    while cell_len(text) > columns - 1:
        text = text[1:]
    return Text(f"…{text}")


def _as_cell(cell: CellLike) -> Cell:
    if isinstance(cell, Cell):
        return cell
    return Cell("" if cell is None else str(cell))
