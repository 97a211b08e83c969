"""What is understood of an utterance while it is still spoken.

Whisper has no running decode: what was said so far is decoded again and again, each
time as a whole. The last words of such a text change with what follows, so only the
words that two decodes in a row agree on are shown. A decode is begun when the one
before is done: a machine that cannot keep up shows fewer, and no audio waits.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from itertools import takewhile

from stt_cli.audio.voice_activity import SAMPLE_RATE

_WORTHWHILE_BYTES = 2 * SAMPLE_RATE // 2  # half a second of new audio

Read = Callable[[bytes], Future[str]]


class WhisperPartials:
    """Follows one input's utterances, one after the other.

    Args:
        read: begins to decode PCM in the background, as plain text.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._running: Future[str] | None = None
        self.begin()

    def begin(self) -> None:
        """Get ready for a new utterance; what is still decoded of the last is lost."""
        self._pcm = bytearray()
        self._decoded = 0
        self._last: list[str] = []
        self._settled: list[str] = []
        if self._running is not None:
            self._running.cancel()
        self._stale, self._running = self._running, None

    def hear(self, pcm: bytes) -> str:
        """Take the next PCM and return the words that have settled."""
        self._pcm += pcm
        if self._running is not None and self._running.done():
            self._take(self._running.result())
            self._running = None
        is_busy = self._running is not None or not _is_over(self._stale)
        if not is_busy and len(self._pcm) - self._decoded >= _WORTHWHILE_BYTES:
            self._decoded = len(self._pcm)
            self._running = self._read(bytes(self._pcm))
        return " ".join(self._settled)

    def _take(self, text: str) -> None:
        words = text.split()
        pairs = zip(self._last, words, strict=False)
        agreed = [word for word, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        if len(agreed) >= len(self._settled):
            self._settled = agreed
        self._last = words


def _is_over(future: Future[str] | None) -> bool:
    return future is None or future.done()
