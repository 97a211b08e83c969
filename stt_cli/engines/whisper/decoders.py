"""Whisper decoders in the threads of this process.

CTranslate2 lets go of Python's lock while it works and shares the weights between
its workers, one thread each: as fast as processes, with the memory of one. More
threads for one window are worth it only where there is no second one to decode.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from stt_cli.core.transcript import Segment
from stt_cli.engines.daemon_threads import DaemonThreads
from stt_cli.engines.decoding import DecodeOptions, PartialDecoder, Window
from stt_cli.engines.whisper.partials import WhisperPartials

if TYPE_CHECKING:
    from stt_cli.engines.whisper.decoder import WhisperDecoder
    from stt_cli.engines.whisper.model import WhisperModel
    from stt_cli.engines.whisper.store import ModelStore


class WhisperDecoders:
    """Decodes ``workers`` windows at a time; any thread may submit."""

    def __init__(
        self,
        model: WhisperModel,
        store: ModelStore,
        workers: int,
        threads_each: int = 1,
    ) -> None:
        self._model = model
        self._store = store
        self._workers = workers
        self._threads_each = threads_each
        self._threads = DaemonThreads(workers, "whisper")
        # Imports and weights load while the audio is opened and cut.
        self._loading: Future[WhisperDecoder] = self._threads.submit(self._load)
        # A thread of their own: a phrase must not wait in line behind partials.
        self._partials = DaemonThreads(1, "partials")
        self.limit = 2 * workers

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        """Decode it in the background."""
        return self._threads.submit(
            lambda: self._loading.result().decode(window, options)
        )

    def warm_up(self) -> None:
        """Do nothing: the model loads from the start."""

    def follow(self, options: DecodeOptions) -> PartialDecoder:
        """Return what follows one input's utterances while they are spoken."""

        def read(pcm: bytes) -> Future[str]:
            return self._partials.submit(
                lambda: self._loading.result().read(pcm, options)
            )

        return WhisperPartials(read)

    def close(self) -> None:
        """Give up what waits, and end."""
        if self._loading.done() and self._loading.exception() is None:
            self._loading.result().stop()
        self._partials.close()
        self._threads.close()

    def _load(self) -> WhisperDecoder:
        from stt_cli.engines.whisper.decoder import WhisperDecoder

        folder = self._model.find(self._store)
        return WhisperDecoder(folder, self._workers, self._threads_each)
