"""Recognition by the embedded engines: which model, and where it decodes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from stt_cli.audio.level import raised
from stt_cli.core.errors import UsageError
from stt_cli.core.events import Ended, Notice, Phrase, RecognitionEvent, Started
from stt_cli.core.identifiers import Identifiers
from stt_cli.core.options import RecognizeOptions
from stt_cli.core.transcript import RecognitionStatus
from stt_cli.engines.decoding import (
    DecodeOptions,
    Decoders,
    EngineModel,
    OwnDecoders,
)
from stt_cli.engines.recognition import Listening, listen
from stt_cli.engines.whisper.languages import NAMES
from stt_cli.engines.whisper.model import WhisperModel
from stt_cli.engines.whisper.store import ModelStore
from stt_cli.providers.local.model_choice import ModelChoice, choose_model

if TYPE_CHECKING:
    from stt_cli.audio.source import AudioSource
    from stt_cli.engines.cluster import Cluster
    from stt_cli.providers.base import ProviderContext

_MOST_ALTERNATIVES = 5
_BRIEF_S = 10.0  # the search for the words of more loses what the encoder gains
_MOST_THREADS = 4  # of one window; CTranslate2's own default
_MOST_AT_ONCE = 16  # recordings read here keep a far larger cluster busy


class LocalRecognition:
    """The decoders of one command, shared by all its inputs and threads."""

    def __init__(self, context: ProviderContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._opened: dict[EngineModel, OwnDecoders] = {}
        self._cluster: Cluster | None = None
        self._noticed: set[Notice] = set()

    def recognize(
        self, source: AudioSource, options: RecognizeOptions
    ) -> Iterator[RecognitionEvent]:
        """Recognize one input."""
        chosen = self._choose(options)  # what is refused here has no session
        session = options.session_id or self._context.environment.new_hex_id()
        yield Started(
            Identifiers.of(session_id=session),
            transport="dask" if self._context.cluster else "local",
            language=options.language,
            mode=str(options.mode) if options.mode else None,
            details=chosen.model.describe(),
        )
        yield from self._notices(chosen, options)
        if options.wake is not None:
            yield Notice(f"listening for {options.wake!r}")
            source = _woken(source, options.wake, chosen.model)
        detects_language = chosen.detects_language
        how = DecodeOptions(
            alternatives=_MOST_ALTERNATIVES if options.detailed else 0,
            language=chosen.language,
            phrases=options.phrases,
        )
        with_partials = source.live if options.interim is None else options.interim
        listening = Listening(
            self._decoders(chosen.model, source, options),
            self._here(chosen.model, source, options).follow(how)
            if with_partials
            else None,
            how,
            longest_window=chosen.model.longest_window,
            at_each_pause=source.live,
            detects_language=detects_language,
            total=source.duration if not source.live else None,
        )
        blocks = _begun(source) if source.live else source.pcm()
        heard = listen(raised(blocks, live=source.live), listening)
        for event in turns_of(heard, options.turns):
            if isinstance(event, Phrase) and detects_language:
                language = event.segment.language or ""
                yield Notice(f"the language is {NAMES.get(language, language)}")
                detects_language = False
            yield event

    def preview(self, source: AudioSource, options: RecognizeOptions) -> str:
        """Return what ``--dry-run`` shows."""
        chosen = self._choose(options)
        model = chosen.model.describe()
        encoding = source.encoding
        length = f", {source.duration:.1f} s" if source.duration else ""
        if self._context.cluster is None:
            work = f"nothing would be sent: {model['engine']} recognizes {source.name} "
            work += "on this machine"
            where = f"decoders: {options.jobs}"
        else:
            work = f"{model['engine']} recognizes {source.name} on a Dask cluster; "
            work += "only the speech is sent, as 16 kHz PCM"
            where = f"cluster: {self._context.cluster}"
        return (
            f"{work}\n"
            f"audio: {encoding.container}, {encoding.codec}, "
            f"{encoding.sample_rate} Hz, {encoding.channels} channel(s){length}\n"
            f"model: {model['model']}\n"
            f"{where}"
        )

    def side_by_side(self) -> int:
        """Return how many inputs to work on at once: one for every core there is."""
        if self._context.cluster is None:
            return _cores()
        with self._lock:
            return min(self._open_cluster(_cores()).processes, _MOST_AT_ONCE)

    def close(self) -> None:
        """End what decodes."""
        with self._lock:
            opened, self._opened = self._opened, {}
            cluster, self._cluster = self._cluster, None
        for decoders in opened.values():
            decoders.close()
        if cluster is not None:
            cluster.close()

    def _choose(self, options: RecognizeOptions) -> ModelChoice:
        environment = self._context.environment
        chosen = choose_model(options.model, options.language, environment)
        if options.phrases and not isinstance(chosen.model, WhisperModel):
            raise UsageError(
                "pocketsphinx does not support phrase hints (--phrase)",
                hint="remove --phrase or --model",
            )
        return chosen

    def _notices(
        self, chosen: ModelChoice, options: RecognizeOptions
    ) -> Iterator[Notice]:
        """Yield what is to be said of a choice, each word once a command."""
        notices = [chosen.notice, self._hint_notice(chosen, options)]
        with self._lock:
            new = [each for each in notices if each and each not in self._noticed]
            self._noticed.update(new)
        yield from new

    def _hint_notice(
        self, chosen: ModelChoice, options: RecognizeOptions
    ) -> Notice | None:
        """Say which phrases the model has no room for."""
        if not options.phrases or not isinstance(chosen.model, WhisperModel):
            return None
        from stt_cli.engines.whisper.tokens import Vocabulary

        folder = chosen.model.find(ModelStore(self._context.environment))
        _, left_out = Vocabulary.of(folder).hint(options.phrases)
        if not left_out:
            return None
        return Notice(
            f"ignoring {len(left_out)} of {len(options.phrases)} phrases, starting "
            f"with {left_out[0]!r}: the model has room for about a hundred words",
            "put the most important phrases first",
        )

    def _decoders(
        self, model: EngineModel, source: AudioSource, options: RecognizeOptions
    ) -> Decoders:
        if self._context.cluster is None:
            return self._here(model, source, options)
        with self._lock:
            return self._open_cluster(options.jobs).decoders(model, source.name)

    def _here(
        self, model: EngineModel, source: AudioSource, options: RecognizeOptions
    ) -> OwnDecoders:
        """Return the decoders of this machine, opened for the first who asks."""
        with self._lock:
            if model not in self._opened:
                workers, threads = shared_cores(
                    options.jobs, one_window=options.alone and _is_brief(source)
                )
                opened = model.open(self._context.environment, workers, threads)
                opened.warm_up()
                self._opened[model] = opened
            return self._opened[model]

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


def shared_cores(jobs: int, *, one_window: bool) -> tuple[int, int]:
    """Return how many windows to decode at once, and with how many threads each.

    Args:
        one_window: there is only ever one to decode, and somebody waits for it.
    """
    if one_window:
        return 1, max(1, min(jobs, _MOST_THREADS))
    return max(1, jobs), 1


def _is_brief(source: AudioSource) -> bool:
    """Whether an input gives one short window at a time: while it is spoken, too."""
    length = source.duration
    return source.live if length is None else length <= _BRIEF_S


def _cores() -> int:
    return os.cpu_count() or 1


def turns_of(
    events: Iterator[RecognitionEvent], turns: int | None
) -> Iterator[RecognitionEvent]:
    """Yield events up to the end of so many phrases, each of which is a turn here."""
    left = turns
    for event in events:
        yield event
        if left is None or not isinstance(event, Phrase):
            continue
        left -= 1
        if left <= 0:
            yield Ended(RecognitionStatus.SUCCESS, duration=event.segment.end)
            return


def _woken(source: AudioSource, phrase: str, model: EngineModel) -> AudioSource:
    """Return what comes behind the wake phrase, which pocketsphinx listens for."""
    from stt_cli.engines.pocketsphinx_model import ModelFiles
    from stt_cli.engines.wake import WokenSource

    files = model if isinstance(model, ModelFiles) else None
    return WokenSource(source, phrase, files)
