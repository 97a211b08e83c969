"""One channel of a recording, as a service that takes files as they are gets it."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

import pytest

from stt_cli.audio.channels import channels_of
from stt_cli.audio.file_source import FileSource


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    """A tenth of a second at 16 kHz: 1,000 on the left, -2,000 on the right."""
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(struct.pack("<hh", 1_000, -2_000) * 1_600)
    return path


@pytest.mark.parametrize(("index", "sample"), [(0, 1_000), (1, -2_000)])
def test_its_bytes_are_a_wav_file_of_that_channel(
    stereo: Path, index: int, sample: int
) -> None:
    one = channels_of(FileSource(stereo))[index]
    data = b"".join(one.original())
    # A stream's header tells no length: what follows it is all samples.
    assert data[:4] == b"RIFF"
    assert struct.unpack("<HHI", data[20:28]) == (1, 1, 16_000)
    assert struct.unpack(f"<{1_600}h", data[44:]) == (sample,) * 1_600
    assert (one.encoding.container, one.encoding.channels) == ("wav", 1)


def test_no_file_and_no_size_stand_for_one_channel(stereo: Path) -> None:
    whole = FileSource(stereo)
    one = channels_of(whole)[0]
    assert (one.path, one.size) == (None, None)
    assert one.duration == whole.duration == pytest.approx(0.1)
    assert (whole.path, whole.size) == (stereo, stereo.stat().st_size)
    assert b"".join(whole.original()) == stereo.read_bytes()
    with wave.open(io.BytesIO(b"".join(whole.original()))) as file:
        assert file.getnchannels() == 2
