"""Recognition by the embedded engine: where to decode, and in what language."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from stt_cli.core.catalogue import Check
from stt_cli.core.environment import Environment
from stt_cli.core.errors import SttError, UsageError
from stt_cli.core.events import Notice, RecognitionEvent, Started
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.engines.pocketsphinx_engine import PocketsphinxDecoder
from stt_cli.engines.pocketsphinx_model import model_files
from stt_cli.engines.pool import DecoderPool, InProcessDecoder
from stt_cli.engines.recognition import Decoders, Listening, listen

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource

# Starting a process costs about as long as decoding this much speech.
_WORTH_A_PROCESS_S = 10.0
_MOST_ALTERNATIVES = 5


class LocalRecognition:
    """The decoders of one command, shared by all its inputs and threads."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._lock = threading.Lock()
        self._decoding = threading.Lock()
        self._decoder: PocketsphinxDecoder | None = None
        self._pool: DecoderPool | None = None
        self._inputs = 0

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognise one input."""
        session = options.session_id or self._environment.new_hex_id()
        yield Started(
            Identifiers.of(session_id=session),
            transport="local",
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
            self._decoders(options, total, live=source.live),
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
        return (
            f"nothing is sent: pocketsphinx recognises {source.name} on this machine\n"
            f"audio: {encoding.container}, {encoding.codec}, "
            f"{encoding.sample_rate} Hz, {encoding.channels} channel(s){length}\n"
            f"model: {model.acoustic or 'en-us, which comes with pocketsphinx'}\n"
            f"processes: {options.jobs}"
        )

    def close(self) -> None:
        """End the processes that decode."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool:
            pool.close()

    def _decoders(
        self, options: RecognizeOptions, total: float | None, *, live: bool
    ) -> Decoders:
        """Decode here what is short or alone, and in processes what is long or many.

        While it listens live, decoding here would keep the partials waiting.
        """
        model = model_files(options.model)
        with self._lock:
            self._inputs += 1
            short = total is not None and total < _WORTH_A_PROCESS_S
            if options.jobs <= 1 or (short and self._inputs == 1):
                if self._decoder is None:
                    self._decoder = PocketsphinxDecoder(model)
                return InProcessDecoder(self._decoder, self._decoding)
            if self._pool is None:
                self._pool = DecoderPool(options.jobs, model)
            if live:
                self._pool.warm_up()
            return self._pool


def _begun(source: AudioSource) -> Iterator[bytes]:
    """Open a live source at once: who speaks does not wait for models to load."""
    blocks = source.pcm()
    return chain(list(islice(blocks, 1)), blocks)


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
