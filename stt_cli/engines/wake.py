"""Waiting for a wake phrase: the local engine listens, nothing else hears it.

Only what comes behind the phrase is handed on, so that no service gets to hear
what was said before somebody asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stt_cli.audio.conversion import block_length, convert, regroup
from stt_cli.audio.source import AudioEncoding, AudioSource
from stt_cli.audio.voice_activity import SAMPLE_RATE
from stt_cli.audio.wav import pcm_header
from stt_cli.core.errors import NothingFoundError, UsageError
from stt_cli.core.events import Notice
from stt_cli.engines.pocketsphinx_engine import load_decoder
from stt_cli.engines.pocketsphinx_model import ModelFiles

# The share of noise over phrase that still counts as heard. A word of few sounds
# is heard in others too easily and needs to be the plainer.
_THRESHOLD, _THRESHOLD_OF_SHORT = 1e-15, 1e-5
_SHORT_PHONES = 5
_BYTES_A_SECOND = 2 * SAMPLE_RATE
_KEPT_BYTES = 4 * _BYTES_A_SECOND  # more than the search lags behind


@dataclass(frozen=True, slots=True)
class Woken:
    """Where the phrase was heard, in seconds from the start of listening."""

    start: float
    end: float


class WakePhrase:
    """Searches 16 kHz PCM for one phrase.

    Raises:
        UsageError: the phrase is empty, or has a word that the dictionary lacks.
    """

    def __init__(self, phrase: str, model: ModelFiles | None = None) -> None:
        words = phrase.casefold().split()
        decoder = load_decoder(model or ModelFiles(), lm=None)
        phones = [decoder.lookup_word(word) for word in words]
        unknown = [word for word, known in zip(words, phones, strict=True) if not known]
        if unknown or not words:
            raise UsageError(
                f"the wake phrase has no words: {phrase!r}"
                if not words
                else "the wake phrase has words that are not in the dictionary: "
                f"{', '.join(unknown)}",
                hint="use English words, such as --wake 'hey computer'",
            )
        count = sum(len(known.split()) for known in phones)
        decoder.config["kws_threshold"] = (
            _THRESHOLD_OF_SHORT if count <= _SHORT_PHONES else _THRESHOLD
        )
        decoder.add_keyphrase("wake", " ".join(words))
        decoder.activate_search("wake")
        self._decoder = decoder
        self._frame_rate: int = decoder.config["frate"]
        self._decoder.start_utt()

    def hear(self, pcm: bytes) -> Woken | None:
        """Take the next PCM; return where the phrase was, once it was heard."""
        self._decoder.process_raw(pcm)
        if self._decoder.hyp() is None:
            return None
        found = next(iter(self._decoder.seg()))
        return Woken(
            round(found.start_frame / self._frame_rate, 4),
            round((found.end_frame + 1) / self._frame_rate, 4),
        )


class WokenSource:
    """A source of which only what comes behind the wake phrase is heard.

    Times in the results count from there. ``woken`` tells where the phrase was,
    as soon as it was heard. Reading ends in ``NothingFoundError`` if it never is.
    """

    encoding = AudioEncoding("wav", "pcm_s16le", SAMPLE_RATE, 1, "audio/wav")
    path: Path | None = None
    url: str | None = None
    size: int | None = None
    duration: float | None = None

    def __init__(
        self, source: AudioSource, phrase: str, model: ModelFiles | None = None
    ) -> None:
        self._source = source
        self._phrase = phrase
        self._search = WakePhrase(phrase, model)
        self.woken: Woken | None = None
        self.name = source.name
        self.live = source.live

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the source noticed."""
        return self._source.notices

    def check_decodable(self) -> None:
        """Ask the source."""
        self._source.check_decodable()

    def pcm(
        self, sample_rate: int = SAMPLE_RATE, block_seconds: float = 0.1
    ) -> Iterator[bytes]:
        """Wait for the phrase, and yield 16-bit mono PCM from its end on."""
        blocks = self._behind()
        if sample_rate != SAMPLE_RATE:
            blocks = convert(blocks, "pcm_s16le", 1, SAMPLE_RATE, sample_rate)
        yield from regroup(blocks, block_length(sample_rate, block_seconds))

    def original(self, block_bytes: int = 3_200) -> Iterator[bytes]:
        """Wait for the phrase, and yield a WAV stream from its end on."""
        yield pcm_header(SAMPLE_RATE)
        yield from regroup(self._behind(), block_bytes)

    def _behind(self) -> Iterator[bytes]:
        blocks = self._source.pcm()
        recent = bytearray()
        received = 0
        for block in blocks:
            recent += block
            received += len(block)
            del recent[: max(0, len(recent) - _KEPT_BYTES)]
            self.woken = self._search.hear(block)
            if self.woken is not None:
                break
        if self.woken is None:
            raise NothingFoundError(
                f"the wake phrase {self._phrase!r} was not detected",
                hint="speak it clearly, or choose a phrase of two or three words",
            )
        behind = received - round(self.woken.end * SAMPLE_RATE) * 2
        if behind > 0:
            yield bytes(recent[-behind:])
        yield from blocks
