"""Decoders in processes of their own: pocketsphinx keeps Python's lock while it
works, so threads alone would decode one utterance after the other.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from struct import error as struct_error
from typing import TYPE_CHECKING

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.errors import ConfigurationError, SttError
from stt_cli.core.transcript import Segment
from stt_cli.engines.decoding import DecodeOptions, PartialDecoder, Window
from stt_cli.engines.worker import ANSWER, REQUEST

if TYPE_CHECKING:
    from stt_cli.engines.pocketsphinx_model import ModelFiles

_END_S = 5.0


class DecoderEndedError(ConfigurationError):
    """A process ended over its work: killed, or short of memory."""


class DecoderPool:
    """``workers`` processes, each started when there is work for it.

    Any thread may submit. Results do not pile up: who submits waits for the
    oldest once ``limit`` are under way.
    """

    def __init__(self, workers: int, model: ModelFiles) -> None:
        self._model = model
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()
        self._most = workers
        self._closed = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decoder")
        self.limit = 2 * workers

    def submit(
        self, window: Window, options: DecodeOptions
    ) -> Future[tuple[Segment, ...]]:
        """Decode it in the background."""
        return self._threads.submit(self._decode, window, options.alternatives)

    def warm_up(self) -> None:
        """Let one worker load its model before there is work for it."""
        with self._lock:
            if not self._workers:
                self._idle.put(self._start())

    def follow(self, options: DecodeOptions) -> PartialDecoder:
        """Return a decoder in this process that follows an utterance as it is said."""
        from stt_cli.engines.pocketsphinx_engine import PocketsphinxDecoder

        return PocketsphinxDecoder(self._model)

    def close(self) -> None:
        """End every worker; what is under way is given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for worker in self._workers:
                worker.close()
            self._closed = True
        self._threads.shutdown(wait=True)

    def _decode(self, window: Window, alternatives: int) -> tuple[Segment, ...]:
        worker = self._take()
        try:
            segment = worker.decode(Utterance(window.start, window.pcm), alternatives)
            return (segment,) if segment else ()
        finally:
            if worker.ended:  # its successor starts with the next utterance
                with self._lock:
                    self._workers.remove(worker)
                worker.close()
            else:
                self._idle.put(worker)

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise CancelledError
            if self._idle.empty() and len(self._workers) < self._most:
                return self._start()
        return self._idle.get()

    def _start(self) -> _Worker:
        worker = _Worker(self._model)
        self._workers.append(worker)
        return worker


class _Worker:
    """One process; used by one thread at a time."""

    def __init__(self, model: ModelFiles) -> None:
        model_arguments = (model.acoustic, model.language, model.dictionary)
        program = (
            f"import sys; sys.path[:] = {sys.path!r}\n"
            "from stt_cli.engines.worker import main\n"
            f"main(*{model_arguments!r})"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the parent's to answer
        )
        self.ended = False  # before its time

    def decode(self, utterance: Utterance, alternatives: int) -> Segment | None:
        request, answers = self._process.stdin, self._process.stdout
        assert request is not None
        assert answers is not None
        head = REQUEST.pack(len(utterance.pcm), utterance.start, alternatives)
        try:
            request.write(head + utterance.pcm)
            request.flush()
            size = answers.read(ANSWER.size)
            result = pickle.loads(answers.read(*ANSWER.unpack(size)))
        except (OSError, EOFError, ValueError, struct_error) as fault:
            self.ended = True
            raise DecoderEndedError(
                "a decoder process ended unexpectedly",
                hint="the machine may have run out of memory; try -j 1",
            ) from fault
        if isinstance(result, SttError):
            raise result
        assert result is None or isinstance(result, Segment)
        return result

    def close(self) -> None:
        """End the process, whatever it is doing, and wait for its end."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
