"""Log-mel features are Whisper's: by another program's values, and by definition."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from stt_cli.engines.whisper.features import FRAMES, log_mel, mel_filters
from tests.audio.tones import WEATHER, pcm16, tone

PCM = WEATHER.read_bytes()[44:]
# Bands, frames and values of the sample recording, as the feature extractor of
# faster-whisper 1.2.1 computes them.
THEIRS = json.loads(Path(__file__).with_name("features.json").read_text())


@pytest.mark.parametrize("bands", [80, 128])
def test_the_values_are_those_of_another_program(bands: int) -> None:
    features = log_mel(PCM, bands)
    assert features.shape == (bands, FRAMES)
    assert features.dtype == np.float32
    for band, frame, value in THEIRS[str(bands)]:
        assert features[band, frame] == pytest.approx(value, abs=2e-5), (band, frame)


def test_a_frame_is_its_definition_spelled_out() -> None:
    """One frame by sums of sines and cosines, without any transform."""
    samples = tone(1.0, hertz=1_000)
    frame, start = 20, 20 * 160 - 200
    power = []
    for k in range(201):
        real = imaginary = 0.0
        for n in range(400):
            hann = 0.5 - 0.5 * math.cos(2 * math.pi * n / 400)
            value = round(samples[start + n] * 32768) / 32768 * hann
            real += value * math.cos(2 * math.pi * k * n / 400)
            imaginary -= value * math.sin(2 * math.pi * k * n / 400)
        power.append(real**2 + imaginary**2)
    bands = mel_filters(80) @ np.array(power)
    features = log_mel(pcm16(samples))
    loudest = max(band for band in bands)
    assert features[:, frame].argmax() == bands.argmax()
    # The whole window's maximum sets the floor; a steady tone has it everywhere.
    expected = (math.log10(loudest) + 4) / 4
    assert features[:, frame].max() == pytest.approx(expected, abs=1e-4)


def test_the_bands_cover_what_is_heard_with_equal_area() -> None:
    filters = mel_filters(80)
    areas = filters.sum(axis=1) * (8_000 / 200)
    assert filters.shape == (80, 201)
    assert (filters >= 0).all()
    assert np.median(areas) == pytest.approx(1.0, abs=0.05)
    peaks = filters.argmax(axis=1)
    assert (np.diff(peaks) >= 0).all()


@pytest.mark.parametrize("seconds", [0, 0.001, 29.99, 30, 31])
def test_any_length_makes_one_window(seconds: float) -> None:
    pcm = (PCM * 8)[: round(seconds * 16_000) * 2]
    features = log_mel(pcm)
    assert features.shape == (80, FRAMES)
    assert np.isfinite(features).all()
    assert features.max() - features.min() <= 2.0 + 1e-6  # 8 powers of ten, in fours
