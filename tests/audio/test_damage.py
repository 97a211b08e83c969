"""Damaged files give what is left of them, or an audio error, never a crash."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.audio.file_decoding import held_frames
from stt_cli.audio.file_source import FileSource
from stt_cli.audio.libsndfile import PartFormat
from stt_cli.audio.parts import Part
from stt_cli.audio.sniffing import container_of
from stt_cli.core.errors import AudioError
from tests.audio.tones import pcm16, tone, wav

MAGICS = [
    b"", b"RIFF\x20\0\0\0WAVEfmt ", b"RIFX\0\0\0\x20WAVEfmt ", b"RF64    WAVE",
    b"fLaC", b"OggS\0\2", b"ID3\4\0\0\0\0\0\0", b"\xff\xfb\x90\x64",
    b"FORM\0\0\0\x20AIFFCOMM", b".snd\0\0\0\x18", b"caff\0\1\0\0desc", b"#!SILK_V3",
    b"riff\x2e\x91\xcf\x11", b"\0\0\0\x18ftypM4A ", b"\x1aE\xdf\xa3", b"#!AMR\n",
    b"\xff\xf1\x50\x80",
]  # fmt: skip


def hear(path: Path) -> int:
    """Ask for everything a provider may ask for; return the bytes of PCM."""
    source = FileSource(path)
    assert source.encoding.channels >= 0
    assert source.duration is None or source.duration >= 0
    assert source.size == path.stat().st_size
    heard = sum(len(block) for block in source.pcm())
    assert heard % 2 == 0
    assert all(notice.message for notice in source.notices)
    return heard


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(magic=st.sampled_from(MAGICS), noise=st.binary(max_size=400))
def test_noise_behind_any_magic(tmp_path: Path, magic: bytes, noise: bytes) -> None:
    path = tmp_path / "noise"
    path.write_bytes(magic + noise)
    with suppress(AudioError):
        hear(path)


def encoded(kind: str, **how: str) -> bytes:
    buffer = io.BytesIO()
    samples = np.array(tone(0.3, 16_000), np.float32)
    soundfile.write(buffer, samples, 16_000, format=kind, **how)
    return buffer.getvalue()


WHOLE = {
    "wav": wav(pcm16(tone(0.3))),
    "flac": encoded("FLAC"),
    "vorbis": encoded("OGG", subtype="VORBIS"),
    "opus": encoded("OGG", subtype="OPUS"),
    "mp3": encoded("MP3"),
    "aiff": encoded("AIFF"),
    "au": encoded("AU", subtype="ULAW"),
    "adpcm": encoded("WAV", subtype="MS_ADPCM"),
}


@pytest.mark.parametrize("kind", WHOLE)
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_flipped_byte_or_a_missing_end(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    whole = bytearray(WHOLE[kind])
    # Most of the damage into the headers, where it hurts.
    place = data.draw(st.integers(0, min(200, len(whole) - 1)))
    whole[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(whole)), st.integers(1, len(whole))))
    path = tmp_path / "damaged"
    path.write_bytes(whole[:end])
    with suppress(AudioError):
        hear(path)


@given(st.binary(max_size=64))
def test_any_head_has_a_container_or_none(head: bytes) -> None:
    assert container_of(head) is None or container_of(head + b"\0" * 64)


def test_mutated_headers_take_little_memory_and_say_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.audio.mutations", "11", "600"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    seen = json.loads(done.stdout)
    assert done.stderr == ""  # nothing of libmpg123, ALAC's decoder or numpy
    assert seen["kb"] < 64_000
    assert seen["longest"] < 600  # of 0.3 s; headers promise hours
    assert 0 < seen["refused"] < 600


def test_a_header_of_1_hz_does_not_make_hours(tmp_path: Path) -> None:
    data = bytearray(WHOLE["aiff"])
    at = data.index(b"COMM") + 16
    data[at : at + 10] = b"\x3f\xff\x80" + bytes(7)  # an 80-bit 1.0
    path = tmp_path / "a.aiff"
    path.write_bytes(data)
    with pytest.raises(AudioError, match="header says 1 Hz"):
        hear(path)


@pytest.mark.parametrize(
    ("subtype", "container", "channels", "most"),
    [
        ("PCM_16", "caf", 1, 5_000),
        ("PCM_24", "aiff", 2, 1_666),
        ("ULAW", "au", 1, 10_000),
        ("IMA_ADPCM", "wav", 1, 20_000),
        ("ALAC_16", "caf", 1, 5_120_000),
        ("PCM_16", "flac", 1, 5_120_000),
        ("OPUS", "ogg", 1, 20_480_000),
    ],
)
def test_a_promise_of_millions_of_frames_is_held_against_the_bytes(
    subtype: str, container: str, channels: int, most: int
) -> None:
    form = PartFormat(16_000, channels, 67_000_000, subtype)
    assert held_frames(form, Part(((100, 10_100),)), container) == most
    few = PartFormat(16_000, channels, 1_000, subtype)
    assert held_frames(few, Part(((100, 10_100),)), container) == 1_000


@pytest.mark.parametrize("kind", ["mp3", "alac"])
def test_c_libraries_say_nothing_of_damage(tmp_path: Path, kind: str) -> None:
    data = bytearray(
        WHOLE["mp3"] if kind == "mp3" else encoded("CAF", subtype="ALAC_16")
    )
    middle = len(data) // 2
    data[middle : middle + 60] = bytes(range(195, 255))
    path = tmp_path / "recording"
    path.write_bytes(data + data)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from stt_cli.audio.file_source import FileSource\n"
        "try:\n"
        "    list(FileSource(Path(sys.argv[1])).pcm(8_000))\n"
        "except Exception as error:\n"
        "    kept = error\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, check=True
    )
    assert done.stderr == b""
