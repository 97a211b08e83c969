"""What a person types while something is drawn: Enter, watched for on a thread.

The terminal is read by its descriptor, never through a buffer of Python's: a thread
that sits in one at the end of the program aborts the interpreter.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

_LOOK_S = 0.5  # how soon we notice that the shell brought us back to the foreground


@contextmanager
def on_enter(terminal: BinaryIO, act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` on a thread once Enter or Ctrl-D is pressed on ``terminal``.

    Meanwhile nothing that is typed is echoed, which would move the cursor away from
    the rows that are drawn. On leaving, the terminal is as it was.
    """
    if sys.platform == "win32":
        with _on_console(act):
            yield
    else:
        with _on_terminal(terminal.fileno(), act):
            yield


if sys.platform == "win32":

    @contextmanager
    def _on_console(act: Callable[[], None]) -> Iterator[None]:
        import msvcrt

        left = threading.Event()

        def watch() -> None:
            # A console tells of keys only when asked, and Ctrl-Z is its Ctrl-D.
            while not left.wait(0.1):
                while msvcrt.kbhit():
                    if msvcrt.getwch() in "\r\n\x04\x1a":
                        act()
                        return

        watcher = threading.Thread(target=watch, name="enter", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            left.set()
            watcher.join()

else:
    import select
    import termios

    @contextmanager
    def _on_terminal(terminal: int, act: Callable[[], None]) -> Iterator[None]:
        awake, wake = os.pipe()
        echo = _Echo(terminal)

        def watch() -> None:
            try:
                wait()
            finally:
                if _in_foreground(terminal):
                    echo.restore()

        def wait() -> None:
            pressed = False
            while True:
                foreground = _in_foreground(terminal)
                if foreground:
                    echo.turn_off()
                watched = [terminal, awake] if foreground and not pressed else [awake]
                ready, _, _ = select.select(watched, [], [], _LOOK_S)
                if awake in ready:
                    return
                # Once more, for reading in the background would stop the program.
                if terminal in ready and _in_foreground(terminal):
                    if not _was_entered(terminal):
                        return
                    act()
                    pressed = True

        watcher = threading.Thread(target=watch, name="enter", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            os.write(wake, b"\0")
            watcher.join()
            os.close(wake)
            os.close(awake)

    class _Echo:
        """The terminal's echo, off for a while; one that is gone has none."""

        def __init__(self, terminal: int) -> None:
            self._terminal = terminal
            self._was_on = False

        def turn_off(self) -> None:
            """Turn it off, also after a shell turned it on while we were stopped."""
            self._was_on = self._set(on=False) or self._was_on

        def restore(self) -> None:
            """Turn it on again if it was on."""
            if self._was_on:
                self._set(on=True)

        def _set(self, *, on: bool) -> bool:
            """Set it, and return whether that was a change."""
            try:
                modes = termios.tcgetattr(self._terminal)
                if bool(modes[3] & termios.ECHO) == on:
                    return False
                modes[3] ^= termios.ECHO
                termios.tcsetattr(self._terminal, termios.TCSANOW, modes)
            except termios.error:
                return False
            return True

    def _in_foreground(terminal: int) -> bool:
        """Whether the terminal is ours to use: a shell's jobs take turns."""
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:  # it is gone, or controls no session of ours: no turns then
            return os.isatty(terminal)

    def _was_entered(terminal: int) -> bool:
        """Read what was typed. A terminal that is gone is no wish of anyone's."""
        try:
            return bool(os.read(terminal, 4_096)) or os.isatty(terminal)
        except OSError:
            return False
