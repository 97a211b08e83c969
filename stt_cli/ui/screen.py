"""The two streams of a run, and the few rows at the bottom that are drawn over.

Captions and progress change; results, IDs and warnings stay. Whatever is said
passes here, so that the changing rows are wiped before it and drawn again below
it, and two threads never write into each other's lines.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from stt_cli.core.environment import Environment
from stt_cli.ui.style import is_drawable, width_of

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    View = Callable[[int], RenderableType]
    """Returns what to draw in so many columns."""

_WIPE_LINE, _WIPE_BELOW = "\x1b[K", "\x1b[J"
# Terminals do not agree on the width of every character: a row that one of them
# takes for too long is cut there and must not fold, or its end would stay behind.
_FOLD_OFF, _FOLD_ON = "\x1b[?7l", "\x1b[?7h"


class Screen:
    """Says lines on stderr and results on stdout, around at most one region."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._lock = threading.RLock()
        self._region: Region | None = None
        self._frame = 0.0
        self._drawn = 0.0
        self._last: object = None
        self._line = ""

    def say(self, line: str, *, key: object = None) -> None:
        """Write a line on stderr at once; nobody reading it is no failure.

        Args:
            key: names the line; one of the same key that nothing was written after
                is replaced, on a terminal that can.
        """
        with self._lock:
            self._wipe()
            replaces = key is not None and key == self._last
            with suppress(OSError, ValueError):
                if replaces:
                    up = _rows_of(self._line, self.environment)
                    self.environment.stderr.write(f"\x1b[{up}A\r{_WIPE_BELOW}")
                self.environment.stderr.write(line + "\n")
                self.environment.stderr.flush()
            self._last = (
                key if is_drawable(self.environment.stderr, self.environment) else None
            )
            self._line = line
            self._draw_again()

    def said_last(self, key: object) -> bool:
        """Whether a line of this key can still be replaced."""
        with self._lock:
            return key == self._last

    def put(self, text: str) -> None:
        """Write a piece of the result on stdout at once. A closed pipe raises."""
        with self._lock:
            self._wipe()
            self._last = None
            self.environment.stdout.write(text)
            self.environment.stdout.flush()
            self._draw_again()

    def open_region(
        self, view: View, *, on_stdout: bool = False, frame: float = 0.0
    ) -> bool:
        """Draw ``view`` below everything; return whether a terminal allows it.

        It is drawn on stderr, or with ``on_stdout`` on a stdout that is a
        terminal where stderr is none. One that calls ``refresh`` every ``frame``
        seconds is not drawn again sooner, however many lines are said meanwhile.
        """
        with self._lock:
            stream = self._drawable(on_stdout)
            if stream is None or self._region is not None:
                return False
            self._region = Region(stream, self.environment, view)
            self._frame = frame
            self.refresh()
            return True

    def close_region(self) -> None:
        """Wipe the region for good."""
        with self._lock:
            if self._region is not None:
                self._region.wipe()
                self._region = None

    def refresh(self) -> None:
        """Draw the region again if what it shows has changed."""
        with self._lock:
            if self._region is not None:
                self._region.draw()
                self._drawn = self.environment.monotonic()

    def _draw_again(self) -> None:
        if not self._frame or self.environment.monotonic() - self._drawn >= self._frame:
            self.refresh()

    def _wipe(self) -> None:
        if self._region is not None:
            self._region.wipe()

    def _drawable(self, on_stdout: bool) -> TextIO | None:
        if is_drawable(self.environment.stderr, self.environment):
            return self.environment.stderr
        if on_stdout and is_drawable(self.environment.stdout, self.environment):
            return self.environment.stdout
        return None


def _rows_of(line: str, environment: Environment) -> int:
    """Return how many rows of the terminal a line takes."""
    from stt_cli.ui.style import console_for

    columns = console_for(environment.stderr, environment).width
    widths = map(width_of, line.split("\n"))
    return sum(max(1, -(-width // columns)) for width in widths)


class Region:
    """Rows that are drawn over in place, whatever the terminal's size becomes.

    The cursor is not hidden: a run that is stopped with Ctrl-Z or killed could
    not give it back.
    """

    def __init__(
        self,
        stream: TextIO,
        environment: Environment,
        view: View,
    ) -> None:
        from stt_cli.ui.style import console_for

        self._stream = stream
        self._view = view
        self._console: Console = console_for(stream, environment)
        self._drawn: list[str] = []
        self._columns = 0

    def draw(self) -> None:
        """Draw the rows over those that stand there."""
        columns, height = self._size()
        # The last column stays free: a full row makes some terminals wrap.
        rows = self._rendered(max(columns - 1, 10))[-max(height - 1, 1) :]
        if rows == self._drawn and columns == self._columns:
            return
        # Overwritten line by line: some terminals take a wiped screen for an old
        # page and keep it in their history. After a change of size everything
        # is wiped first, or they would join rows that they had folded.
        resized = columns != self._columns
        lines = (_WIPE_LINE + "\n").join(rows) + _WIPE_LINE
        before = _WIPE_BELOW if resized else ""
        after = _WIPE_BELOW if len(rows) < len(self._drawn) else ""
        start = _start_of_row(self._rows_up())
        self._write(start + before + _FOLD_OFF + lines + _FOLD_ON + after)
        self._drawn, self._columns = rows, columns

    def wipe(self) -> None:
        """Leave no trace of the rows."""
        if self._drawn:
            up = self._rows_up()
            blank = (_WIPE_LINE + "\n") * up + _WIPE_LINE
            self._write(_start_of_row(up) + blank + _start_of_row(up))
            self._drawn = []

    def _rendered(self, columns: int) -> list[str]:
        with self._console.capture() as captured:
            self._console.print(self._view(columns), width=columns, crop=True)
        return captured.get().rstrip("\n").split("\n")

    def _rows_up(self) -> int:
        """Return how many rows above the cursor the region begins."""
        from rich.text import Text

        # A window made narrower has folded the rows that were drawn in it.
        now = max(self._size()[0], 1)
        folded = (max(1, -(-Text.from_ansi(r).cell_len // now)) for r in self._drawn)
        return max(sum(folded) - 1, 0)

    def _size(self) -> tuple[int, int]:
        """Return columns and rows: those of COLUMNS and LINES, if there are so many."""
        width, height = self._console.size
        try:
            actual = os.get_terminal_size(self._stream.fileno())
        except (OSError, ValueError):
            return width, height
        # A terminal may not know its size, and gives 0.
        return min(width, actual.columns or width), min(height, actual.lines or height)

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


def _start_of_row(up: int) -> str:
    return f"\r\x1b[{up}A" if up else "\r"
