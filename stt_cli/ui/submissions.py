"""The live table of ``batch submit``: a row a recording, bounded for thousands."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from stt_cli.core.plain_text import one_line
from stt_cli.ui.progress import Progress, Task, shortened
from stt_cli.ui.quantities import clock
from stt_cli.ui.screen import Screen

if TYPE_CHECKING:
    from rich.console import RenderableType

_MOST_ROWS = 12  # up to here every recording has its row; beyond, only some have
_MOST_ENDED = 4  # of many: the last that were done, above those under way
_STATE_WIDTH, _ID_WIDTH = 11, 36
_SHORTEST_NAME, _USUAL_NAME = 12, 20
_FIGURES = 46  # share, amount, speed and time left: what a terminal of 80 shows
_BAR_WIDTH, _ROOMY_REST = 8, 55  # with a bar before them


class End(StrEnum):
    """How a recording's submission ended."""

    CREATED = "created"
    KNOWN = "known"
    FAILED = "failed"


_STYLES = {End.CREATED: "green", End.KNOWN: "cyan", End.FAILED: "red"}


@dataclass(frozen=True, slots=True)
class _Ended:
    end: End
    words: str


class Submissions(Progress):
    """What becomes of each recording of a list. Use as a context manager.

    Where nothing can be drawn it speaks now and then, as ``Progress`` does.

    Args:
        sizes: bytes of each recording that may have to be uploaded, as far as known.
    """

    def __init__(
        self,
        screen: Screen,
        names: Sequence[str],
        sizes: Sequence[int | None] = (),
        *,
        quiet: bool,
    ) -> None:
        total = None if not sizes or None in sizes else sum(filter(None, sizes))
        super().__init__(screen, quiet=quiet, expected=len(names), size=total)
        self._names = names
        self._sizes = sizes
        self._under_way: dict[int, Task] = {}
        self._ended: dict[int, _Ended] = {}
        self._counts: Counter[End] = Counter()
        self._latest: deque[int] = deque(maxlen=_MOST_ENDED)

    def at(self, index: int) -> Task:
        """Return the recording of that number, which is under way from now on."""
        known = self._under_way.get(index)
        if known is None:
            size = self._sizes[index] if self._sizes else None
            known = self.task(self._names[index], size)
            with self._lock:
                self._under_way[index] = known
        return known

    def step(self, index: int, words: str) -> None:
        """Say which step a recording is at: ``uploading``."""
        task = self.at(index)
        task.total = None  # what was uploaded stays counted
        task.say(words)

    def end(self, index: int, end: End, words: str) -> None:
        """Say how a recording ended: with its job's ID, or with what went wrong."""
        task = self.at(index)
        with self._lock:
            del self._under_way[index]
            self._counts[end] += 1
            self._latest.append(index)
            self._ended[index] = _Ended(end, one_line(words))
            if len(self._names) > _MOST_ROWS:
                for forgotten in set(self._ended) - set(self._latest):
                    del self._ended[forgotten]
        task.finish()

    def _view(self, columns: int) -> RenderableType:
        """Return the rows that a terminal of so many columns shows."""
        from rich.cells import cell_len
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        now = self._environment.monotonic()
        with self._lock:
            under_way, ended = dict(self._under_way), dict(self._ended)
            counts = Counter(self._counts)
            shown = list(self._rows())
        names = {index: one_line(self._names[index]) for index in shown}
        longest = max(map(cell_len, names.values()), default=0)
        beside_name = columns - _STATE_WIDTH - 2 - _USUAL_NAME
        wanted = max(_ID_WIDTH, min(_ROOMY_REST, beside_name))
        room = max(_SHORTEST_NAME, columns - _STATE_WIDTH - wanted - 2)
        room = min(room, longest)
        rest = max(columns - room - _STATE_WIDTH - 2, 1)
        grid = Table.grid(padding=(0, 1))
        for width in (room, _STATE_WIDTH, rest):
            grid.add_column(no_wrap=True, overflow="ellipsis", width=width)
        for index in shown:
            name = shortened(names[index], room)
            if index in ended:
                one = ended[index]
                state = Text(one.end, _STYLES[one.end])
                grid.add_row(name, state, Text(one.words, overflow="ellipsis"))
            elif index in under_way:
                task = under_way[index]
                state = Text(task.state or "reading", "yellow")
                grid.add_row(name, state, _at_work(task, now, rest))
            else:
                grid.add_row(name, Text("waiting", "dim"), "")
        if len(self._names) == 1:
            return grid
        lines = [
            self._counted(counts, len(under_way)),
            "  ".join([clock(now - self._started), *self.totals(now)[1:]]),
        ]
        totals = [Text(s, "dim", no_wrap=True, overflow="ellipsis") for s in lines]
        return Group(grid, *totals)

    def _rows(self) -> Iterator[int]:
        """Yield the recordings to show: all of few, of many those that matter."""
        if len(self._names) <= _MOST_ROWS:
            yield from range(len(self._names))
            return
        under_way = list(self._under_way)[: _MOST_ROWS - len(self._latest)]
        yield from self._latest
        yield from under_way

    def _counted(self, counts: Counter[End], under_way: int) -> str:
        done = sum(counts.values())
        words = [f"{counts[end]:,} {end}" for end in End if counts[end]]
        waiting = len(self._names) - done - under_way
        words += [f"{under_way} in progress"] if under_way else []
        words += [f"{waiting:,} waiting"] if waiting else []
        return f"{done:,} of {len(self._names):,} done: {', '.join(words)}"


def _at_work(task: Task, now: float, columns: int) -> RenderableType:
    """Return how far a recording is, where that is known, else for how long.

    The figures take their longest width: they change, and none must jump.
    """
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    if task.fraction is None:
        return Text(clock(now - task.started), "dim")
    rates = task.rates(now)
    figures = [(4, f"{task.fraction:.0%}", "")]
    if columns >= _ID_WIDTH:
        figures += [(17, task.extent(), "dim"), (10, rates.speed, "dim")]
    if columns >= _FIGURES:
        figures += [(12, rates.left, "dim")]
    row = Table.grid(padding=(0, 1))
    cells: list[RenderableType] = []
    if columns >= _ROOMY_REST:
        row.add_column(width=_BAR_WIDTH)
        bar = ProgressBar(
            total=1.0,
            completed=task.fraction,
            width=_BAR_WIDTH,
            style="dim",
            complete_style="cyan",
            finished_style="cyan",
        )
        cells.append(bar)
    for width, text, style in figures:
        row.add_column(no_wrap=True, overflow="ellipsis", justify="right", width=width)
        cells.append(Text(text, style))
    row.add_row(*cells)
    return row
