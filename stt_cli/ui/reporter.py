"""What a command says besides its result: IDs, notices, warnings, progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError
from stt_cli.core.events import Notice
from stt_cli.core.identifiers import Identifiers, label
from stt_cli.core.options import TextForm
from stt_cli.core.plain_text import one_line, printable
from stt_cli.ui.captions import LiveCaptions, LiveSource
from stt_cli.ui.errors import error_lines
from stt_cli.ui.progress import Progress
from stt_cli.ui.screen import Screen
from stt_cli.ui.style import dim, is_terminal, labeled

if TYPE_CHECKING:
    from stt_cli.ui.submissions import Submissions


class Reporter:
    """The run's voice on stderr; nothing of it is heard with ``quiet``.

    ``log`` is given every line, without color, whether or not it is shown.
    Errors are not said here but raised, and printed by ``stt_cli.app``.
    """

    def __init__(
        self,
        environment: Environment,
        *,
        quiet: bool = False,
        verbose: int = 0,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self._environment = environment
        self._quiet = quiet
        self._verbose = verbose
        self._log = log
        self._said: set[tuple[str, str, str | None]] = set()
        self._on_line: list[str] = []
        self.screen = Screen(environment)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing but errors is said."""
        return self._quiet

    def ids(
        self, ids: Identifiers, of: str | None = None, *, in_table: bool = False
    ) -> None:
        """Say each ID that is new, at once.

        In a pipe or a log each has a line of its own, ``session id: …``. On a
        terminal those of an input share a dim line, which grows while nothing else
        is said.

        Args:
            of: the input that they belong to, where there are several; one ID
                may be that of several inputs.
            in_table: on a terminal a table shows them, and no line is needed.
        """
        new = [
            (name, value)
            for name, value in ids.items()
            if (name, value, of) not in self._said
        ]
        whose = f" ({one_line(of)})" if of else ""
        for name, value in new:
            self._said |= {(name, value, of), (name, value, None)}
            if self._log is not None:
                self._log(f"{_documented_name(name)}: {value}{whose}")
        is_drawn = is_terminal(self._environment.stderr)
        if not new or self._quiet or (is_drawn and in_table):
            return
        self._environment.verbosity.ids_shown |= {value for _, value in new}
        if is_drawn:
            self._say_on_one_line(new, of, whose)
            return
        for name, value in new:
            shown = f"{value}{whose}"
            self.screen.say(labeled(label(name), shown, self._environment))

    def _say_on_one_line(
        self, new: Sequence[tuple[str, str]], of: str | None, whose: str
    ) -> None:
        if not self.screen.said_last((of,)):
            self._on_line = []
        self._on_line += [f"{label(name)}: {value}" for name, value in new]
        text = " · ".join(self._on_line) + whose
        self.screen.say(dim(text, self._environment), key=(of,))

    def intent(self, summary: str) -> None:
        """Say what a phrase asks for; the log has no words that were spoken."""
        if summary and not self._quiet:
            self.screen.say(labeled("intent", summary, self._environment))

    def notice(self, notice: Notice) -> None:
        """Say a word that is no failure: a choice explained, a step taken."""
        self._say("notice", notice.message)
        if notice.hint:
            self._say("hint", notice.hint)

    def warning(self, text: str, hint: str | None = None) -> None:
        """Say that something is amiss though the run goes on."""
        self._say("warning", text)
        if hint:
            self._say("hint", hint)

    def error(self, error: SttError) -> None:
        """Say that one of several things failed, while the others go on.

        Unlike all else here it is said with ``quiet`` too, as every failure is.
        """
        clean = self._environment.redactor.clean
        for name, text in error_lines(error):
            if self._log is not None:
                self._log(f"{name}: {printable(clean(text))}")
            if name == "error" or not self._quiet:
                self.screen.say(labeled(name, text, self._environment))

    def detail(self, text: str, *, level: int = 1) -> None:
        """Say what ``-v`` (level 1) or ``-vv`` (level 2) asks for."""
        self._say("debug", text, shown=self._verbose >= level)

    def result(self, text: str) -> None:
        """Write a piece of the result on stdout, around what is being drawn."""
        self.screen.put(text)

    def progress(self, expected: int = 1, *, size: float | None = None) -> Progress:
        """Return the progress of a run over so many inputs or jobs.

        ``size`` is that of all inputs together, in bytes, where it is known.
        """
        return Progress(self.screen, quiet=self._quiet, expected=expected, size=size)

    def submissions(
        self, names: Sequence[str], sizes: Sequence[int | None] = ()
    ) -> Submissions:
        """Return the live table of recordings, with their sizes in bytes if known."""
        from stt_cli.ui.submissions import Submissions

        return Submissions(self.screen, names, sizes, quiet=self._quiet)

    def captions(
        self,
        source: str | LiveSource,
        *,
        form: TextForm = TextForm.DISPLAY,
        with_channel: bool = False,
    ) -> LiveCaptions:
        """Return the live captions of one input, by its name, or of a microphone."""
        return LiveCaptions(
            self.screen,
            quiet=self._quiet,
            source=source,
            form=form,
            with_channel=with_channel,
        )

    def _say(self, name: str, text: str, *, shown: bool = True) -> None:
        if self._log is not None:
            self._log(f"{name}: {printable(self._environment.redactor.clean(text))}")
        if shown and not self._quiet:
            self.screen.say(labeled(name, text, self._environment))


def _documented_name(name: str) -> str:
    """Return an ID's name as vendors' logs have it: ``SessionId``."""
    return "".join(part.capitalize() for part in name.split("_"))
