"""Live captions: finished phrases stay, what is still being heard changes below.

Finished phrases go to stdout and stay there as plain lines. The hypothesis of
the moment and the state of the microphone are drawn below them and vanish, so
that the terminal keeps the same text that a pipe would have received.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from stt_cli.core.events import Partial
from stt_cli.core.options import TextForm
from stt_cli.core.transcript import Segment
from stt_cli.formats.text import phrase_line, translation_lines
from stt_cli.ui.progress import Progress
from stt_cli.ui.quantities import clock
from stt_cli.ui.result import phrase_for
from stt_cli.ui.screen import Screen
from stt_cli.ui.style import columns_of, folded, is_terminal

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

_LEVELS = " ▁▂▃▄▅▆▇█"
_LEVEL_HISTORY = 12
_MOST_PARTIAL_ROWS = 3
_ROWS_AMONG_OTHERS = 2


class LiveSource(Protocol):
    """A microphone, as far as it is drawn."""

    @property
    def listening(self) -> bool:
        """Whether it still records."""

    @property
    def level(self) -> float:
        """How loud it is at this moment, from 0 to 1."""


class LiveCaptions:
    """One recording's captions as they arrive. Use as a context manager.

    Without a terminal, or with ``quiet``, only the finished phrases are
    written. ``source`` is a microphone, or the input's name.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        quiet: bool = False,
        source: str | LiveSource,
        form: TextForm = TextForm.DISPLAY,
        with_channel: bool = False,
    ) -> None:
        self._screen = screen
        self._quiet = quiet
        self._form = form
        self._with_channel = with_channel
        self._microphone = None if isinstance(source, str) else source
        self._partials: dict[int | None, list[str]] = {}
        self._levels: list[float] = []
        self._started = screen.environment.monotonic()
        self._progress = Progress(
            screen, quiet=quiet, around=self._around, on_stdout=True
        )
        self._task = self._progress.task(
            source if isinstance(source, str) else "microphone"
        )

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.__exit__(kind, fault, trace)

    def partial(self, heard: Partial) -> None:
        """Show a hypothesis in place of the one before it."""
        shown = Segment(heard.text, speaker=heard.speaker, channel=heard.channel)
        lines = [
            phrase_line(shown, with_channel=self._with_channel),
            *translation_lines(heard.translations),
        ]
        self._partials[heard.channel] = [line for line in lines if line]

    def phrase(self, segment: Segment) -> None:
        """Write a finished phrase, for good."""
        self._partials.pop(segment.channel, None)
        environment = self._screen.environment
        shown = phrase_for(
            segment, environment, self._form, with_channel=self._with_channel
        )
        columns = columns_of(environment.stdout, environment)
        for line in shown.splitlines():
            self._screen.put(folded(line, columns) + "\n")

    def update(
        self, done: float, total: float | None = None, unit: str = "seconds"
    ) -> None:
        """Say how much of the audio has been heard."""
        self._task.update(done, total, unit)

    def _around(self, below: RenderableType) -> RenderableType:
        from rich.console import Group

        rows = [*self._hypotheses()]
        rows.append(self._meter(self._microphone) if self._microphone else below)
        return Group(*rows)

    def _hypotheses(self) -> Iterator[RenderableType]:
        """Yield what is being heard, and what it means in other languages."""
        from rich.text import Text

        lines = [line for lines in self._partials.values() for line in lines]
        most = _MOST_PARTIAL_ROWS if len(lines) == 1 else _ROWS_AMONG_OTHERS
        for line in lines:
            yield _LastRows(Text(line, style="italic dim"), most)

    def _meter(self, microphone: LiveSource) -> Text:
        from rich.text import Text

        now, listening = self._screen.environment.monotonic(), microphone.listening
        self._levels = [*self._levels[1 - _LEVEL_HISTORY :], microphone.level]
        bars = "".join(
            _LEVELS[round(min(1.0, max(0.0, level)) * (len(_LEVELS) - 1))]
            for level in self._levels
        )
        return Text.assemble(
            ("● ", "red" if listening else "dim"),
            ("listening" if listening else "finishing", ""),
            (f"  {clock(now - self._started)}", "dim"),
            (f"  {bars.ljust(_LEVEL_HISTORY)}" if listening else "", "cyan"),
            (f"  {self._keys()}" if listening else "", "dim"),
            overflow="ellipsis",
            no_wrap=True,
        )

    def _keys(self) -> str:
        stdin = self._screen.environment.stdin
        enter = stdin is not None and is_terminal(stdin)
        return "Enter to stop" if enter else "Ctrl-C to stop"


class _LastRows:
    """The last rows of a text that is wrapped to the terminal as it is now."""

    def __init__(self, text: Text, most: int) -> None:
        self._text = text
        self._most = most

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[Text]:
        yield from self._text.wrap(console, options.max_width)[-self._most :]
