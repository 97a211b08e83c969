"""The rows of a progress: a bar a task, then a line for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stt_cli.ui.progress import FRAME_SECONDS, Task, shortened
from stt_cli.ui.quantities import amount, clock

if TYPE_CHECKING:
    from rich.console import RenderableType

_MOST_ROWS = 4
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SHORTEST_NAME = 12
_WIDE, _ROOMY, _NARROW = 100, 70, 50  # columns of a terminal
_TIMES = 17  # of ``1:02:03 of 2:00:00``, mostly shorter: not kept free, only reckoned
# ``42%``, ``812.3 of 999.9 MB``, ``812.3 MB/s`` and ``1:02:03 left``: columns that are
# kept free, for figures that change must not make the others jump.
_SHARE, _EXTENT, _SPEED, _LEFT = (
    ("share", 4),
    ("extent", 17),
    ("speed", 10),
    ("left", 12),
)

_STYLES = {"share": ""}


def rows_of(
    tasks: Sequence[Task], now: float, columns: int, totals: str | None
) -> RenderableType:
    """Return the first few tasks as rows, and a line for all where there is one."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    known = tasks[:_MOST_ROWS]
    moving = any(
        task.rates(now).left or task.unit == "bytes" for task in known if task.done
    )
    bar, figures = _layout(columns, moving=moving)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    for _, width in figures:
        grid.add_column(no_wrap=True, justify="right", min_width=width)
    taken = bar + 1 + sum((width or _TIMES) + 1 for _, width in figures)
    room = max(_SHORTEST_NAME, columns - taken)
    for task in known:
        texts = _figures(task, now)
        if len(figures) < 4:  # what is left out stands where there is room
            texts["left"] = texts["left"] or texts["speed"]
        cells = [
            Text(texts[name], "" if name == "share" else "dim") for name, _ in figures
        ]
        grid.add_row(shortened(task.name, room), _drawn(task, now, bar), *cells)
    if totals is None:
        return grid
    line = Text(totals, style="dim", no_wrap=True, overflow="ellipsis")
    return Group(grid, line)


def _layout(columns: int, *, moving: bool) -> tuple[int, list[tuple[str, int | None]]]:
    """Return the columns of a bar, and the figures behind it with theirs."""
    if moving and columns >= _ROOMY:
        return 24 if columns >= _WIDE else 12, [_SHARE, _EXTENT, _SPEED, _LEFT]
    if moving and columns >= _NARROW:
        return 10, [_SHARE, _LEFT]
    if columns >= _ROOMY:
        return 24, [_SHARE, ("extent", None)]
    return 10, [_SHARE]


def _figures(task: Task, now: float) -> dict[str, str]:
    rates = task.rates(now)
    if task.fraction is None:
        share, extent = "", clock(now - task.started)
    else:
        share, extent = f"{task.fraction:.0%}", task.extent()
    return {"share": share, "extent": extent, "speed": rates.speed, "left": rates.left}


def _drawn(task: Task, now: float, width: int) -> RenderableType:
    """Return a bar, or a sign of life where the whole is not known."""
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    if task.fraction is None:
        spinner = _FRAMES[int(now / FRAME_SECONDS) % len(_FRAMES)]
        state = task.state or (amount(task.done, task.unit) if task.done else "")
        return Text.assemble((spinner, "cyan"), " ", (state, "dim"))
    return ProgressBar(
        total=1.0,
        completed=task.fraction,
        width=width,
        style="dim",
        complete_style="cyan",
        finished_style="cyan",
    )
