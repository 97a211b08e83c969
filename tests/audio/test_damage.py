"""Damaged files give what is left of them, or an audio error, never a crash."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stt_cli.audio.file_source import FileSource
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
