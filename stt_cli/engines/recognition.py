"""Recognition on this machine: PCM in, events out, whichever engine decodes.

The voice-activity detector cuts the audio into utterances while it arrives;
windows of one or more go to the decoders, several at once where there are several,
and the phrases come out in order. Memory does not grow with the length of the audio.

Live speech is decoded as soon as a pause begins: by the time the pause is long enough
to end the utterance, its phrase is all but there. When the speaker goes on instead,
that work is dropped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from stt_cli.audio.voice_activity import LONGEST_SECONDS, Utterance, UtteranceCutter
from stt_cli.core.events import (
    Ended,
    Partial,
    Phrase,
    Progress,
    SpeechEnded,
    SpeechStarted,
)
from stt_cli.core.transcript import RecognitionStatus, Segment
from stt_cli.engines.decoding import DecodeOptions, Decoders, PartialDecoder, Window
from stt_cli.engines.packing import Packer

Heard = SpeechStarted | SpeechEnded | Partial | Phrase | Progress | Ended

_PROGRESS_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen.

    ``longest_window`` is for how many seconds of neighboring utterances a window
    has room; ``None`` decodes each utterance by itself. With ``at_each_pause`` a
    window does not wait until it is full. With ``detects_language`` the first
    phrases tell which language is likely. ``total`` is the length of the audio in
    seconds, where known.
    """

    decoders: Decoders
    partials: PartialDecoder | None = None
    options: DecodeOptions = field(default_factory=DecodeOptions)
    longest_window: float | None = None
    at_each_pause: bool = False
    detects_language: bool = False
    total: float | None = None


@dataclass(frozen=True, slots=True)
class _Submission:
    """A window that is being decoded."""

    window: Window
    options: DecodeOptions
    future: Future[tuple[Segment, ...]]

    def is_of(self, window: Window, options: DecodeOptions) -> bool:
        """Whether it will give what these would."""
        return (self.window, self.options) == (window, options)

    def cancel(self) -> bool:
        """Drop it; return whether no decoder works on it any longer."""
        return self.future.cancel() or self.future.done()


def listen(blocks: Iterable[bytes], how: Listening) -> Iterator[Heard]:
    """Recognize 16 kHz 16-bit mono PCM; ``Ended`` comes last."""
    return _Listener(how).run(blocks)


class _Listener:
    def __init__(self, how: Listening) -> None:
        self._how = how
        self._options = how.options
        self._cutter = UtteranceCutter(longest=how.longest_window or LONGEST_SECONDS)
        self._packer = Packer(how.longest_window) if how.longest_window else None
        self._waiting: deque[_Submission] = deque()
        self._ahead: _Submission | None = None  # of a pause that may not last
        self._speaking = False
        self._followed = 0  # frames of the utterance that the partials heard
        self._partial = ""
        self._utterances = 0
        self._phrases = 0
        self._language: str | None = None
        self._told = 0.0

    def run(self, blocks: Iterable[bytes]) -> Iterator[Heard]:
        try:
            for block in blocks:
                if self._packer:
                    self._packer.receive(block)
                for utterance in self._cutter.receive(block):
                    yield from self._ended(utterance)
                self._send_full_window()
                self._decode_ahead()
                yield from self._follow()
                yield from self._collect(keep=self._how.decoders.limit)
                yield from self._progress()
            for utterance in self._cutter.finish():
                yield from self._ended(utterance)
            self._send(self._packer.finish() if self._packer else ())
            yield from self._collect(keep=0)
            yield Ended(
                self._status(),
                duration=self._cutter.heard,
                language=self._language,
            )
        finally:
            for submission in (*self._waiting, *([self._ahead] if self._ahead else ())):
                submission.cancel()

    def _ended(self, utterance: Utterance) -> Iterator[Heard]:
        if not self._speaking:
            yield SpeechStarted(utterance.start)
        yield SpeechEnded(utterance.end)
        self._speaking = False
        self._followed = 0
        self._utterances += 1
        if self._packer is None:
            self._send([Window.of(utterance)])
            return
        self._send(self._packer.add(utterance))
        if self._how.at_each_pause:
            self._send(self._packer.finish())

    def _send_full_window(self) -> None:
        if self._packer:
            since = self._cutter.start if self._cutter.in_speech else None
            self._send(self._packer.settle(since, self._cutter.heard))

    def _send(self, windows: Iterable[Window]) -> None:
        for window in windows:
            self._settle_language()
            ahead, self._ahead = self._ahead, None
            if ahead is not None and not ahead.is_of(window, self._options):
                ahead.cancel()
                ahead = None
            self._waiting.append(ahead or self._submission(window))

    def _submission(self, window: Window) -> _Submission:
        future = self._how.decoders.submit(window, self._options)
        return _Submission(window, self._options, future)

    def _decode_ahead(self) -> None:
        """Begin to decode live speech with the pause that may end it.

        Only where a decoder has nothing better to do.
        """
        utterance = self._cutter.ending
        if not self._how.at_each_pause or utterance is None or self._waiting:
            return
        window, ahead = Window.of(utterance), self._ahead
        if ahead is None or (not ahead.is_of(window, self._options) and ahead.cancel()):
            self._ahead = self._submission(window)

    def _settle_language(self) -> None:
        """Wait for the language of the first phrases: it holds where others are vague.

        So that results depend neither on how many windows are decoded at once.
        """
        if not self._how.detects_language or self._options.likely_language:
            return
        for submission in self._waiting:
            for segment in submission.future.result():
                self._options = replace(self._options, likely_language=segment.language)
                return

    def _follow(self) -> Iterator[Heard]:
        """Tell that somebody speaks, and what of it is understood so far."""
        if not self._cutter.in_speech:
            return
        partials = self._how.partials
        if not self._speaking:
            self._speaking = True
            yield SpeechStarted(self._cutter.start)
            self._partial = ""
            if partials:
                partials.begin()
        # Phrases come first, also the one that this pause may bring.
        if partials and not self._waiting and not self._cutter.silence:
            pcm, self._followed = self._cutter.speech(self._followed)
            text = partials.hear(pcm) if pcm else self._partial
            if text and text != self._partial:
                self._partial = text
                yield Partial(text, start=self._cutter.start, end=self._cutter.heard)

    def _collect(self, keep: int) -> Iterator[Heard]:
        """Yield results in order: those that are there, and wait for the overdue."""
        while self._waiting:
            submission = self._waiting[0]
            if not submission.future.done() and len(self._waiting) <= keep:
                return
            segments = submission.future.result()
            self._waiting.popleft()
            for segment in segments:
                self._phrases += 1
                self._language = self._language or segment.language
                yield Phrase(segment)
            yield self._reached(submission.window.end)

    def _progress(self) -> Iterator[Heard]:
        """Tell now and then how far a long pause has gone."""
        heard = self._cutter.heard
        idle = not self._waiting and not self._cutter.in_speech
        if idle and heard - self._told >= _PROGRESS_EVERY_S:
            yield self._reached(heard)

    def _reached(self, position: float) -> Progress:
        self._told = position
        return Progress(position, self._how.total)

    def _status(self) -> RecognitionStatus:
        if self._phrases:
            return RecognitionStatus.SUCCESS
        if self._utterances:
            return RecognitionStatus.NO_MATCH
        return RecognitionStatus.INITIAL_SILENCE
