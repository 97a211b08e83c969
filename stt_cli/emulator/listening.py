"""Hears utterances in a stream of PCM: where speech begins and where it pauses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_FRAME_SECONDS = 0.02
_QUIET = 150.0  # root mean square of 16-bit samples: about -47 dB
_PAUSE_SECONDS = 0.5


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
