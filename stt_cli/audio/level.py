"""How loud a recording is: told where it is very quiet, and raised for the engine.

A voice far from its microphone is there in the samples, but a detector of speech
takes it for silence. It is raised to where detectors expect voices, as it goes by
and in constant memory; a recording of usual loudness passes untouched, and so does
noise that never rises and falls as a voice does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from stt_cli.core.events import Notice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FULL = 32_768
# A peak below -34 dB: speech whose words local and cloud engines begin to miss.
_QUIET_PEAK = 655
_SILENT_PEAK = 4  # what a converter makes of nothing

_BLOCK_BYTES = 3_200  # 0.1 s of 16 kHz PCM
_FRAME_SAMPLES = 320  # 20 ms: the middle one of five in a block tells no click
_AHEAD_BLOCKS = 100  # 10 s of a recording are looked at before any of it is passed
_LIVE_BLOCKS = 10  # 1 s of live audio, while a model loads
# Levels are root mean squares, of full scale 1. Speech as usual is at 0.05 to 0.1.
_TOO_QUIET = 0.006
_WANTED = 0.05
_LOUDEST = 0.9
_MOST_GAIN = 200.0  # 46 dB: beyond, it is the steps of 16 bits that are heard
_VOICE_ABOVE_NOISE = 3.0  # 10 dB between words and pauses
_LEVEL_FALLS = 0.994  # a block: 0.5 dB a second
_NOISE_RISES = 1.005
_LEAST_LEVEL = 1e-4


class PeakMeter:
    """Finds the loudest sample of 16-bit PCM, as far as it needs to be known."""

    def __init__(self) -> None:
        self._peak = 0

    def watched(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the blocks; once one is loud enough, they are no longer looked at."""
        for block in blocks:
            if self._peak < _QUIET_PEAK and len(block) > 1:
                samples = memoryview(block)[: len(block) // 2 * 2].cast("h")
                self._peak = max(self._peak, max(samples), -min(samples))
            yield block

    @property
    def notices(self) -> tuple[Notice, ...]:
        """That the audio is very quiet, if it is."""
        if not _SILENT_PEAK < self._peak < _QUIET_PEAK:
            return ()
        decibels = 20 * math.log10(self._peak / _FULL)
        return (
            Notice(
                f"the recording is very quiet: its peak level is {decibels:.0f} dB",
                "move closer to the microphone or raise the input level; 0 dB is "
                "full scale",
            ),
        )


def raised(blocks: Iterable[bytes], *, live: bool = False) -> Iterator[bytes]:
    """Yield 16 kHz 16-bit mono PCM, quiet speech in it raised.

    Args:
        blocks: of 0.1 s, the last may be shorter.
        live: only the first second is held back, once.
    """
    gain = _Gain()
    source = iter(blocks)
    first = list(islice(source, _LIVE_BLOCKS if live else _AHEAD_BLOCKS))
    levels = sorted(_level(block) for block in first)
    if levels:
        gain.begin(loudest=levels[-1], quietest=levels[len(levels) // 10])
    for block in chain(first, source):
        gain.hear(block)
        yield gain.apply(block)


class _Gain:
    """Follows the level of a voice and of what is behind it."""

    def __init__(self) -> None:
        self._loudest = 0.0
        self._quietest = 1.0
        self._last = 1.0

    def begin(self, loudest: float, quietest: float) -> None:
        self._loudest, self._quietest = loudest, quietest

    def hear(self, block: bytes) -> None:
        level = _level(block)
        self._loudest = max(level, self._loudest * _LEVEL_FALLS)
        self._quietest = max(
            _LEAST_LEVEL / 10, min(level, self._quietest * _NOISE_RISES)
        )

    def apply(self, block: bytes) -> bytes:
        wanted = self._wanted()
        if wanted == self._last == 1.0:
            return block
        import numpy as np

        samples = np.frombuffer(block[: len(block) // 2 * 2], "<i2")
        peak = float(np.abs(samples.astype(np.int32)).max(initial=1)) / _FULL
        wanted = max(1.0, min(wanted, _LOUDEST / peak))
        slope = np.linspace(min(self._last, _LOUDEST / peak), wanted, len(samples))
        self._last = wanted
        louder = np.rint(samples * slope)
        return np.clip(louder, -_FULL, _FULL - 1).astype("<i2").tobytes()

    def _wanted(self) -> float:
        is_quiet = _LEAST_LEVEL < self._loudest < _TOO_QUIET
        is_voice = self._loudest > self._quietest * _VOICE_ABOVE_NOISE
        if not is_quiet or not is_voice:
            return 1.0
        return min(_MOST_GAIN, _WANTED / self._loudest)


def _level(block: bytes) -> float:
    """Return the root mean square of the middle 20 ms by loudness, of full scale 1."""
    import numpy as np

    samples: NDArray[np.float32] = np.frombuffer(
        block[: len(block) // 2 * 2], "<i2"
    ).astype(np.float32)
    whole = len(samples) // _FRAME_SAMPLES
    if not whole:
        return 0.0
    frames = samples[: whole * _FRAME_SAMPLES].reshape(whole, _FRAME_SAMPLES)
    power = np.sqrt(np.mean(frames * frames, axis=1))
    return float(np.median(power)) / _FULL
