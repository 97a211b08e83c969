"""Packing: neighboring utterances that one window of a model has room for.

Whisper decodes 30 s at a time, however little of it is speech, and hears better in
context. So utterances are gathered while the span from the first one's start to the
last one's end fits; the window holds the original audio of that span, pauses
included. What goes into a window depends on the audio alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from stt_cli.audio.voice_activity import SAMPLE_RATE, Utterance
from stt_cli.engines.decoding import Span, Window

_BYTES_PER_SECOND = 2 * SAMPLE_RATE


class Packer:
    """Gathers utterances into windows of at most ``longest`` seconds.

    Give it all PCM, and each utterance once it has ended. It holds ``longest``
    seconds of audio at most, besides the utterance under way.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._audio = bytearray()
        self._audio_start = 0  # in bytes from the start of the input
        self._speech: list[Span] = []

    def receive(self, block: bytes) -> None:
        """Take the next PCM."""
        self._audio += block

    def add(self, utterance: Utterance) -> Iterator[Window]:
        """Take an utterance; yield the window that it did not fit into."""
        if _offset(utterance.start) < self._audio_start:
            # Taken for no speech at first, its audio was forgotten.
            self._audio = bytearray(utterance.pcm)
            self._audio_start = _offset(utterance.start)
        for piece in self._pieces(utterance):
            if self._speech and piece[1] - self._speech[0][0] > self._longest:
                yield self._window()
            self._speech.append(piece)

    def settle(self, in_speech_since: float | None, heard: float) -> Iterator[Window]:
        """Yield the window that nothing more fits into, and forget older audio.

        Args:
            in_speech_since: the start of the utterance under way.
            heard: how much audio was received, in seconds.
        """
        if self._speech:
            next_end = heard if in_speech_since is None else in_speech_since
            if next_end - self._speech[0][0] > self._longest:
                yield self._window()
        if not self._speech:
            # An utterance begins a little before it is noticed.
            kept_from = heard - 1.0 if in_speech_since is None else in_speech_since
            self._forget(kept_from)

    def finish(self) -> Iterator[Window]:
        """Yield the last window."""
        if self._speech:
            yield self._window()

    def _pieces(self, utterance: Utterance) -> Iterator[Span]:
        """Yield an utterance's span, in several where it is too long for a window."""
        start = utterance.start
        while round(utterance.end - start, 4) > self._longest:
            yield start, start + self._longest
            start = round(start + self._longest, 4)
        yield start, utterance.end

    def _window(self) -> Window:
        start, end = self._speech[0][0], self._speech[-1][1]
        first = _offset(start) - self._audio_start
        last = _offset(end) - self._audio_start
        pcm = bytes(self._audio[first:last])
        window = Window(start, pcm, tuple(self._speech))
        self._speech = []
        self._forget(end)
        return window

    def _forget(self, before: float) -> None:
        count = min(len(self._audio), _offset(before) - self._audio_start)
        if count > 0:
            del self._audio[:count]
            self._audio_start += count


def _offset(seconds: float) -> int:
    return 2 * round(seconds * SAMPLE_RATE)
