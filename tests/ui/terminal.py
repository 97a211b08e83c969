"""A terminal to look at: a pseudo-terminal whose output a terminal emulator reads."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import pyte

_PREAMBLE = """
import os, sys, time
from stt_cli.core.environment import Environment
from stt_cli.core.events import Notice, Partial
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.transcript import Segment
from stt_cli.ui.reporter import Reporter
environment = Environment.of_this_process()
reporter = Reporter(environment)

class Microphone:
    listening = True
    level = 1.0

def leave():
    "End at once, so that what is drawn at this moment stays to be seen."
    reporter.screen.refresh()
    os._exit(0)
"""


# What a terminal window does: its program leads a session that the terminal controls,
# so that Ctrl-C and a closed window become signals.
_CONTROLLED = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_PATIENCE_S = 60.0


class Session:
    """A program in a terminal's window, while a person looks and types."""

    def __init__(
        self,
        command: list[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._window, there = pty.openpty()
        _resize(there, rows, columns)
        self._modes = termios.tcgetattr(self._window)
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CONTROLLED, *command],
            stdin=there,
            stdout=there,
            stderr=there,
            env=_variables(env),
        )
        os.close(there)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close_window()
        with self.process:
            self.process.kill()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(row.rstrip() for row in self._screen.display).strip("\n")

    @property
    def echoes(self) -> bool:
        """Whether the terminal is as it was before the program began."""
        return bool(termios.tcgetattr(self._window) == self._modes)

    def type(self, keys: str) -> None:
        """Press keys: ``\\n`` is Enter, ``\\x03`` is Ctrl-C, ``\\x04`` is Ctrl-D."""
        os.write(self._window, keys.encode())

    def close_window(self) -> None:
        """Close the terminal's window."""
        if self._window >= 0:
            os.close(self._window)
            self._window = -1

    def look(self, shows: Callable[[str], object] = lambda _text: False) -> str:
        """Look until the screen shows it, or the program is gone; return the text."""
        end = time.monotonic() + _PATIENCE_S
        while not shows(self.text):
            if not select.select([self._window], [], [], 0.2)[0]:
                assert time.monotonic() < end, self.text
                if self.process.poll() is not None:
                    break
                continue
            try:
                self._stream.feed(os.read(self._window, 65_536))
            except OSError:  # Linux ends a pseudo-terminal with EIO
                break
        return self.text

    def wait(self) -> int:
        """Look until the program has ended, and return its exit code."""
        if self._window >= 0:
            self.look()
        return self.process.wait(_PATIENCE_S)


@dataclass(frozen=True)
class Seen:
    """What a person saw at the end, what the terminal was sent, how it ended."""

    rows: list[str]
    raw: str
    status: int
    piped: bytes

    @property
    def text(self) -> str:
        """The rows that are not empty."""
        return "\n".join(self.rows).strip("\n")


def show(
    script: str,
    *,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    stdout_piped: bool = False,
    stderr_piped: bool = False,
) -> Seen:
    """Run Python code with ``environment`` and ``reporter`` on its own terminal."""
    return run(
        [sys.executable, "-c", _PREAMBLE + script],
        columns=columns,
        rows=rows,
        env=env,
        stdout_piped=stdout_piped,
        stderr_piped=stderr_piped,
    )


def run(
    command: list[str],
    *,
    columns: int = 80,
    rows: int = 24,
    env: Mapping[str, str] | None = None,
    stdout_piped: bool = False,
    stderr_piped: bool = False,
) -> Seen:
    """Run a program on a terminal of its own and return what was to be seen."""
    here, there = pty.openpty()
    _resize(there, rows, columns)
    child = subprocess.Popen(
        command,
        stdin=there,
        stdout=subprocess.PIPE if stdout_piped else there,
        stderr=subprocess.PIPE if stderr_piped else there,
        env=_variables(env),
    )
    os.close(there)
    sent = b""
    with suppress(OSError):  # Linux ends a pseudo-terminal with EIO
        while block := os.read(here, 65_536):
            sent += block
    os.close(here)
    piped = b"".join(p.read() for p in (child.stdout, child.stderr) if p is not None)
    with child:
        status = child.wait(60)
    screen = pyte.Screen(columns, rows)
    pyte.ByteStream(screen).feed(sent)
    shown = [row.rstrip() for row in screen.display]
    return Seen(shown, sent.decode(), status, piped)


def _resize(terminal: int, rows: int, columns: int) -> None:
    size = struct.pack("HHHH", rows, columns, 0, 0)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, size)


def _variables(env: Mapping[str, str] | None) -> dict[str, str]:
    """Return what a program finds: a terminal's size is the terminal's to say."""
    variables = {**os.environ, "TERM": "xterm-256color", "PAGER": "cat", **(env or {})}
    if "COLUMNS" not in (env or {}):
        variables.pop("COLUMNS", None)
    return variables
