"""Threads that decode in the background and keep nobody from leaving.

Those of ``concurrent.futures`` are waited for when the program ends, and a large
model works on a window for a minute: Ctrl-C must not wait for it. A library's code
cannot be stopped, and must not run on while the process takes itself apart: with work
under way, ``__main__`` ends the process at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")

_IDLE_END_S = 1.0

_under_way: set[Future[object]] = set()


def is_at_work() -> bool:
    """Whether any of these threads is doing something."""
    return bool(_under_way)


class DaemonThreads:
    """Does one thing after the other in each of ``count`` threads."""

    def __init__(self, count: int, name: str) -> None:
        self._work: SimpleQueue[tuple[Future[object], Callable[[], object]] | None]
        self._work = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Do it as soon as a thread is free."""
        future: Future[Result] = Future()
        self._work.put((future, work))  # type: ignore[arg-type]
        return future

    def close(self) -> None:
        """Cancel what has not begun; idle threads end now, others by themselves."""
        while True:
            try:
                waiting = self._work.get_nowait()
            except Empty:
                break
            if waiting is not None:
                waiting[0].cancel()
        for _ in self._threads:
            self._work.put(None)
        if not is_at_work():
            for thread in self._threads:
                thread.join(_IDLE_END_S)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            future, work = item
            if not future.set_running_or_notify_cancel():
                continue
            _under_way.add(future)
            try:
                result = work()
            except BaseException as fault:  # whoever asks for the result gets it
                _under_way.discard(future)
                future.set_exception(fault)
            else:
                _under_way.discard(future)
                future.set_result(result)
