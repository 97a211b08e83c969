"""What an emulator hears: the transcripts it was given, or the local engine's."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from stt_cli.core.errors import ConfigurationError
from stt_cli.core.transcript import Word

_BETWEEN_PHRASES = re.compile(r" \| |\r?\n")
BYTES_A_SECOND = 32_000  # 16 kHz, 16 bit, mono


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase: its text in lower case without punctuation is ``lexical``."""

    text: str
    words: tuple[Word, ...] = ()

    @property
    def lexical(self) -> str:
        """The spoken words."""
        return re.sub(r"[^\w\s'-]", "", self.text).lower()

    def timed(self, start: float, end: float) -> tuple[Word, ...]:
        """Return the words with times, spread evenly where the engine gave none."""
        if self.words:
            return self.words
        texts = self.lexical.split()
        step = (end - start) / max(len(texts), 1)
        return tuple(
            Word(text, start + i * step, start + (i + 1) * step)
            for i, text in enumerate(texts)
        )


def heard_of(transcript: str) -> list[Heard]:
    """Return a given transcript's phrases."""
    parts = (part.strip() for part in _BETWEEN_PHRASES.split(transcript))
    return [Heard(part) for part in parts if part]


class Ear:
    """Hears requests one after the other. Any thread may ask."""

    def __init__(
        self,
        transcripts: tuple[str, ...],
        engine: Callable[[bytes], list[Heard]] | None = None,
    ) -> None:
        self._transcripts = transcripts
        self._engine = engine
        self._lock = threading.Lock()
        self._next = 0

    def given(self) -> list[Heard] | None:
        """Return the next given transcript's phrases, ``None`` without any."""
        if not self._transcripts:
            return None
        with self._lock:
            transcript = self._transcripts[self._next % len(self._transcripts)]
            self._next += 1
        return heard_of(transcript)

    def hear(self, pcm: bytes) -> list[Heard]:
        """Recognise 16 kHz 16-bit mono PCM with the local engine."""
        if self._engine is None:
            self._engine = local_engine()
        return self._engine(pcm)


def local_engine() -> Callable[[bytes], list[Heard]]:
    """Return the embedded recogniser as a function over PCM."""
    try:
        from pocketsphinx import Decoder
    except ImportError as missing:
        raise ConfigurationError(
            "the local engine is not installed",
            hint="give --transcript, or pip install pocketsphinx",
        ) from missing
    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    lock = threading.Lock()

    def hear(pcm: bytes) -> list[Heard]:
        with lock:
            decoder.start_utt()
            decoder.process_raw(pcm, full_utt=True)
            decoder.end_utt()
            if decoder.hyp() is None:
                return []
            words = tuple(
                Word(
                    re.sub(r"\(\d+\)$", "", segment.word),
                    segment.start_frame / 100,
                    (segment.end_frame + 1) / 100,
                )
                for segment in decoder.seg()
                if not segment.word.startswith(("<", "["))
            )
        if not words:
            return []
        return [Heard(" ".join(word.text for word in words), words)]

    return hear
