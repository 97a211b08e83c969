"""An upload that tells how far it is: the request runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from stt_cli.core.events import Progress
from stt_cli.net.http_trace import in_this_context

Answer = TypeVar("Answer")

_PAUSE = 0.1  # seconds between two words about progress


class _BrokenOff(BaseException):
    """Nobody waits for the upload any more."""


def send_with_progress(
    work: Callable[[Callable[[int], None]], Answer], total: int | None
) -> Generator[Progress, None, Answer]:
    """Run ``work`` and yield the bytes it reports, ten times a second at most.

    Args:
        work: gets a function to call with the bytes done so far, at every block.
        total: bytes in all, where known.

    Raises:
        Whatever ``work`` raises.
    """
    ended: SimpleQueue[tuple[Answer | None, BaseException | None]] = SimpleQueue()
    done = [0]
    wanted = [True]

    def on_bytes(count: int) -> None:
        if not wanted[0]:
            raise _BrokenOff
        done[0] = count

    def run() -> None:
        try:
            ended.put((work(on_bytes), None))
        except BaseException as fault:  # handed over, not handled
            ended.put((None, fault))

    Thread(target=in_this_context(run), name="upload", daemon=True).start()
    reported = -1
    try:
        while True:
            try:
                answer, fault = ended.get(timeout=_PAUSE)
                break
            except Empty:
                pass
            if done[0] != reported:
                reported = done[0]
                yield Progress(reported, total, "bytes")
    finally:
        wanted[0] = False
    if fault is not None:
        raise fault
    if done[0] != reported:
        yield Progress(done[0], total, "bytes")
    return answer  # type: ignore[return-value]
