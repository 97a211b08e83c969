"""The log of a run: timed lines without secrets, into a file, stderr or both.

Session IDs stand in it as ``SessionId: <hex>``, the shape that the vendor's own
instruction tells users to look for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from stt_cli.core.environment import Environment
from stt_cli.core.timestamps import iso_utc
from stt_cli.ui.plain import printable


class RunLog:
    """Takes lines; every one passes the redactor before it goes anywhere."""

    def __init__(
        self, environment: Environment, file: TextIO | None, *, to_stderr: bool
    ) -> None:
        self._environment = environment
        self._file = file
        self._to_stderr = to_stderr

    @classmethod
    def open(
        cls, environment: Environment, path: str | None, *, to_stderr: bool
    ) -> RunLog:
        """Open the log; an existing file is added to. Raises ``OSError``."""
        file = Path(path).open("a", encoding="utf-8") if path else None  # noqa: SIM115
        return cls(environment, file, to_stderr=to_stderr)

    def line(self, text: str) -> None:
        """Write one line of what was sent or received, at once."""
        self._write(text, self._streams())

    def file_line(self, text: str) -> None:
        """Write one line of what stderr is told anyway, into the file alone."""
        self._write(text, [self._file] if self._file is not None else [])

    def close(self) -> None:
        """Close the file, where there is one."""
        if self._file is not None:
            self._file.close()

    def _write(self, text: str, streams: list[TextIO]) -> None:
        if not streams:
            return
        moment = iso_utc(self._environment.now())
        clean = printable(self._environment.redactor.clean(text))
        for stream in streams:
            stream.write(f"{moment} {clean}\n")
            stream.flush()

    def _streams(self) -> list[TextIO]:
        wanted = [self._file] if self._file is not None else []
        return [*wanted, self._environment.stderr] if self._to_stderr else wanted
