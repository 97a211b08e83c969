"""Speech is written in the format of the output's suffix, and reads back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from stt_cli.audio.encoding import ENCODINGS, encoded
from tests.audio.speech import heard, likeness, opened, weather
from tests.conftest import Runner

SPEECH = weather()
PCM = np.rint(SPEECH * 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("rate", [16_000, 22_050])
@pytest.mark.conformance("LO-12")
def test_what_is_written_reads_back(tmp_path: Path, name: str, rate: int) -> None:
    path = tmp_path / f"a.{name}"
    blocks = [PCM[at : at + 999] for at in range(0, len(PCM), 999)]
    path.write_bytes(b"".join(encoded(blocks, rate, ENCODINGS[name])))
    source = opened(path)
    assert source.encoding.container == ENCODINGS[name].container
    assert source.encoding.codec == ENCODINGS[name].codec
    assert source.duration == pytest.approx(len(SPEECH) / rate, abs=0.08)
    if rate == 16_000:
        assert likeness(heard(source), SPEECH) > 0.95


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.opus", "a.mp3", "a.wav"])
def test_the_suffix_says_what_is_written(
    stt: Runner, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    assert stt("tts", "it will rain in the morning", "-o", path).status == 0
    info = soundfile.info(path)
    assert 1.0 < info.duration < 4.0
    assert opened(path).notices == ()


def test_an_encoded_stream_goes_to_stdout(stt: Runner) -> None:
    done = stt("tts", "hello", "--audio-format", "flac", "-o", "-")
    assert (done.status, done.stdout[:4]) == (0, b"fLaC")
