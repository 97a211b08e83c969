"""How far the work is: a bar on a terminal, now and then a line elsewhere.

On a terminal the rows are redrawn while something moves. Without one, a line
every 30 seconds says that the run is alive. With ``-q`` there is neither.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from types import TracebackType
from typing import TYPE_CHECKING, Self

from stt_cli.core.plain_text import one_line
from stt_cli.ui.pace import Pace, time_left
from stt_cli.ui.quantities import amount, clock, portion, size
from stt_cli.ui.screen import Screen
from stt_cli.ui.style import labeled

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text


@dataclass(frozen=True, slots=True)
class Rates:
    """``12.3 MB/s`` and ``1:23 left``; empty as long as they mean nothing."""

    speed: str = ""
    left: str = ""

    def words(self) -> Iterator[str]:
        """Yield what is known."""
        yield from (word for word in (self.speed, self.left) if word)


def rates_of(speed: float | None, rest: float) -> Rates:
    """Return a speed, bytes in a second, and the time that the rest takes."""
    if speed is None:
        return Rates()
    if speed < 1:
        return Rates("stalled")
    left = time_left(rest, speed)
    words = f"{clock(ceil(left))} left" if left is not None else ""
    return Rates(f"{size(speed)}/s", words)


def hearing_rates(speed: float | None, rest: float) -> Rates:
    """Return how many times faster than it was spoken audio is heard, and time left."""
    if not speed or rest <= 0:
        return Rates()
    left = time_left(rest, speed)
    words = f"{clock(ceil(left))} left" if left is not None else ""
    return Rates(f"{speed:.1f}x" if speed < 10 else f"{speed:.0f}x", words)


class Transfer:
    """What all recordings of a run have to move, and have moved.

    Args:
        total: bytes of all of them, where that is known.
    """

    def __init__(self, total: float | None) -> None:
        self._total = total
        self._ended = 0.0  # bytes of those that need nothing more
        self._moved = 0.0
        self._pace = Pace()

    def move(self, now: float, more: float) -> None:
        """Take note that so many bytes left; what is sent again counts again."""
        self._moved += max(0.0, more)
        self._pace.note(now, self._moved)

    def end(self, count: float) -> None:
        """Take note that a recording of so many bytes has ended, moved or not."""
        self._ended += count

    def words(self, now: float, under_way: float) -> Iterator[str]:
        """Yield amount, speed and time left, given the bytes of those under way."""
        if not self._moved:
            return
        if self._total is None:
            yield size(self._moved)
            yield from rates_of(self._pace.speed(now), 0.0).words()
            return
        done = min(self._ended + under_way, self._total)
        yield portion(done, self._total)
        yield from rates_of(self._pace.speed(now), self._total - done).words()


HEARTBEAT_SECONDS = 30.0
FRAME_SECONDS = 0.1
_MANY = 5  # tasks, from which on they are counted by what they do


class Task:
    """One input's or one job's way to its end.

    ``size`` is what will have to be done, in bytes, where it is known before.
    """

    def __init__(
        self, progress: Progress, name: str, started: float, size: float | None = None
    ) -> None:
        self.name = one_line(name)
        self.started = started
        self.size = size
        self.done = 0.0
        self.total: float | None = None
        self.unit = "seconds"
        self.state = ""
        self._progress = progress
        self._pace = Pace()

    def update(
        self, done: float, total: float | None = None, unit: str = "seconds"
    ) -> None:
        """Say how far it is: what is done, and all there is where that is known."""
        more = done - self.done
        self.done, self.total, self.unit = done, total, unit
        if unit == "bytes":
            self._progress.moved(self._pace, done, more)
        else:
            self._progress.heard(self._pace, done)
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
        if self.total is None:
            return amount(self.done, self.unit)
        if self.unit == "bytes":
            return portion(self.done, self.total)
        return f"{amount(self.done, self.unit)} of {amount(self.total, self.unit)}"

    def rates(self, now: float) -> Rates:
        """Return how fast it goes and how long it will, as far as that is known."""
        if not self.done:
            return Rates()
        rest = (self.total or 0.0) - self.done
        if self.unit != "bytes":
            return hearing_rates(self._pace.speed(now), rest)
        if self.total is not None and rest <= 0:
            return Rates("sent")
        return rates_of(self._pace.speed(now), rest)

    def described(self, now: float) -> str:
        """Return the task as a line of text: ``a.wav: 42%, 0:12 of 0:29``."""
        words = [self.state] if self.state else []
        if self.fraction is not None:
            words.append(f"{self.fraction:.0%}")
        if self.done:
            words += [self.extent(), *self.rates(now).words()]
        return f"{self.name}: {', '.join(words) or 'working'}"


class Progress:
    """All tasks of a run. Use as a context manager; It draws itself.

    ``size`` is that of all recordings that are to be uploaded, in bytes, where it is
    known. ``around`` may put rows of its own above those of the tasks; ``on_stdout``
    draws there where stderr is no terminal.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        quiet: bool,
        expected: int = 1,
        size: float | None = None,
        around: Callable[[RenderableType], RenderableType] | None = None,
        on_stdout: bool = False,
    ) -> None:
        self._screen = screen
        self._environment = screen.environment
        self._quiet = quiet
        self._expected = expected
        self._transfer = Transfer(size)
        self._around = around
        self._on_stdout = on_stdout
        self._finished = 0
        self.remark = ""
        self._tasks: list[Task] = []
        self._drawing = False
        self._started = self._spoke = self._environment.monotonic()
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if not self._quiet:
            self._drawing = self._screen.open_region(
                self._view, on_stdout=self._on_stdout, frame=FRAME_SECONDS
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

    def task(self, name: str, size: float | None = None) -> Task:
        """Begin a task. ``size`` is its part of that of all, in bytes."""
        task = Task(self, name, self._environment.monotonic(), size)
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
                self._transfer.end(task.size or 0.0)
        self.heartbeat()

    def moved(self, pace: Pace, done: float, more: float) -> None:
        """Take note that a task has that many bytes done, so many more than before."""
        now = self._environment.monotonic()
        pace.note(now, done)
        with self._lock:
            self._transfer.move(now, more)

    def heard(self, pace: Pace, done: float) -> None:
        """Take note that a task has heard that many seconds of audio."""
        pace.note(self._environment.monotonic(), done)

    def heartbeat(self) -> None:
        """Where nothing is drawn, say that the run is alive if it is time to."""
        if self._quiet or self._drawing:
            return
        now = self._environment.monotonic()
        with self._lock:
            if now - self._spoke < HEARTBEAT_SECONDS:
                return
            self._spoke = now
        self._screen.say(labeled("progress", self._summary(now), self._environment))

    def totals(self, now: float) -> list[str]:
        """Return how far all are: ``37 of 200 done, 16 under way``, bytes, speed.

        ``remark`` stands behind what is done, such as how many of them failed.
        """
        with self._lock:
            tasks, finished = list(self._tasks), self._finished
            of_bytes = sum(task.done for task in tasks if task.unit == "bytes")
            words = self._transfer.words(now, of_bytes)
        parts = [f"{finished} of {self._expected} done"]
        parts += [self.remark] if self.remark else []
        parts += _doings(tasks)
        return [", ".join(parts), *words]

    def _summary(self, now: float) -> str:
        with self._lock:
            tasks = list(self._tasks)
        parts = [task.described(now) for task in tasks[:1]]
        if self._expected > 1:
            done, *transfer = self.totals(now)
            parts = [done, *([", ".join(transfer)] if transfer else []), *parts]
        return "; ".join([*parts, f"{clock(now - self._started)} elapsed"])

    def _start_ticking(self) -> None:
        pause = FRAME_SECONDS if self._drawing else 1.0

        def run() -> None:
            while not self._stop.wait(pause):
                self._screen.refresh()
                self.heartbeat()

        threading.Thread(target=run, name="progress", daemon=True).start()

    def _view(self, columns: int) -> RenderableType:
        """Return the rows that a terminal of so many columns shows."""
        from stt_cli.ui.progress_rows import rows_of

        with self._lock:
            tasks = list(self._tasks)
        now = self._environment.monotonic()
        totals = None
        if self._expected > 1:
            totals = "  ".join([*self.totals(now), clock(now - self._started)])
        rows = rows_of(tasks, now, columns, totals)
        return self._around(rows) if self._around else rows


def _doings(tasks: Sequence[Task]) -> list[str]:
    """Return what several tasks do, where they say it: ``9 queued``, ``4 running``."""
    if len(tasks) < 2:
        return []
    if len(tasks) < _MANY or not all(task.state for task in tasks):
        return [f"{len(tasks)} in progress"]
    states = Counter(task.state.partition(" (")[0] for task in tasks)
    return [f"{count} {state}" for state, count in states.most_common(_MANY)]


def shortened(name: str, columns: int) -> Text:
    """Return a name in at most so many columns, cut in the middle.

    Both ends matter: recordings of one series differ at the end of their names, and
    their folders at the beginning.
    """
    from rich.cells import cell_len
    from rich.text import Text

    if cell_len(name) <= columns:
        return Text(name)
    head, tail = len(name) // 2, (len(name) + 1) // 2
    while head + tail and cell_len(name[:head]) + cell_len(name[-tail:]) >= columns:
        if head >= tail:
            head -= 1
        else:
            tail -= 1
    return Text(f"{name[:head]}…{name[-tail:] if tail else ''}")
