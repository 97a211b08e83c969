"""The tables of MP4, Matroska, ASF and AVI, whole and damaged."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stt_cli.audio.media_containers import NO_SOUND, SoundTrack, sound_track
from tests.audio.speech import made, needs_ffmpeg


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(codec: bytes, handler: bytes = b"soun", rate: int = 44_100) -> bytes:
    entry = box(codec, bytes(16), struct.pack(">HHHHI", 2, 16, 0, 0, rate << 16))
    described = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    media = box(
        b"mdia",
        box(b"mdhd", bytes(12), struct.pack(">II", 1000, 2500), bytes(4)),
        box(b"hdlr", bytes(8), handler, bytes(12)),
        box(b"minf", box(b"hdlr", bytes(4), b"dhlrurl ", bytes(12)),
            box(b"stbl", described)),
    )  # fmt: skip
    head = box(b"mvhd", bytes(12), struct.pack(">II", 600, 6000), bytes(80))
    return box(b"ftyp", b"M4A ") + box(b"moov", head, box(b"trak", media))


def element(kind: bytes, body: bytes) -> bytes:
    return kind + bytes([0x40 | len(body) >> 8, len(body) & 0xFF]) + body


def matroska(codec: bytes, kind: int = 2) -> bytes:
    sound = element(
        b"\xe1",
        element(b"\xb5", struct.pack(">f", 48_000)) + element(b"\x9f", b"\x02"),
    )
    entry = element(
        b"\xae", element(b"\x83", bytes([kind])) + element(b"\x86", codec) + sound
    )
    length = element(b"\x44\x89", struct.pack(">d", 1500.0))
    info = element(
        b"\x15\x49\xa9\x66", element(b"\x2a\xd7\xb1", b"\x0f\x42\x40") + length
    )
    tracks = element(b"\x16\x54\xae\x6b", entry)
    head = element(b"\x1aE\xdf\xa3", element(b"\x42\x82", b"webm"))
    return head + element(b"\x18\x53\x80\x67", info + tracks) + b"\x1f\x43\xb6\x75\xff"


def read(container: str, data: bytes) -> SoundTrack | None:
    return sound_track(container, io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("codec", "name"),
    [(b"alac", "alac"), (b"samr", "amr"), (b"ac-3", "ac3"), (b"enca", "encrypted")],
)
def test_mp4(codec: bytes, name: str) -> None:
    assert read("mp4", mp4(codec)) == SoundTrack(name, 44_100, 2, 2.5)


def test_matroska() -> None:
    assert read("webm", matroska(b"A_OPUS\0")) == SoundTrack("opus", 48_000, 2, 1.5)
    assert read("webm", matroska(b"A_AAC/MPEG4/LC")) == SoundTrack(
        "aac", 48_000, 2, 1.5
    )


def test_pictures_only() -> None:
    assert read("mp4", mp4(b"avc1", b"vide")) == NO_SOUND
    assert read("webm", matroska(b"V_VP8", 1)) == NO_SOUND


def test_what_is_cut_off_tells_nothing() -> None:
    assert read("mp4", mp4(b"alac")[:30]) is None
    assert read("webm", matroska(b"A_OPUS")[:24]) is None
    assert read("wma", b"\x30\x26\xb2\x75") is None
    assert read("avi", b"RIFF\0\0\0\0AVI ") is None
    assert read("mpegts", b"\x47") is None


@needs_ffmpeg
@pytest.mark.parametrize(
    ("name", "how", "container", "track"),
    [
        ("a.m4a", (), "mp4", ("aac", 16_000, 1)),
        ("a.mov", ("-ac", "2", "-ar", "48000"), "mp4", ("aac", 48_000, 2)),
        ("a.mp4", ("-c:a", "libmp3lame", "-ac", "2"), "mp4", ("mp3", 16_000, 2)),
        ("a.webm", ("-c:a", "libvorbis", "-ac", "2"), "webm", ("vorbis", 16_000, 2)),
        ("a.wma", ("-ac", "2"), "wma", ("wma2", 16_000, 2)),
        ("a.avi", ("-c:a", "libmp3lame"), "avi", ("mp3", 16_000, 1)),
    ],
)
def test_what_ffmpeg_writes(
    tmp_path: Path,
    name: str,
    how: tuple[str, ...],
    container: str,
    track: tuple[str, int, int],
) -> None:
    found = read(container, made(tmp_path / name, *how).read_bytes())
    assert found is not None
    assert (found.codec, found.sample_rate, found.channels) == track


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow],
)
@example(container="mp4", at=0, change=b"\0\0\0\0", end=None)
@given(
    container=st.sampled_from(["mp4", "webm", "wma", "avi"]),
    at=st.integers(0, 300),
    change=st.binary(max_size=8),
    end=st.one_of(st.none(), st.integers(0, 300)),
)
def test_any_damage_gives_a_track_or_nothing(
    container: str, at: int, change: bytes, end: int | None
) -> None:
    whole = {"mp4": mp4(b"mp4a"), "webm": matroska(b"A_OPUS")}.get(container, WORDS)
    data = bytearray(whole)
    data[at : at + len(change)] = change
    found = read(container, bytes(data[:end]))
    assert found is None or found.duration is None or found.duration >= 0


WORDS = (
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
    + struct.pack("<QIBB", 90, 1, 1, 2)
    + bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
    + struct.pack("<Q", 60)
    + bytes(40)
)
