"""Recognition by the embedded engine: where to decode, and in what language."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from stt_cli.core.catalogue import Check
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import Notice, RecognitionEvent, Started
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.engines.pocketsphinx_engine import PocketsphinxDecoder
from stt_cli.engines.pocketsphinx_model import ModelFiles, model_files
from stt_cli.engines.pool import DecoderPool, InProcessDecoder
from stt_cli.engines.recognition import Decoders, Listening, listen

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.engines.cluster import Cluster
    from stt_cli.providers.base import ProviderContext

# Starting a process costs about as long as decoding this much speech.
_WORTH_A_PROCESS_S = 10.0
_MOST_ALTERNATIVES = 5
_MOST_AT_ONCE = 16  # recordings read here keep a far larger cluster busy


class LocalRecognition:
    """The decoders of one command, shared by all its inputs and threads."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._here: dict[ModelFiles, InProcessDecoder] = {}
        self._pools: dict[ModelFiles, DecoderPool] = {}
        self._cluster: Cluster | None = None
        self._inputs = 0

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognise one input."""
        session = options.session_id or self._context.environment.new_hex_id()
        yield Started(
            Identifiers.of(session_id=session),
            transport="dask" if self._context.cluster else "local",
            language=options.language,
            mode=str(options.mode) if options.mode else None,
        )
        _check_language(options)
        if options.wake is not None:
            from stt_cli.engines.wake import WokenSource

            yield Notice(f"listening for {options.wake!r}")
            source = WokenSource(source, options.wake, model_files(options.model))
        wants_partials = source.live if options.interim is None else options.interim
        total = source.duration if not source.live else None
        blocks = _begun(source) if source.live else source.pcm()
        how = Listening(
            self._decoders(source, options, total),
            PocketsphinxDecoder(model_files(options.model)) if wants_partials else None,
            alternatives=_MOST_ALTERNATIVES if options.detailed else 0,
            total=total,
        )
        yield from listen(blocks, how)

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return what ``--dry-run`` shows."""
        _check_language(options)
        model = model_files(options.model)
        encoding = source.encoding
        length = f", {source.duration:.1f} s" if source.duration else ""
        if self._context.cluster is None:
            told = f"nothing is sent: pocketsphinx recognises {source.name} "
            told += "on this machine"
            where = f"processes: {options.jobs}"
        else:
            told = f"pocketsphinx recognises {source.name} on a Dask cluster; "
            told += "it gets the speech, as 16 kHz PCM"
            where = f"cluster: {self._context.cluster}"
        return (
            f"{told}\n"
            f"audio: {encoding.container}, {encoding.codec}, "
            f"{encoding.sample_rate} Hz, {encoding.channels} channel(s){length}\n"
            f"model: {model.acoustic or 'en-us, which comes with pocketsphinx'}\n"
            f"{where}"
        )

    def side_by_side(self) -> int:
        """Return how many inputs to work on at once: one for every core there is."""
        if self._context.cluster is None:
            return _cores()
        with self._lock:
            return min(self._open_cluster(_cores()).processes, _MOST_AT_ONCE)

    def close(self) -> None:
        """End the processes that decode."""
        with self._lock:
            pools, self._pools = self._pools, {}
            cluster, self._cluster = self._cluster, None
        for pool in pools.values():
            pool.close()
        if cluster is not None:
            cluster.close()

    def _decoders(
        self, source: AudioSource, options: RecognizeOptions, total: float | None
    ) -> Decoders:
        """Decode here what is short or alone, and in processes what is long or many.

        While it listens live, decoding here would keep the partials waiting.
        """
        model = model_files(options.model)
        with self._lock:
            if self._context.cluster is not None:
                cluster = self._open_cluster(options.jobs)
                return cluster.decoders(model, source.name)
            self._inputs += 1
            short = total is not None and total < _WORTH_A_PROCESS_S
            if options.jobs <= 1 or (short and self._inputs == 1):
                if model not in self._here:
                    decoder = PocketsphinxDecoder(model)
                    self._here[model] = InProcessDecoder(decoder, threading.Lock())
                return self._here[model]
            if model not in self._pools:
                self._pools[model] = DecoderPool(options.jobs, model)
            if source.live:
                self._pools[model].warm_up()
            return self._pools[model]

    def _open_cluster(self, processes: int) -> Cluster:
        """Return the cluster; of our own, as many processes as are asked for."""
        if self._cluster is None:
            from stt_cli.engines.cluster_opening import open_cluster

            assert self._context.cluster is not None
            self._cluster = open_cluster(
                self._context.cluster, processes=processes, log=self._context.log
            )
        return self._cluster


def _begun(source: AudioSource) -> Iterator[bytes]:
    """Open a live source at once: who speaks does not wait for models to load."""
    blocks = source.pcm()
    return chain(list(islice(blocks, 1)), blocks)


def _cores() -> int:
    return os.cpu_count() or 1


def check_engine() -> Check:
    """Load the decoder, and tell how that went."""
    try:
        PocketsphinxDecoder()
    except SttError as error:
        return Check("recognition", "failed", error.message, error.hint)
    return Check("recognition", "ok", "pocketsphinx loads its en-US model")


def _check_language(options: RecognizeOptions) -> None:
    """Refuse a language that the model does not know; a model of one's own may."""
    language = options.language
    if language is None or options.model is not None:
        return
    if language.replace("_", "-").casefold().partition("-")[0] != "en":
        raise UsageError(
            f"local recognises en-US only, not {language}",
            hint="give a model for it with --model FOLDER, or another provider with -p",
        )
