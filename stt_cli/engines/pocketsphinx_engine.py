"""pocketsphinx: 16 kHz PCM of one utterance in, a phrase with its words out.

An utterance is decoded as a whole, its cepstral mean taken over all of it: that
is more accurate than decoding as it arrives, where the mean is still being
learned. Partial results come from a second, running decode.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from stt_cli.audio.voice_activity import Utterance
from stt_cli.core.errors import ConfigurationError
from stt_cli.core.transcript import Alternative, Segment, Word
from stt_cli.engines.pocketsphinx_model import ModelFiles

_READING = re.compile(r"\(\d+\)$")  # "the(2)": another pronunciation of "the"
_FILLERS = ("<", "[", "++")  # <s> and <sil>, [NOISE], ++um++
_MOST_TRIES = 50  # of the n-best list, which repeats itself


class PocketsphinxDecoder:
    """One decoder, for one thread. Loading it takes about half a second."""

    def __init__(self, model: ModelFiles | None = None) -> None:
        self._decoder = load_decoder(model or ModelFiles())
        self._frame_rate: int = self._decoder.config["frate"]
        self._running = False

    def decode(self, utterance: Utterance, alternatives: int = 0) -> Segment | None:
        """Return what was said, or ``None`` where nothing was understood.

        Args:
            alternatives: how many readings to add, the best one first.
        """
        self._stop()
        if not utterance.pcm:
            return None
        # Forget the noise of the utterance before, which may be of another
        # recording: a phrase must not depend on what this process decoded last.
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(utterance.pcm, full_utt=True)
        self._decoder.end_utt()
        words = self._words(utterance.start)
        if not words:
            return None
        return Segment(
            text=" ".join(word.text for word in words),
            start=words[0].start,
            end=words[-1].end,
            confidence=_mean(word.confidence for word in words),
            words=words,
            alternatives=self._alternatives(words, alternatives),
        )

    def begin(self) -> None:
        """Get ready for a new utterance, whatever became of the last."""
        self._stop()
        self._decoder.start_utt()
        self._running = True

    def hear(self, pcm: bytes) -> str:
        """Take the next PCM and return what was understood up to now."""
        if not self._running:
            self.begin()
        self._decoder.process_raw(pcm)
        best = self._decoder.hyp()
        return _plain_text(best.hypstr) if best else ""

    def _stop(self) -> None:
        if self._running:
            self._decoder.end_utt()
            self._running = False

    def _words(self, start: float) -> tuple[Word, ...]:
        if self._decoder.hyp() is None:
            return ()
        return tuple(
            Word(
                text=_READING.sub("", segment.word),
                start=round(start + segment.start_frame / self._frame_rate, 4),
                end=round(start + (segment.end_frame + 1) / self._frame_rate, 4),
                confidence=_probability(segment.prob),
            )
            for segment in self._decoder.seg()
            if not segment.word.startswith(_FILLERS)
        )

    def _alternatives(
        self, words: tuple[Word, ...], count: int
    ) -> tuple[Alternative, ...]:
        if not count:
            return ()
        best = " ".join(word.text for word in words)
        found = {best: _mean(word.confidence for word in words)}
        for tries, other in enumerate(self._decoder.nbest()):
            if len(found) >= count or tries >= _MOST_TRIES:
                break
            text = _plain_text(other.hypstr or "")
            if text:
                # The list's scores do not compare with the best path's, so the
                # others have no confidence.
                found.setdefault(text, None)
        return tuple(
            Alternative(text, confidence=confidence, lexical=text)
            for text, confidence in found.items()
        )


def load_decoder(model: ModelFiles, **settings: str | float | None) -> Any:
    """Return pocketsphinx's own decoder for a model, with further settings.

    Raises:
        ConfigurationError: pocketsphinx or the model cannot be loaded.
    """
    try:
        from pocketsphinx import Decoder
    except ImportError as fault:
        raise ConfigurationError(
            f"cannot load pocketsphinx: {fault}",
            hint="run `pip install pocketsphinx` (if there is no wheel for this "
            "Python, it needs a C compiler)",
        ) from fault
    try:
        return Decoder(loglevel="FATAL", **{**model.settings(), **settings})
    except RuntimeError as fault:
        place = model.acoustic or "the model that comes with pocketsphinx"
        raise ConfigurationError(
            f"pocketsphinx cannot load {place}",
            hint="check that the model is complete and made for pocketsphinx 5",
        ) from fault


def _plain_text(hypothesis: str) -> str:
    words = (_READING.sub("", word) for word in hypothesis.split())
    return " ".join(word for word in words if not word.startswith(_FILLERS))


def _probability(value: float) -> float:
    """Round a posterior; pocketsphinx's arithmetic may exceed 1 by a hair."""
    return round(min(1.0, max(0.0, value)), 4)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
