"""Signals that end a run: they raise, so that what is known can still be told.

Outside of ``signals_raise`` they keep the system's way, which ends the process at once:
before a command has begun, and after all is said, nobody needs a traceback.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from stt_cli.core.errors import InterruptedRun
from stt_cli.core.exit_status import ExitStatus


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise InterruptedRun("terminated", exit_status=ExitStatus.TERMINATED)


def _hang_up(_number: int, _frame: FrameType | None) -> NoReturn:
    raise InterruptedRun("the terminal was closed", exit_status=ExitStatus.HUNG_UP)


_HANDLERS = {
    "SIGINT": _interrupt,
    "SIGTERM": _terminate,
    "SIGHUP": _hang_up,  # Windows has none
}


@contextmanager
def signals_raise() -> Iterator[None]:
    """Let signals raise ``KeyboardInterrupt`` and ``InterruptedRun`` meanwhile.

    One that was ignored from the start, as ``nohup`` does it, stays ignored. On
    another thread than the main one this does nothing: an embedder's are its own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {}
    try:
        for name, handler in _HANDLERS.items():
            number = getattr(signal, name, None)
            if number is None or signal.getsignal(number) in (signal.SIG_IGN, None):
                continue
            before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
