"""Quiet speech is raised for the engine, and told; all else passes untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stt_cli.audio.conversion import regroup
from stt_cli.audio.level import PeakMeter, raised
from tests.audio.speech import Signal, heard, likeness, opened, weather
from tests.conftest import Runner

SPEECH = weather()
NOISE = np.random.default_rng(4).normal(0, 1, 160_000).astype(np.float32)


def pcm(samples: Signal) -> bytes:
    whole = np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2")
    return whole.tobytes()


def signal(blocks: Iterable[bytes]) -> Signal:
    whole = np.frombuffer(b"".join(blocks), "<i2").astype(np.float32)
    return whole / np.float32(32_768)


def decibels(gain: float) -> float:
    return float(10 ** (gain / 20))


def loud(samples: Signal) -> float:
    """Return the level of the loudest tenth."""
    frames = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    levels = np.sort(np.sqrt(np.mean(frames**2, axis=1)))
    return float(levels[-len(levels) // 10 :].mean())


@pytest.mark.parametrize("gain", [-35, -40, -45, -50])
def test_quiet_speech_is_raised(gain: float) -> None:
    quiet = SPEECH * decibels(gain)
    samples = signal(raised(regroup([pcm(quiet)], 3200)))
    assert 0.03 < loud(samples) < 0.3
    assert likeness(samples, SPEECH) > 0.85  # its peaks are lowered
    assert np.max(np.abs(samples)) <= 0.91


@pytest.mark.parametrize("gain", [0, -10, -15])
@pytest.mark.parametrize("live", [True, False])
def test_usual_speech_is_untouched(gain: float, live: bool) -> None:
    usual = pcm(SPEECH * decibels(gain))
    assert b"".join(raised(regroup([usual], 3200), live=live)) == usual


@pytest.mark.parametrize("level", [-90, -60, -50, -40])
def test_noise_that_never_changes_is_untouched(level: float) -> None:
    noise = pcm(NOISE * decibels(level))
    assert b"".join(raised(regroup([noise], 3200))) == noise


def test_quiet_speech_behind_a_long_pause_is_raised() -> None:
    hiss = NOISE[: len(SPEECH)] * decibels(-85)
    quiet = np.concatenate(
        [NOISE * decibels(-85)] * 2 + [SPEECH * decibels(-42) + hiss]
    )
    samples = signal(raised(regroup([pcm(quiet)], 3200)))
    assert loud(samples[-len(SPEECH) :]) > 0.02
    assert np.max(np.abs(samples[:300_000])) < 0.001


def test_a_click_does_not_keep_speech_quiet() -> None:
    quiet = SPEECH * decibels(-40)
    quiet[100:110] = 0.9
    assert loud(signal(raised(regroup([pcm(quiet)], 3200)))[1600:]) > 0.03


def test_of_live_audio_a_second_is_held_back_once() -> None:
    taken = 0

    def spoken() -> Iterator[bytes]:
        nonlocal taken
        for at in range(0, 48_000, 1600):
            taken += 1
            yield pcm(SPEECH[at : at + 1600] * 0.01)

    held = [taken - given for given, _ in enumerate(raised(spoken(), live=True))]
    assert held[:11] == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]
    assert set(held[10:]) == {1}


def test_the_first_quiet_word_of_live_audio_is_raised_too() -> None:
    quiet = np.concatenate([NOISE[:4_800] * decibels(-85), SPEECH * decibels(-42)])
    samples = signal(raised(regroup([pcm(quiet)], 3200), live=True))
    assert loud(samples[4_800:16_000]) > 0.02


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.integers(-32_768, 32_767), max_size=2_000),
    st.booleans(),
    st.integers(0, 5),
)
def test_any_samples_keep_their_number(
    samples: list[int], live: bool, shift: int
) -> None:
    data = np.array([one >> 2 * shift for one in samples], "<i2").tobytes()
    out = b"".join(raised(regroup([data], 320), live=live))
    assert len(out) == len(data)


def test_the_peak_is_told_where_it_is_low() -> None:
    meter = PeakMeter()
    list(meter.watched([pcm(SPEECH * decibels(-45)), b"", b"x"]))
    (notice,) = meter.notices
    assert "very quiet: its peak level is -" in notice.message
    for untold in (pcm(SPEECH), bytes(3_200)):
        meter = PeakMeter()
        list(meter.watched([untold]))
        assert meter.notices == ()


def test_a_quiet_file_and_a_quiet_pipe_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, SPEECH * decibels(-45), 16_000)
    source = opened(path)
    heard(source)
    assert "very quiet" in source.notices[0].message


def test_quiet_words_are_recognized(stt: Runner, tmp_path: Path) -> None:
    loud, quiet = tmp_path / "loud.wav", tmp_path / "quiet.wav"
    soundfile.write(loud, SPEECH, 16_000)
    soundfile.write(quiet, SPEECH * decibels(-45), 16_000)
    expected = stt("recognize", loud).text
    done = stt("recognize", quiet)
    assert done.text == expected
    assert "notice: the recording is very quiet: its peak level is -" in done.stderr
