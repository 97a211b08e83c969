"""``--timeout``: a bound on a whole command, whatever it is waiting for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from stt_cli.core.errors import OutOfTimeError


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise ``DeadlinePassed`` in the main thread once the time is up.

    Where the system has interval timers a blocked read is interrupted too;
    elsewhere (Windows) the main thread is interrupted at its next instruction.
    """
    if seconds is None:
        yield
    elif hasattr(signal, "setitimer"):
        yield from _by_interval_timer(seconds)
    else:
        yield from _by_thread(seconds)


class DeadlinePassed(OutOfTimeError):  # noqa: N818 - named for what happened
    """The user's own bound on the command is reached: nothing further is tried."""


def _error(seconds: float) -> DeadlinePassed:
    return DeadlinePassed(
        f"timed out after {seconds:g} s",
        hint="use a longer --timeout",
    )


def _by_interval_timer(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> NoReturn:
        raise _error(seconds)

    before = signal.signal(signal.SIGALRM, ring)
    # 0 would switch the timer off instead of ringing at once.
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _by_thread(seconds: float) -> Iterator[None]:
    import _thread

    rung = threading.Event()

    def ring() -> None:
        rung.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield
    except KeyboardInterrupt:
        if rung.is_set():
            raise _error(seconds) from None
        raise
    finally:
        timer.cancel()
