"""How far the work is: a bar on a terminal, now and then a line elsewhere.

On a terminal the rows are redrawn while something moves. Without one, a line
every 30 seconds says that the run is alive. With ``-q`` there is neither.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from stt_cli.ui.plain import one_line
from stt_cli.ui.quantities import amount, clock
from stt_cli.ui.screen import Screen
from stt_cli.ui.style import labelled

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

HEARTBEAT_SECONDS = 30.0
_FRAME_SECONDS = 0.1
_MOST_ROWS = 4
_ROOMY = 70  # columns from which on a row has amounts besides the percentage
_BAR_WIDTH, _SHORT_BAR_WIDTH = 24, 10
_REST_OF_ROW, _SHORT_REST = 27, 8  # percentage, amounts, spaces between them
_SHORTEST_NAME = 12
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Task:
    """One input's or one job's way to its end."""

    def __init__(self, progress: Progress, name: str, started: float) -> None:
        self.name = one_line(name)
        self.started = started
        self.done = 0.0
        self.total: float | None = None
        self.unit = "seconds"
        self.state = ""
        self._progress = progress

    def update(
        self, done: float, total: float | None = None, unit: str = "seconds"
    ) -> None:
        """Say how far it is: what is done, and all there is where that is known."""
        self.done, self.total, self.unit = done, total, unit
        self._progress.heartbeat()

    def say(self, state: str) -> None:
        """Say in a word or two what it does now, such as ``queued``."""
        self.state = one_line(state)
        self._progress.heartbeat()

    def finish(self) -> None:
        """Take it off the screen and count it as done."""
        self._progress.finish(self)

    @property
    def fraction(self) -> float | None:
        """How much is done, from 0 to 1, where that can be told."""
        if not self.total or self.total <= 0:
            return None
        return min(1.0, max(0.0, self.done / self.total))

    def extent(self) -> str:
        """Return how much is done, ``0:12 of 0:29`` where the whole is known."""
        done = amount(self.done, self.unit)
        if self.total is None:
            return done
        return f"{done} of {amount(self.total, self.unit)}"

    def described(self) -> str:
        """Return the task as a line of text: ``a.wav: 42%, 0:12 of 0:29``."""
        words = [self.state] if self.state else []
        if self.fraction is not None:
            words.append(f"{self.fraction:.0%}")
        if self.done:
            words.append(self.extent())
        return f"{self.name}: {', '.join(words) or 'at work'}"


class Progress:
    """All tasks of a run. Use as a context manager; It draws itself.

    ``around`` may put rows of its own above those of the tasks; ``on_stdout``
    draws there where stderr is no terminal.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        quiet: bool,
        expected: int = 1,
        around: Callable[[RenderableType], RenderableType] | None = None,
        on_stdout: bool = False,
    ) -> None:
        self._screen = screen
        self._world = screen.world
        self._quiet = quiet
        self._expected = expected
        self._around = around
        self._on_stdout = on_stdout
        self._finished = 0
        self._tasks: list[Task] = []
        self._drawing = False
        self._started = self._spoke = self._world.monotonic()
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if not self._quiet:
            self._drawing = self._screen.open_region(
                self._view, on_stdout=self._on_stdout
            )
            self._start_ticking()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._drawing:
            self._screen.close_region()

    def task(self, name: str) -> Task:
        """Begin a task."""
        task = Task(self, name, self._world.monotonic())
        with self._lock:
            self._tasks.append(task)
        self.heartbeat()
        return task

    def finish(self, task: Task) -> None:
        """Count a task as done."""
        with self._lock:
            if task in self._tasks:
                self._tasks.remove(task)
                self._finished += 1
        self.heartbeat()

    def heartbeat(self) -> None:
        """Where nothing is drawn, say that the run is alive if it is time to."""
        if self._quiet or self._drawing:
            return
        now = self._world.monotonic()
        with self._lock:
            if now - self._spoke < HEARTBEAT_SECONDS:
                return
            self._spoke = now
        self._screen.say(labelled("progress", self._summary(now), self._world))

    def _summary(self, now: float) -> str:
        with self._lock:
            tasks = list(self._tasks)
        parts = [task.described() for task in tasks[:1]]
        if self._expected > 1:
            parts.insert(0, f"{self._finished} of {self._expected} done")
        return "; ".join([*parts, f"{clock(now - self._started)} so far"])

    def _start_ticking(self) -> None:
        pause = _FRAME_SECONDS if self._drawing else 1.0

        def run() -> None:
            while not self._stop.wait(pause):
                self._screen.refresh()
                self.heartbeat()

        threading.Thread(target=run, name="progress", daemon=True).start()

    def _view(self, columns: int) -> RenderableType:
        """Return the rows that a terminal of so many columns shows."""
        from rich.console import Group
        from rich.table import Table

        with self._lock:
            tasks = list(self._tasks)
            finished = self._finished
        now = self._world.monotonic()
        grid = Table.grid(padding=(0, 1))
        for column in range(4):
            grid.add_column(no_wrap=True, justify="right" if column > 1 else "left")
        roomy = columns >= _ROOMY
        rest = _BAR_WIDTH + _REST_OF_ROW if roomy else _SHORT_BAR_WIDTH + _SHORT_REST
        room = max(_SHORTEST_NAME, columns - rest)
        for task in tasks[:_MOST_ROWS]:
            name = shortened(task.name, room)
            grid.add_row(name, *self._cells(task, now, roomy=roomy))
        rows: RenderableType = grid
        if self._expected > 1:
            words = f"{finished} of {self._expected} done"
            if len(tasks) > _MOST_ROWS:
                words += f", {len(tasks)} under way"
            rows = Group(grid, _dim(f"{words}  {clock(now - self._started)}"))
        return self._around(rows) if self._around else rows

    def _cells(self, task: Task, now: float, *, roomy: bool) -> list[RenderableType]:
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        fraction = task.fraction
        if fraction is None:
            spinner = _FRAMES[int(now / _FRAME_SECONDS) % len(_FRAMES)]
            state = task.state or (amount(task.done, task.unit) if task.done else "")
            at_work = Text.assemble((spinner, "cyan"), " ", (state, "dim"))
            return [at_work, "", _dim(clock(now - task.started))]
        bar = ProgressBar(
            total=1.0,
            completed=fraction,
            width=_BAR_WIDTH if roomy else _SHORT_BAR_WIDTH,
            style="dim",
            complete_style="cyan",
            finished_style="cyan",
        )
        extent = _dim(task.extent()) if roomy else ""
        return [bar, Text(f"{fraction:.0%}"), extent]


def shortened(name: str, columns: int) -> Text:
    """Return a name in at most so many columns; of a long path its end is kept."""
    from rich.cells import cell_len
    from rich.text import Text

    if cell_len(name) > columns:
        while cell_len(name) > columns - 1:
            name = name[1:]
        name = "…" + name
    return Text(name)


def _dim(text: str) -> Text:
    from rich.text import Text

    return Text(text, style="dim")
