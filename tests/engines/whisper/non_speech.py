"""Sounds that are no speech, and that a recognizer is asked to keep quiet about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]
RATE = 16_000
SECONDS = 8.0


def _time() -> Sound:
    return np.arange(round(SECONDS * RATE)) / RATE


def _noise() -> Sound:
    return np.random.default_rng(1).standard_normal(round(SECONDS * RATE))


def silence() -> Sound:
    """Digital silence."""
    return np.zeros(round(SECONDS * RATE))


def hiss() -> Sound:
    """White noise, as of a tape."""
    return 0.1 * _noise()


def pink() -> Sound:
    """Noise with as much power in every octave, as of wind or a fan."""
    spectrum = np.fft.rfft(_noise())
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    shaped: Sound = np.fft.irfft(spectrum)
    sound: Sound = 0.2 * shaped / np.abs(shaped).max()
    return sound


def hum() -> Sound:
    """The mains: 50 Hz and its harmonics."""
    tones = (np.sin(2 * np.pi * 50 * k * _time()) / k for k in range(1, 9))
    sound: Sound = 0.1 * np.sum(list(tones), axis=0)
    return sound


def clicks() -> Sound:
    """Keys or drops: short bursts, two a second."""
    bursts = np.exp(-((_time() % 0.5) * 400))
    sound: Sound = 0.4 * bursts * _noise() / 3
    return sound


def beeps() -> Sound:
    """An engaged line: 425 Hz, half a second on and half off."""
    return 0.3 * np.sin(2 * np.pi * 425 * _time()) * (_time() % 1.0 < 0.5)


def ring() -> Sound:
    """A telephone that rings: 440 and 480 Hz, two seconds on and one off."""
    tones = np.sin(2 * np.pi * 440 * _time()) + np.sin(2 * np.pi * 480 * _time())
    return 0.2 * tones * (_time() % 3.0 < 2.0)


def chords() -> Sound:
    """Three-note chords with overtones, a second each."""
    roots = (220.0, 174.6, 261.6, 196.0)
    sound = np.zeros(round(SECONDS * RATE))
    for second in range(int(SECONDS)):
        t = np.arange(RATE) / RATE
        for ratio in (1.0, 1.25, 1.5):
            for overtone in (1, 2, 3):
                hertz = roots[second % 4] * ratio * overtone
                part = np.sin(2 * np.pi * hertz * t) * np.exp(-2 * t) / overtone
                sound[second * RATE : (second + 1) * RATE] += 0.08 * part
    return sound


def tune() -> Sound:
    """A melody with vibrato, four notes a second."""
    notes = (0, 2, 4, 5, 7, 5, 4, 2)
    quarter = RATE // 4
    t = np.arange(quarter) / RATE
    parts = []
    for index in range(int(SECONDS * 4)):
        hertz = 440 * 2 ** (notes[index % len(notes)] / 12)
        phase = 2 * np.pi * hertz * t + 0.5 * np.sin(2 * np.pi * 5 * t)
        parts.append(0.3 * np.sin(phase) * np.sin(np.pi * t * RATE / quarter))
    return np.concatenate(parts)


NON_SPEECH: Mapping[str, Callable[[], Sound]] = MappingProxyType(
    {
        each.__name__: each
        for each in (silence, hiss, pink, hum, clicks, beeps, ring, chords, tune)
    }
)


def pcm_of(sound: Sound) -> bytes:
    """Return 16-bit PCM."""
    samples = np.clip(sound, -1, 1) * 32767
    return np.rint(samples).astype("<i2").tobytes()
