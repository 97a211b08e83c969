"""Where people speak and where they pause, found while the audio arrives.

A detector says of every 30 ms whether they hold a voice (WebRTC's); the cutter
makes utterances of that: one begins where most of 0.3 s is voice, and ends where
0.3 s hold none. Memory is bounded: whoever speaks without a pause is cut at the
quietest spot.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

SAMPLE_RATE = 16_000
FRAME_SECONDS = 0.03
FRAME_BYTES = 960  # 30 ms of 16-bit mono PCM at 16 kHz
LONGEST_SECONDS = 30.0

# Chosen by word error rate on real recordings (`python -m benchmarks.accuracy`).
_MODE = 2  # of WebRTC's detector: 0 takes nearly all for voice, 3 hardly any
_WINDOW_FRAMES = 10
_VOTES_TO_BEGIN = 6
_FRAMES_BEFORE = 1
_FRAMES_AFTER = 1
# 0.09 s: of 38 such pauses in 166 s of speech, 28 went on to end an utterance.
_PAUSE_FRAMES = 3
_CUT_WITHIN_FRAMES = 200  # look for the quietest spot in the last 6 s
_KEPT_BYTES = 60 * 2 * SAMPLE_RATE
_SILENCE_PEAK = 64  # of 32768, -54 dBFS: below what any microphone hears of speech

IsVoice = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech: ``start`` in seconds, and its PCM."""

    start: float
    pcm: bytes

    @property
    def end(self) -> float:
        """Where it ends, in seconds."""
        return round(self.start + len(self.pcm) / (2 * SAMPLE_RATE), 4)


def webrtc_detector(mode: int = _MODE) -> IsVoice:
    """Return WebRTC's detector; it has a memory, so each stream needs its own."""
    # The extension itself: its wrapper looks up its own version when it is imported,
    # and importlib.metadata is a tenth of a short run's imports.
    import _webrtcvad

    state = _webrtcvad.create()
    _webrtcvad.init(state)
    _webrtcvad.set_mode(state, mode)
    samples = FRAME_BYTES // 2
    return lambda frame: bool(_webrtcvad.process(state, SAMPLE_RATE, frame, samples))


class UtteranceCutter:
    """Cuts a stream of PCM into utterances, however its blocks are cut.

    Args:
        is_voice: judges frames of exactly ``FRAME_BYTES``.
        longest: seconds after which an utterance without a pause is cut.
    """

    def __init__(
        self, is_voice: IsVoice | None = None, longest: float = LONGEST_SECONDS
    ) -> None:
        self._is_voice = is_voice or webrtc_detector()
        self._longest_frames = int(longest / FRAME_SECONDS)
        self._pending = bytearray()
        self._votes: deque[bool] = deque(maxlen=_WINDOW_FRAMES)
        self._recent: deque[bytes] = deque(maxlen=_WINDOW_FRAMES + _FRAMES_BEFORE)
        self._frames = 0
        self._start_frame = 0
        self._speech: list[bytes] = []
        self._kept = bytearray()
        self._found = False

    @property
    def in_speech(self) -> bool:
        """Whether somebody is speaking."""
        return bool(self._speech)

    @property
    def start(self) -> float:
        """Where the utterance under way began, in seconds."""
        return round(self._start_frame * FRAME_SECONDS, 2)

    @property
    def heard(self) -> float:
        """How much was received, in seconds."""
        bytes_in_all = self._frames * FRAME_BYTES + len(self._pending)
        return bytes_in_all / (2 * SAMPLE_RATE)

    @property
    def silence(self) -> float:
        """How long nobody has spoken, in seconds."""
        return self._quiet_frames * FRAME_SECONDS

    def speech(self, first_frame: int = 0) -> tuple[bytes, int]:
        """Return the utterance under way from that frame on, and its frame count."""
        return b"".join(self._speech[first_frame:]), len(self._speech)

    @property
    def ending(self) -> Utterance | None:
        """The utterance under way as it will be if the pause that has begun goes on."""
        quiet = self._quiet_frames
        if not self._speech or quiet < _PAUSE_FRAMES:
            return None
        return self._utterance(len(self._speech) - quiet + _FRAMES_AFTER)

    def receive(self, block: bytes) -> Iterator[Utterance]:
        """Take the next PCM and yield every utterance that ended in it."""
        self._pending += block
        while len(self._pending) >= FRAME_BYTES:
            frame = bytes(self._pending[:FRAME_BYTES])
            del self._pending[:FRAME_BYTES]
            utterance = self._step(frame)
            if utterance is not None:
                yield utterance

    def finish(self) -> Iterator[Utterance]:
        """Take the end: yield what was still being said.

        If no voice was found in all the audio, yield it whole (its first minute),
        unless it is silent: a detector may err, and then nothing should be lost.
        """
        rest = bytes(self._pending)
        if self._speech:
            yield Utterance(self.start, b"".join(self._speech) + rest)
            self._speech = []
        elif not self._found:
            everything = bytes(self._kept) + rest
            if everything and not is_silent(everything):
                yield Utterance(0.0, everything)

    def _step(self, frame: bytes) -> Utterance | None:
        self._votes.append(self._is_voice(frame))
        self._frames += 1
        if not self._speech:
            self._recent.append(frame)
            self._keep(frame)
            if sum(self._votes) >= _VOTES_TO_BEGIN:
                self._begin()
            return None
        self._speech.append(frame)
        if not any(self._votes):
            return self._end(len(self._speech) - _WINDOW_FRAMES + _FRAMES_AFTER)
        if len(self._speech) >= self._longest_frames:
            return self._cut()
        return None

    def _begin(self) -> None:
        self._speech = list(self._recent)
        self._start_frame = self._frames - len(self._speech)
        self._recent.clear()
        self._kept.clear()
        self._found = True

    @property
    def _quiet_frames(self) -> int:
        return sum(1 for _ in takewhile(lambda voice: not voice, reversed(self._votes)))

    def _utterance(self, count: int) -> Utterance:
        return Utterance(self.start, b"".join(self._speech[:count]))

    def _end(self, count: int) -> Utterance:
        """End the utterance after ``count`` frames; the rest may begin the next."""
        utterance = self._utterance(count)
        self._recent.extend(self._speech[count:])
        self._speech = []
        return utterance

    def _cut(self) -> Utterance:
        """Cut in two at the quietest frame of late, and go on speaking."""
        first = len(self._speech) - _CUT_WITHIN_FRAMES
        loudness = [_energy(frame) for frame in self._speech[first:]]
        count = first + loudness.index(min(loudness))
        utterance = self._utterance(count)
        self._speech = self._speech[count:]
        self._start_frame += count
        return utterance

    def _keep(self, frame: bytes) -> None:
        if not self._found and len(self._kept) < _KEPT_BYTES:
            self._kept += frame


def is_silent(pcm: bytes) -> bool:
    """Whether no sample is as loud as the faintest speech."""
    samples = memoryview(pcm)[: len(pcm) // 2 * 2].cast("h")
    size = FRAME_BYTES // 2
    frames = (samples[at : at + size] for at in range(0, len(samples), size))
    return all(max(max(frame), -min(frame)) < _SILENCE_PEAK for frame in frames)


def _energy(frame: bytes) -> int:
    return sum(sample * sample for (sample,) in struct.iter_unpack("<h", frame))
