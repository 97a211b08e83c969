"""What an emulator hears: given transcripts, or the local engine's, pause by pause."""

from __future__ import annotations

import atexit
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stt_cli.core.transcript import Word

if TYPE_CHECKING:
    from stt_cli.engines.decoding import OwnDecoders

_BETWEEN_PHRASES = re.compile(r" \| |\r?\n")
_TRANSLATED = re.compile(r"\[(?P<tag>[A-Za-z]{2,3}(?:-\w+)*): *(?P<text>[^\]]*)\]")
_SPOKEN_IN = re.compile(r"\[(?P<language>[a-z]{2,3}-[A-Z]{2})\] +(?P<text>.+)")
BYTES_A_SECOND = 32_000  # 16 kHz, 16 bit, mono
_FRAME_SECONDS = 0.02
_QUIET = 150.0  # root mean square of 16-bit samples: about -47 dB
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """One phrase: its text in lower case without punctuation is ``lexical``.

    ``language`` is what it is spoken in, where a given transcript says so, and
    ``translations`` are its own there.
    """

    text: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    translations: Mapping[str, str] = field(default_factory=dict)

    @property
    def lexical(self) -> str:
        """The spoken words."""
        return re.sub(r"[^\w\s'-]", "", self.text).lower()

    def translated(self, language: str) -> str:
        """Return the given translation, else one that nobody takes for a real one."""
        known = {tag.casefold(): text for tag, text in self.translations.items()}
        return known.get(language.casefold(), f"{self.text} ({language})")

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
    """Return a given transcript's phrases: ``Hello. | [de-DE] Guten Tag.``

    Translations may follow a phrase: ``Hello. [de: Hallo.] [fr: Bonjour.]``
    """
    parts = (part.strip() for part in _BETWEEN_PHRASES.split(transcript))
    return [_heard(part) for part in parts if part]


def _heard(phrase: str) -> Heard:
    given = {found["tag"]: found["text"] for found in _TRANSLATED.finditer(phrase)}
    phrase = _TRANSLATED.sub("", phrase).strip()
    spoken = _SPOKEN_IN.fullmatch(phrase)
    if spoken is None:
        return Heard(phrase, translations=given)
    return Heard(spoken["text"], language=spoken["language"], translations=given)


def joined(phrases: Sequence[Heard]) -> Heard:
    """Return several phrases as one, in the language of the first."""
    tags = dict.fromkeys(tag for phrase in phrases for tag in phrase.translations)
    return Heard(
        " ".join(phrase.text for phrase in phrases),
        language=phrases[0].language,
        translations={
            tag: " ".join(phrase.translated(tag) for phrase in phrases) for tag in tags
        },
    )


def language_found(heard: Heard, candidates: Sequence[str]) -> str | None:
    """Return the language of a phrase, as one who has to choose would find it.

    Args:
        candidates: those to choose from; with none, it may be any.
    """
    known = {tag.lower(): tag for tag in candidates}
    spoken = heard.language
    if not candidates:
        return spoken
    return known.get((spoken or "").lower(), candidates[0])


class Ear:
    """Hears requests one after the other. Any thread may ask."""

    def __init__(
        self,
        transcripts: tuple[str, ...],
        engine: Callable[[bytes], list[Heard]] | None = None,
    ) -> None:
        self._transcripts = transcripts
        self._engine = engine
        if not transcripts and engine is None:
            self._engine = local_engine()
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
        """Recognize 16 kHz 16-bit mono PCM with the local engine."""
        if self._engine is None:
            self._engine = local_engine()
        return self._engine(pcm)


def local_engine() -> Callable[[bytes], list[Heard]]:
    """Return the embedded recognizer as a function over PCM.

    All emulators of this process share it. It begins to load its model at once.
    """
    from stt_cli.core.events import Phrase
    from stt_cli.engines.recognition import Listening, listen

    decoders, longest = _decoders()
    how = Listening(decoders, longest_window=longest)

    def hear(pcm: bytes) -> list[Heard]:
        segments = [e.segment for e in listen([pcm], how) if isinstance(e, Phrase)]
        return [Heard(segment.text, segment.words) for segment in segments]

    return hear


_DECODERS_LOCK = threading.Lock()
_opened: list[tuple[OwnDecoders, float | None]] = []


def _decoders() -> tuple[OwnDecoders, float | None]:
    """Return the decoders and their longest window; they end with this process."""
    from stt_cli.core.environment import Environment
    from stt_cli.engines.default import default_model

    with _DECODERS_LOCK:
        if not _opened:
            model = default_model()
            decoders = model.open(Environment.of_this_process(), 1)
            atexit.register(decoders.close)
            decoders.warm_up()
            _opened.append((decoders, model.longest_window))
        return _opened[0]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech between two pauses, in seconds of the stream."""

    start: float
    end: float
    pcm: bytes


class Listener:
    """Cuts 16-bit mono PCM at its pauses. Holds one utterance at most."""

    def __init__(self, sample_rate: int = 16_000) -> None:
        self._rate = sample_rate
        self._frame = int(sample_rate * _FRAME_SECONDS) * 2
        self._rest = b""
        self._frames = 0
        self._speech: list[bytes] = []
        self._start: float | None = None
        self._quiet_frames = 0

    @property
    def seconds(self) -> float:
        """How much audio has come."""
        return (self._frames * self._frame + len(self._rest)) / 2 / self._rate

    @property
    def speech_start(self) -> float | None:
        """Where the utterance that is under way began."""
        return self._start

    def feed(self, pcm: bytes) -> list[Utterance]:
        """Take audio; return the utterances that a pause has ended."""
        data = self._rest + pcm
        whole = len(data) - len(data) % self._frame
        self._rest = data[whole:]
        ended = []
        for at in range(0, whole, self._frame):
            utterance = self._take(data[at : at + self._frame])
            if utterance is not None:
                ended.append(utterance)
        return ended

    def finish(self) -> Utterance | None:
        """Return the utterance that the end of the audio cuts off."""
        if self._start is None:
            return None
        self._speech.append(self._rest)
        return self._cut(self.seconds)

    def _take(self, frame: bytes) -> Utterance | None:
        loud = _loudness(frame) >= _QUIET
        at = self._frames * _FRAME_SECONDS
        self._frames += 1
        if self._start is None:
            if loud:
                self._start, self._speech, self._quiet_frames = at, [frame], 0
            return None
        self._speech.append(frame)
        self._quiet_frames = 0 if loud else self._quiet_frames + 1
        if self._quiet_frames * _FRAME_SECONDS < _PAUSE_SECONDS:
            return None
        return self._cut(at + _FRAME_SECONDS - _PAUSE_SECONDS)

    def _cut(self, end: float) -> Utterance:
        start = self._start or 0.0
        utterance = Utterance(start, max(end, start), b"".join(self._speech))
        self._start, self._speech, self._quiet_frames = None, [], 0
        return utterance


def _loudness(frame: bytes) -> float:
    samples = np.frombuffer(frame, dtype="<i2").astype(np.float64)
    return float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0


def seconds_of_pcm(pcm: bytes) -> float:
    """Return the length of 16 kHz 16-bit mono PCM."""
    return len(pcm) / BYTES_A_SECOND
