"""Recordings made worse, the same way every time: noise, babble, telephone, a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
RATE = 16_000
_TALKERS = 6
_REVERBERATION_S = 0.6


def pink_noise(length: int) -> Sound:
    """Return noise with as much power in every octave, at a level of 1."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    return _leveled(np.fft.irfft(spectrum, length))


def babble(length: int, talkers: Sequence[Sound]) -> Sound:
    """Return six talkers at once, at a level of 1."""
    chance = np.random.default_rng(0)
    mixed = np.zeros(length)
    for _ in range(_TALKERS):
        talker = talkers[int(chance.integers(len(talkers)))]
        start = int(chance.integers(len(talker)))
        mixed += _leveled(np.resize(np.roll(talker, -start), length))
    return _leveled(mixed)


def with_noise(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """Return a sound over noise, so many decibels louder than it."""
    return sound + noise * _level(sound) * 10 ** (-decibels / 20)


def telephone(sound: Sound) -> Sound:
    """Return what a telephone passes: 300 to 3400 Hz."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3_400)] = 0
    return np.fft.irfft(spectrum, len(sound))


def far_field(sound: Sound) -> Sound:
    """Return a sound as heard across a room that echoes for 0.6 s."""
    time = np.arange(int(_REVERBERATION_S * RATE)) / RATE
    decay = np.exp(-6.9 * time / _REVERBERATION_S)  # 60 dB
    response = np.random.default_rng(0).standard_normal(len(time)) * decay
    response[0] = 4.0
    response /= np.sqrt(np.sum(response**2))
    whole = len(sound) + len(response)
    spectrum = np.fft.rfft(sound, whole) * np.fft.rfft(response, whole)
    return np.fft.irfft(spectrum, whole)[: len(sound)]


Degrade = Callable[[Sound, Sequence[Sound]], Sound]
KINDS: Mapping[str, Degrade] = MappingProxyType(
    {
        "clean": lambda sound, _: sound,
        "pink 10 dB": lambda sound, _: with_noise(sound, pink_noise(len(sound)), 10),
        "pink 0 dB": lambda sound, _: with_noise(sound, pink_noise(len(sound)), 0),
        "babble 10 dB": lambda sound, others: with_noise(
            sound, babble(len(sound), others), 10
        ),
        "telephone": lambda sound, _: telephone(sound),
        "far field": lambda sound, _: far_field(sound),
    }
)


def pcm_of(sound: Sound) -> bytes:
    """Return 16-bit PCM that is not clipped."""
    peak = max(1.0, float(np.abs(sound).max()))
    return np.rint(sound / peak * 32_000).astype("<i2").tobytes()


def sound_of(pcm: bytes) -> Sound:
    """Return 16-bit PCM as numbers up to 1."""
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768


def _level(sound: Sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def _leveled(sound: Sound) -> Sound:
    return sound / max(_level(sound), 1e-9)
