"""Log-mel features, as Whisper was trained on them.

The transform is that of the paper (Radford et al. 2022, section 2.2) and of OpenAI's
``whisper/audio.py``: 25 ms windows every 10 ms, 80 or 128 mel bands of equal area
on Slaney's scale, logarithms down to 8 below the loudest, scaled to about [-1, 1].
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
WINDOW_SECONDS = 30
HOP = 160
FRAMES = WINDOW_SECONDS * SAMPLE_RATE // HOP
FRAMES_PER_SECOND = SAMPLE_RATE // HOP

_FFT = 400
_BINS = _FFT // 2 + 1
_SMALLEST_POWER = 1e-10
_DYNAMIC_RANGE = 8.0  # in powers of ten

Features = NDArray[np.float32]


def log_mel(pcm: bytes, bands: int = 80) -> Features:
    """Return the features of a window, of shape ``(bands, FRAMES)``.

    Args:
        pcm: 16-bit mono PCM at 16 kHz; what is missing to 30 s is silence, and
            what is beyond is left out.
    """
    samples = np.frombuffer(pcm, dtype="<i2")[: WINDOW_SECONDS * SAMPLE_RATE]
    signal = np.zeros(WINDOW_SECONDS * SAMPLE_RATE, np.float32)
    signal[: len(samples)] = samples.astype(np.float32) / 32768.0
    padded = np.pad(signal, _FFT // 2, mode="reflect")
    # The frames beyond the audio hold nothing: they need no transform.
    heard = min(FRAMES, (len(samples) + _FFT) // HOP + 1)
    if len(samples) > (WINDOW_SECONDS * SAMPLE_RATE) - _FFT:
        heard = FRAMES
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::HOP][:heard]
    spectrum = np.fft.rfft(frames * _hann(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    mel = np.full((bands, FRAMES), _SMALLEST_POWER)
    mel[:, :heard] = np.maximum(mel_filters(bands) @ power.T, _SMALLEST_POWER)
    logarithms = np.log10(mel)
    floor = logarithms.max() - _DYNAMIC_RANGE
    scaled: Features = ((np.maximum(logarithms, floor) + 4) / 4).astype(np.float32)
    return scaled


@cache
def mel_filters(bands: int) -> NDArray[np.float64]:
    """Return the triangles of the mel bands, of shape ``(bands, 201)``.

    Slaney's Auditory Toolbox (1998): linear up to 1 kHz, logarithmic above, and
    each triangle of the same area.
    """
    edges = _mel_to_hertz(np.linspace(0, _hertz_to_mel(SAMPLE_RATE / 2), bands + 2))
    bins = np.linspace(0, SAMPLE_RATE / 2, _BINS)
    left, center, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = (bins - left) / (center - left)
    falling = (right - bins) / (right - center)
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    weights: NDArray[np.float64] = triangles * (2.0 / (right - left))
    return weights


_LINEAR_HERTZ_PER_MEL = 200 / 3
_LOG_FROM_HERTZ = 1000.0
_LOG_FROM_MEL = _LOG_FROM_HERTZ / _LINEAR_HERTZ_PER_MEL
_LOG_STEP = np.log(6.4) / 27  # 27 bands from 1 kHz to 6.4 kHz


def _hertz_to_mel(hertz: float) -> float:
    if hertz < _LOG_FROM_HERTZ:
        return hertz / _LINEAR_HERTZ_PER_MEL
    return float(_LOG_FROM_MEL + np.log(hertz / _LOG_FROM_HERTZ) / _LOG_STEP)


def _mel_to_hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mel * _LINEAR_HERTZ_PER_MEL
    logarithmic = _LOG_FROM_HERTZ * np.exp(_LOG_STEP * (mel - _LOG_FROM_MEL))
    return np.where(mel < _LOG_FROM_MEL, linear, logarithmic)


@cache
def _hann() -> NDArray[Any]:
    return np.hanning(_FFT + 1)[:-1]  # periodic
