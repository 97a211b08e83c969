"""Silence for a stream that pauses, so that Watson does not end its session.

The service ends a session that gets no audio for 30 s. Silence counts as audio,
and IBM bills it: so it is sent only when asked for, by ``--param keep-alive=true``.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

NAME = "keep-alive"
PAUSE_SECONDS = 10.0
"""A third of what the service waits ("Session timeout")."""

_SILENCE = bytes(32_000)  # a second of 16 kHz 16-bit mono


def kept_alive(
    open_blocks: Callable[[], Iterator[bytes]], pause: float = PAUSE_SECONDS
) -> Iterator[bytes]:
    """Yield the blocks, and a second of silence whenever none comes for so long."""
    blocks: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()

    def read() -> None:
        try:
            for block in open_blocks():
                blocks.put(block)
        except BaseException as fault:
            blocks.put(fault)
        else:
            blocks.put(None)

    threading.Thread(target=read, name="stt-keep-alive", daemon=True).start()
    while True:
        try:
            block = blocks.get(timeout=pause)
        except queue.Empty:
            yield _SILENCE
            continue
        if block is None:
            return
        if isinstance(block, BaseException):
            raise block
        yield block
