"""The log of a run: timed lines without secrets, into a file, stderr or both.

Session IDs stand in it as ``SessionId: <hex>``, the shape that the vendor's own
instruction tells users to look for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import printable
from stt_cli.core.timestamps import iso_utc


class RunLog:
    """Takes lines; every one passes the redactor before it goes anywhere."""

    def __init__(
        self,
        environment: Environment,
        file: TextIO | None,
        say: Callable[[str], None] | None = None,
        lost: Callable[[OSError], None] | None = None,
    ) -> None:
        self._environment = environment
        self._file = file
        self._say = say
        self._lost = lost

    @classmethod
    def open(
        cls,
        environment: Environment,
        path: str | None,
        say: Callable[[str], None] | None = None,
        lost: Callable[[OSError], None] | None = None,
    ) -> RunLog:
        """Open the log; an existing file is added to. Raises ``OSError``.

        ``say`` is given the lines that ``-v`` asks for, for stderr; ``lost`` hears
        once that the file takes no more, which ends no run.
        """
        file = Path(path).open("a", encoding="utf-8") if path else None  # noqa: SIM115
        return cls(environment, file, say, lost)

    def line(self, text: str) -> None:
        """Write one line of what was sent or received, at once."""
        if self._file is None and self._say is None:
            return
        line = self._dated(text)
        self._write(line)
        if self._say is not None:
            self._say(line)

    def file_line(self, text: str) -> None:
        """Write one line of what stderr is told anyway, into the file alone."""
        if self._file is not None:
            self._write(self._dated(text))

    def close(self) -> None:
        """Close the file, where there is one."""
        if self._file is not None:
            with suppress(OSError):  # a full disk; every line was written at once
                self._file.close()

    def _dated(self, text: str) -> str:
        clean = printable(self._environment.redactor.clean(text))
        return f"{iso_utc(self._environment.now())} {clean}"

    def _write(self, line: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as fault:
            self.close()
            self._file = None
            if self._lost is not None:
                self._lost(fault)
