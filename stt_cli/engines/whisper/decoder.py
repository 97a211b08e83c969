"""One window of audio into phrases: encode once, search, judge, align.

The window is always padded to 30 s: shortened ones make Whisper loop. Timestamps
that it writes into its text tell sentences apart and where it stopped; it is asked
again from the next utterance if it stopped early.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stt_cli.audio.voice_activity import SAMPLE_RATE, is_silent
from stt_cli.core.errors import UsageError
from stt_cli.core.transcript import Segment
from stt_cli.engines.decoding import DecodeOptions, Window
from stt_cli.engines.whisper import gates
from stt_cli.engines.whisper.features import FRAMES, FRAMES_PER_SECOND, log_mel
from stt_cli.engines.whisper.loading import load
from stt_cli.engines.whisper.phrases import (
    Piece,
    phrases_of,
    pieces_of,
    with_alternatives,
)
from stt_cli.engines.whisper.tokens import (
    PREVIOUS,
    START,
    TRANSCRIBE,
    Vocabulary,
    decode,
)

_BEAMS = 5  # as in the paper; a greedy search is a third faster and errs more in noise
_MOST_TOKENS = 448  # the decoder's context
_SURE_OF_LANGUAGE = 0.5
_SHORTEST_TO_HALVE_S = 8.0  # where a single utterance loops
_UNHEARD_S = 0.5  # of speech behind the last words that is worth another attempt


class _LoopError(Exception):
    """A text repeats itself."""


class WhisperDecoder:
    """A loaded model.

    Args:
        workers: how many threads may decode at once.
        threads_each: how many cores work on one window. The encoder gains by a
            second one; the search, a word after the other, does not.

    Raises:
        ConfigurationError: the folder holds no model that CTranslate2 can load.
    """

    def __init__(self, folder: Path, workers: int = 1, threads_each: int = 1) -> None:
        self._vocabulary = Vocabulary.of(folder)
        self._model = load(folder, workers, threads_each)
        self._stopped = False
        self._bands: int = self._model.n_mels
        self.is_multilingual: bool = self._model.is_multilingual

    def decode(self, window: Window, options: DecodeOptions) -> tuple[Segment, ...]:
        """Return the phrases of a window; none where nobody can be understood."""
        found: list[Segment] = []
        rest: Window | None = window
        while (
            rest is not None and not self._stopped
        ):  # each round takes off at least one utterance
            try:
                segments = self._decode_once(rest, options)
            except _LoopError:
                for half in _halves(rest):
                    found += self.decode(half, options)
                break
            found += segments
            rest = _unheard(rest, segments)
        return tuple(found)

    def stop(self) -> None:
        """Let windows under way end with what they have; nobody wants them."""
        self._stopped = True

    def read(self, pcm: bytes, options: DecodeOptions) -> str:
        """Return what is said in PCM as plain text: faster than phrases with words."""
        encoded = self._encode(pcm)
        language = self._language(encoded, options)
        prompt = [*self._hints(options.phrases), *self._start_sequence(language)]
        try:
            result = self._search(encoded, prompt, beams=1)
        except _LoopError:
            return ""
        return decode(result.sequences[0]).strip() if result else ""

    def _decode_once(self, window: Window, options: DecodeOptions) -> list[Segment]:
        if is_silent(window.pcm):  # Whisper would say "You"
            return []
        encoded = self._encode(window.pcm)
        language = self._language(encoded, options)
        start = self._start_sequence(language)
        prompt = [*self._hints(options.phrases), *start]
        result = self._search(encoded, prompt, hypotheses=options.alternatives)
        if result is None:
            return []
        pieces = pieces_of(result.sequences[0], window.seconds)
        segments = self._aligned(encoded, start, pieces, window, language)
        if options.alternatives and segments:
            segments = with_alternatives(segments, result, window, options)
        if options.language is None:
            return [replace(each, language=language) for each in segments]
        return segments

    def _encode(self, pcm: bytes) -> Any:
        from ctranslate2 import StorageView

        features = log_mel(pcm, self._bands)[None]
        return self._model.encode(StorageView.from_array(features))

    def _language(self, encoded: Any, options: DecodeOptions) -> str:
        """Return the code of the language to expect, found out where none was given.

        Raises:
            UsageError: the model does not know it.
        """
        if options.language is not None:
            is_known = options.language in self._vocabulary.languages
            if not is_known or (not self.is_multilingual and options.language != "en"):
                raise UsageError(
                    f"this model does not support the language {options.language}",
                    hint="`stt models -p local` lists models and their languages",
                )
            return options.language
        if not self.is_multilingual:
            return "en"
        (found,) = self._model.detect_language(encoded)
        token, probability = found[0]
        if probability < _SURE_OF_LANGUAGE and options.likely_language:
            return options.likely_language
        return str(token).strip("<|>")

    def _start_sequence(self, language: str) -> list[str]:
        if not self.is_multilingual:
            return [START]
        return [START, f"<|{language}|>", TRANSCRIBE]

    def _hints(self, phrases: tuple[str, ...]) -> list[str]:
        """Return phrases as a text that went before: names in it are spelled alike."""
        tokens, _ = self._vocabulary.hint(phrases)
        return [PREVIOUS, *tokens] if tokens else []

    def _search(
        self,
        encoded: Any,
        prompt: list[str],
        beams: int = _BEAMS,
        hypotheses: int = 1,
    ) -> Any | None:
        """Return the result that passes the gates, or ``None``.

        Raises:
            _LoopError: its text repeats itself.
        """
        (result,) = self._model.generate(
            encoded,
            [prompt],
            beam_size=beams,
            num_hypotheses=min(beams, max(1, hypotheses)),
            max_length=_MOST_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
        )
        text = decode(result.sequences[0])
        if gates.repeats_itself(text):
            if gates.is_no_speech(result.no_speech_prob):
                return None
            raise _LoopError
        if gates.has_words(text) and gates.is_likely(result.scores[0]):
            return result
        return None

    def _aligned(
        self,
        encoded: Any,
        start: Sequence[str],
        pieces: Sequence[Piece],
        window: Window,
        language: str,
    ) -> list[Segment]:
        """Return the pieces as phrases, with the times of their words."""
        tokens = [token for piece in pieces for token in piece.tokens]
        ids = self._vocabulary.ids
        frames = min(FRAMES, math.ceil(window.seconds * FRAMES_PER_SECOND))
        (alignment,) = self._model.align(
            encoded,
            [ids[token] for token in start],
            [[ids[token] for token in tokens]],
            frames,
        )
        return phrases_of(pieces, alignment, window, language)


def _halves(window: Window) -> tuple[Window, ...]:
    """Part a window at its middle pause, or in the middle where there is none.

    Where a text repeats itself, either the model loops or the speaker does: shorter
    windows tell. Whisper's own remedy, to choose words by lot, would make results
    depend on how much a thread has decoded before: CTranslate2 seeds each once.
    """
    middle = (window.start + window.end) / 2
    speech = window.speech
    if len(speech) == 1:
        if window.seconds < _SHORTEST_TO_HALVE_S:
            return ()
        speech = ((speech[0][0], middle), (middle, speech[0][1]))
    starts = [start for start, _ in speech[1:]]
    cut = starts.index(min(starts, key=lambda start: abs(start - middle))) + 1
    halves = []
    for part in (speech[:cut], speech[cut:]):
        first, last = (
            2 * round((moment - window.start) * SAMPLE_RATE)
            for moment in (part[0][0], part[-1][1])
        )
        halves.append(Window(part[0][0], window.pcm[first:last], part))
    return tuple(halves)


def _unheard(window: Window, segments: Sequence[Segment]) -> Window | None:
    """Return the rest of a window, from the first utterance behind the last word."""
    if not segments:
        return None
    heard = segments[-1].end or window.start
    rest = tuple(span for span in window.speech if span[0] >= heard)
    if not rest or sum(end - start for start, end in rest) < _UNHEARD_S:
        return None
    skipped = 2 * round((rest[0][0] - window.start) * SAMPLE_RATE)
    return Window(rest[0][0], window.pcm[skipped:], rest)
