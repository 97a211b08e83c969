"""From the channels of a recording to the one that a recognizer hears.

Either all are mixed, or one is taken. While they go by it is noted what a user
should know: two people who speak at once in channels of their own, samples that
are no numbers, a scale that is not the usual one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

from stt_cli.core.errors import AudioError
from stt_cli.core.events import Notice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_FRAME_S = 0.05
_OPPOSITE = -0.6  # a correlation below which a channel is the other turned over
_FAINTEST = 1e-3  # of full scale, -60 dB: below, nothing is said
_BELOW_LOUDEST = 0.06  # of a channel's loudest frame, -24 dB
# Two microphones in one room hear the same voice rise and fall; two lines do not.
_SAME_VOICE = 0.6
_AT_ONCE_S = 0.5
_AT_ONCE_SHARE = 0.15
_MOST_COMPARED = 8  # channels

# Samples are between -1 and 1; 24 dB above is no loud recording but another scale.
_FAR_TOO_LOUD = 16.0
_SCALE_16_BIT = 32_768.0


class Mixer(Protocol):
    """Makes one channel of several, block by block; has a memory of its own."""

    def mix(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Yield one-dimensional blocks for blocks of shape ``(frames, channels)``.

        Raises:
            AudioError: there is not one sample that is a number.
        """

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was amiss, known by now."""


class Downmix:
    """All channels together, none of them canceling another.

    A channel that is the others turned over is turned back before it is added.
    """

    def __init__(self, rate: int) -> None:
        self._frame = max(1, round(rate * _FRAME_S))
        self._cleaning = _Cleaning()
        self._overlap = _Overlap()
        self._signs: dict[int, int] = {}  # the last of each channel

    def mix(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Yield the mix."""
        import numpy as np

        pending: list[Samples] = []
        held = 0
        for block in self._cleaning.cleaned(blocks):
            if block.shape[1] == 1:
                yield block[:, 0]
                continue
            # Judged in frames of one length, however the blocks are cut.
            pending.append(block)
            held += len(block)
            if held < self._frame:
                continue
            joined = np.concatenate(pending) if len(pending) > 1 else pending[0]
            whole = held - held % self._frame
            yield self._mixed(joined[:whole])
            pending, held = [joined[whole:]], held - whole
        if held:
            yield self._mixed(np.concatenate(pending), whole=False)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was amiss, known by now."""
        return (*self._cleaning.notices, *self._overlap.notices)

    def _mixed(self, block: Samples, *, whole: bool = True) -> Samples:
        import numpy as np

        count, channels = block.shape
        length = self._frame if whole else count
        frames = block.reshape(-1, length, channels)
        mix = frames[:, :, 0].copy()
        for channel in range(1, channels):
            one = frames[:, :, channel]
            mix += one * self._signs_of(mix, one, channel)[:, None]
        if whole:
            self._overlap.add(np.sqrt(np.mean(frames * frames, axis=1)))
        return (mix / np.float32(channels)).reshape(-1)

    def _signs_of(self, mix: Samples, one: Samples, channel: int) -> Samples:
        """Return 1 or -1 for each frame of a channel; the last one holds in doubt."""
        import numpy as np

        power = np.sqrt(np.sum(mix * mix, axis=1) * np.sum(one * one, axis=1))
        alike = np.sum(mix * one, axis=1) / np.maximum(power, 1e-9)
        found = np.where(alike < _OPPOSITE, -1, np.where(alike > -_OPPOSITE, 1, 0))
        known = np.concatenate([[self._signs.get(channel, 1)], found])
        places = np.maximum.accumulate(np.where(known != 0, np.arange(len(known)), 0))
        held = known[places][1:]
        self._signs[channel] = int(held[-1])
        return held.astype(np.float32)


class OneChannel:
    """One channel, by its number from 0."""

    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._cleaning = _Cleaning()

    def mix(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Yield that channel; silence where a part of the recording lacks it."""
        import numpy as np

        for block in self._cleaning.cleaned(blocks):
            if self._channel < block.shape[1]:
                yield np.ascontiguousarray(block[:, self._channel])
            else:
                yield np.zeros(len(block), np.float32)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was amiss, known by now."""
        return self._cleaning.notices


class _Cleaning:
    """Makes numbers of what is none, and the usual scale of another."""

    def __init__(self) -> None:
        self._samples = 0
        self._odd = 0
        self._scale = 1.0

    def cleaned(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        import numpy as np

        for block in blocks:
            finite = np.isfinite(block)
            self._samples += block.size
            if not finite.all():
                self._odd += block.size - int(np.count_nonzero(finite))
                block = np.where(finite, block, np.float32(0))
            yield self._scaled(block)
        if self._samples and self._odd == self._samples:
            raise AudioError(
                "all samples are NaN",
                hint="export it again from the program that made it",
            )

    def _scaled(self, block: Samples) -> Samples:
        import numpy as np

        peak = float(np.max(np.abs(block), initial=0.0))
        if self._scale == 1.0 and peak > 1.0:
            counted = peak >= 2.0 and not np.any(np.modf(block)[0])
            if counted or peak > _FAR_TOO_LOUD:
                # Some programs write the numbers of 16 bits as floats.
                self._scale = max(_SCALE_16_BIT, peak)
        if self._scale == 1.0:
            return block
        scaled: Samples = np.clip(block / np.float32(self._scale), -1.0, 1.0)
        return scaled

    @property
    def notices(self) -> tuple[Notice, ...]:
        notices = []
        if 0 < self._odd < self._samples:
            noun = (
                "sample is NaN and was"
                if self._odd == 1
                else ("samples are NaN and were")
            )
            notices.append(
                Notice(
                    f"{self._odd:,} {noun} replaced with silence",
                    "export the recording again from the program that made it",
                )
            )
        if self._scale != 1.0:
            notices.append(
                Notice(
                    "its samples are not between -1 and 1, and were scaled",
                    "export the recording as 16-bit PCM, or scale it to full scale 1.0",
                )
            )
        return tuple(notices)


class _Overlap:
    """Whether two channels hold different speech at once."""

    def __init__(self) -> None:
        self._frames = 0
        self._loudest: Samples | None = None

    def add(self, levels: Samples) -> None:
        """Take the levels of frames, of shape ``(frames, channels)``."""
        import numpy as np

        levels = levels[:, :_MOST_COMPARED]
        if self._loudest is None:
            channels = levels.shape[1]
            self._loudest = np.zeros(channels, np.float32)
            self._both = np.zeros((channels, channels))
            self._sums = np.zeros(channels)
            self._products = np.zeros((channels, channels))
        if levels.shape[1] != len(self._loudest):
            return  # another part of the recording, with other channels
        running = np.maximum.accumulate(
            np.maximum(levels, self._loudest[None, :]), axis=0
        )
        self._loudest = running[-1]
        active = levels > np.maximum(_FAINTEST, running * _BELOW_LOUDEST)
        spoken = active.any(axis=1)
        if not spoken.any():
            return
        active = active[spoken].astype(np.float64)
        decibels = np.log10(np.maximum(levels[spoken].astype(np.float64), 1e-4))
        self._frames += len(active)
        self._both += active.T @ active
        self._sums += decibels.sum(axis=0)
        self._products += decibels.T @ decibels

    @property
    def notices(self) -> tuple[Notice, ...]:
        if not self._hears_two():
            return ()
        return (
            Notice(
                "its channels contain different speech at the same time, and were "
                "mixed",
                "use --channels to recognize each separately",
            ),
        )

    def _hears_two(self) -> bool:
        if not self._frames or self._loudest is None or len(self._loudest) < 2:
            return False
        import numpy as np

        needed = max(_AT_ONCE_S / _FRAME_S, _AT_ONCE_SHARE * self._frames)
        means = self._sums / self._frames
        covariance = self._products / self._frames - np.outer(means, means)
        deviation = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
        alike = covariance / np.outer(deviation, deviation)
        pairs = np.triu(np.ones_like(alike, dtype=bool), 1)
        return bool(np.any(pairs & (self._both >= needed) & (alike < _SAME_VOICE)))
