"""Files of every kind, whole and broken, as a recognizer gets to hear them."""

from __future__ import annotations

import io
import itertools
import math
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stt_cli.audio.open import open_source
from stt_cli.audio.source import AudioSource
from stt_cli.core.environment import Directories, Environment
from stt_cli.core.errors import AudioError, UsageError
from tests.audio.tones import (
    WEATHER,
    chunk,
    format_chunk,
    pcm16,
    riff,
    tone,
    values,
    wav,
)

ENVIRONMENT = Environment(
    variables={"STT_FFMPEG": ""},
    directories=Directories(),
    stdin=None,
    stdout=io.StringIO(),
    stderr=io.StringIO(),
)
TONE = pcm16(tone(0.5))


def source(path: Path, **options: Any) -> AudioSource:
    return open_source(str(path), ENVIRONMENT, **options)


def written(tmp_path: Path, data: bytes, name: str = "a.wav") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def encoded(tmp_path: Path, name: str, rate: int, channels: int, **how: str) -> Path:
    """Write half a second of a tone with soundfile."""
    samples = np.array(tone(0.5, rate), np.float32)
    path = tmp_path / name
    soundfile.write(path, np.stack([samples] * channels, axis=1), rate, **how)
    return path


def test_a_plain_wav_comes_through_untouched(tmp_path: Path) -> None:
    opened = source(written(tmp_path, wav(TONE)))
    blocks = list(opened.pcm())
    assert b"".join(blocks) == TONE
    assert [len(block) for block in blocks] == [3200] * 5
    assert list(opened.pcm()) == blocks
    assert b"".join(opened.original()) == wav(TONE)
    assert (opened.duration, opened.size, opened.live) == (0.5, len(wav(TONE)), False)
    assert (opened.encoding.codec, opened.encoding.channels) == ("pcm_s16le", 1)
    assert opened.encoding.content_type == "audio/wav"
    assert (opened.url, opened.notices) == (None, ())


@pytest.mark.conformance("BS-11")
@pytest.mark.parametrize(
    ("name", "how", "container", "codec"),
    [
        ("a.wav", {"subtype": "PCM_U8"}, "wav", "pcm_u8"),
        ("a.wav", {"subtype": "PCM_24"}, "wav", "pcm_s24le"),
        ("a.wav", {"subtype": "PCM_32"}, "wav", "pcm_s32le"),
        ("a.wav", {"subtype": "FLOAT"}, "wav", "pcm_f32le"),
        ("a.wav", {"subtype": "DOUBLE"}, "wav", "pcm_f64le"),
        ("a.wav", {"subtype": "ULAW"}, "wav", "mulaw"),
        ("a.wav", {"subtype": "ALAW"}, "wav", "alaw"),
        ("a.wav", {"subtype": "MS_ADPCM"}, "wav", "adpcm_ms"),
        ("a.wav", {"subtype": "IMA_ADPCM"}, "wav", "adpcm_ima"),
        ("a.wav", {"format": "WAVEX", "subtype": "PCM_16"}, "wav", "pcm_s16le"),
        ("a.wav", {"format": "RF64", "subtype": "PCM_16"}, "wav", "pcm_s16le"),
        ("a.wav", {"endian": "BIG", "subtype": "PCM_16"}, "wav", "pcm_s16be"),
        ("a.flac", {}, "flac", "flac"),
        ("a.ogg", {"subtype": "VORBIS"}, "ogg", "vorbis"),
        ("a.ogg", {"subtype": "OPUS"}, "ogg", "opus"),
        ("a.mp3", {}, "mp3", "mp3"),
        ("a.aiff", {}, "aiff", "pcm_s16be"),
        ("a.au", {"subtype": "ULAW"}, "au", "mulaw"),
        ("a.caf", {"subtype": "ALAC_16"}, "caf", "alac"),
    ],
)
@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2)])
def test_every_format_gives_the_tone(
    tmp_path: Path,
    name: str,
    how: dict[str, str],
    container: str,
    codec: str,
    rate: int,
    channels: int,
) -> None:
    opened = source(encoded(tmp_path, name, rate, channels, **how))
    assert opened.encoding.container == container
    assert opened.encoding.codec == codec
    assert (opened.encoding.sample_rate, opened.encoding.channels) == (rate, channels)
    heard = values(b"".join(opened.pcm()))
    assert len(heard) == pytest.approx(8000, abs=1200)  # coders pad
    assert opened.duration == pytest.approx(0.5, abs=0.08)
    middle = heard[2000:6000]
    crossings = sum(a < 0 <= b for a, b in itertools.pairwise(middle))
    assert crossings == pytest.approx(110, abs=3)
    level = math.sqrt(sum(v * v for v in middle) / len(middle)) / 32768
    assert level == pytest.approx(0.354, rel=0.15)


@pytest.mark.parametrize("rate", [8_000, 11_025, 96_000, 192_000])
def test_every_rate_becomes_16_khz(tmp_path: Path, rate: int) -> None:
    path = encoded(tmp_path, "a.wav", rate, 1, subtype="PCM_16")
    assert len(b"".join(source(path).pcm())) == pytest.approx(16_000, abs=4)
    assert len(b"".join(source(path).pcm(8000))) == pytest.approx(8_000, abs=4)


@pytest.mark.parametrize(
    ("head", "container", "codec", "content_type"),
    [
        (b"#!SILK_V3" + b"\x12\0abcdef" * 9, "silk", "silk", "audio/silk"),
        (b"\x02#!SILK_V3" + b"\x12\0abcdef" * 9, "silk", "silk", "audio/silk"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0" + b"x" * 99, "mp4", "unknown", "audio/mp4"),
        (b"#!AMR\n" + b"\x3c" * 99, "amr", "amr", "audio/amr"),
        (
            b"\x1aE\xdf\xa3\x8bB\x82\x84webm" + b"\0" * 99,
            "webm",
            "unknown",
            "audio/webm",
        ),
        (wav(b"x" * 640, tag=0x28E), "wav", "siren", "audio/wav"),
        (wav(b"x" * 640, tag=0x28F), "wav", "sirensr", "audio/wav"),
        (
            b"OggS\0\2" + b"\0" * 22 + b"Speex   1.2" + b"\0" * 70,
            "ogg",
            "speex",
            "audio/ogg; codecs=speex",
        ),
    ],
)  # fmt: skip
def test_what_only_services_decode_is_known_and_can_be_passed_on(
    tmp_path: Path, head: bytes, container: str, codec: str, content_type: str
) -> None:
    opened = source(written(tmp_path, head, "recording"))
    assert (opened.encoding.container, opened.encoding.codec) == (container, codec)
    assert opened.encoding.content_type == content_type
    assert b"".join(opened.original()) == head
    with pytest.raises(AudioError, match="cannot be decoded on this") as caught:
        list(opened.pcm())
    assert "ffmpeg" in str(caught.value.hint)


def test_opus_in_ogg_is_named_as_the_services_want_it(tmp_path: Path) -> None:
    opened = source(encoded(tmp_path, "a.ogg", 16_000, 1, subtype="OPUS"))
    assert opened.encoding.content_type == "audio/ogg; codecs=opus"


def test_raw_pcm_needs_its_rate(tmp_path: Path) -> None:
    path = written(tmp_path, TONE, "a.raw")
    with pytest.raises(UsageError, match="sample rate") as caught:
        source(path)
    assert "--raw-rate" in str(caught.value.hint)
    opened = source(path, raw_rate=8000)
    assert opened.duration == 1.0
    assert len(b"".join(opened.pcm())) == pytest.approx(2 * len(TONE), abs=4)
    assert opened.encoding.content_type == "audio/L16; rate=8000; channels=1"


@pytest.mark.parametrize("rate", [0, -1, 3, 10_000_000])
def test_an_impossible_rate_is_refused(tmp_path: Path, rate: int) -> None:
    with pytest.raises(UsageError, match="invalid --raw-rate"):
        source(written(tmp_path, TONE, "a.raw"), raw_rate=rate)


def test_a_raw_rate_does_not_turn_a_wav_into_noise(tmp_path: Path) -> None:
    opened = source(written(tmp_path, wav(TONE)), raw_rate=8000)
    assert b"".join(opened.pcm()) == TONE


def test_half_a_sample_at_the_end_is_left_out_and_told(tmp_path: Path) -> None:
    opened = source(written(tmp_path, TONE + b"x", "a.pcm"), raw_rate=16_000)
    assert b"".join(opened.pcm()) == TONE
    assert "not a whole sample" in opened.notices[0].message


def test_a_truncated_wav_is_used_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = wav(pcm16(tone(1.0)))
    opened = source(written(tmp_path, whole[: len(whole) // 2 + 22]))
    assert len(b"".join(opened.pcm())) == 16_000
    assert opened.duration == 0.5
    assert opened.notices[0].message == "the recording is truncated: 0.5 s are missing"


def test_chunks_behind_the_data_are_not_heard(tmp_path: Path) -> None:
    data = riff(format_chunk(), chunk(b"data", TONE), chunk(b"LIST", b"INFO" * 99))
    assert b"".join(source(written(tmp_path, data)).pcm()) == TONE


def test_a_stream_saved_to_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    data = riff(format_chunk(), chunk(b"data", TONE, size=0xFFFFFFFF), size=0xFFFFFFFF)
    opened = source(written(tmp_path, data))
    assert (b"".join(opened.pcm()), opened.duration, opened.notices) == (TONE, 0.5, ())


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.ogg"])
def test_a_truncated_compressed_file_is_told(tmp_path: Path, name: str) -> None:
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, 160_000).astype(np.float32)
    path = tmp_path / name
    soundfile.write(path, samples, 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    opened = source(path)
    seconds = len(b"".join(opened.pcm())) / 32_000
    assert 2 < seconds < 8
    if name == "a.flac":  # the others do not say how long they should be
        assert "damaged after" in opened.notices[0].message


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the recording is empty"),
    "text": (b"hello, this is a transcript\n" * 300, "this is text, not audio"),
    "utf-8 text": ("größe\n".encode() * 2000, "this is text, not audio"),
    "html": (b"\n<!doctype html><html>not found</html>", "this is HTML, not audio"),
    "noise": (bytes(range(256)) * 20, "unknown audio format"),
    "header only": (wav(b""), "a header but no audio"),
    "no data chunk": (riff(format_chunk()), "a header but no audio"),
    "cut header": (wav(TONE)[:20], "no format"),
    "half a frame": (wav(b"x"), "a header but no audio"),
    "0 Hz": (wav(TONE, rate=0), "0 Hz"),
    "0 channels": (wav(TONE, channels=0), "0 channels"),
    "NaN": (
        wav(struct.pack("<2f", math.inf, math.nan), tag=3, bits=32),
        "NaN",
    ),
    "broken flac": (b"fLaC" + b"\0" * 200, "cannot be decoded as flac"),
    "broken ogg": (b"OggS" + b"\0" * 200, "cannot be decoded as ogg"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, kind: str) -> None:
    data, message = BAD_FILES[kind]
    path = written(tmp_path, data)
    with pytest.raises(AudioError) as caught:
        list(source(path).pcm())
    assert caught.value.message.startswith(f"{path}: ")
    assert message in caught.value.message


def test_an_empty_raw_file(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="empty"):
        list(source(written(tmp_path, b"", "a.raw"), raw_rate=8000).pcm())


def test_a_missing_file_suggests_a_near_name(tmp_path: Path) -> None:
    written(tmp_path, wav(TONE), "meeting.wav")
    with pytest.raises(AudioError, match="no such file") as caught:
        source(tmp_path / "meetign.wav")
    assert caught.value.hint == f"did you mean {tmp_path / 'meeting.wav'}?"
    with pytest.raises(AudioError, match="no such file") as caught:
        source(tmp_path / "zzz")
    assert "a folder or a pattern" in (caught.value.hint or "")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no such folder"):
        source(tmp_path / "nowhere" / "a.wav")


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="is a folder"):
        source(tmp_path)


def test_a_device_is_no_recording() -> None:
    with pytest.raises(AudioError, match="is a device"):
        source(Path("/dev/null"))


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, wav(TONE))
    path.chmod(0)
    tmp_path.chmod(0o755)
    program = (
        "import os, sys\n"
        "from stt_cli.core.errors import AudioError\n"
        "from stt_cli.audio.file_source import FileSource\n"
        "from pathlib import Path\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try:\n"
        "    list(FileSource(Path(sys.argv[1])).pcm())\n"
        "except AudioError as error:\n"
        "    print(error.message.partition(': ')[2], '|', error.hint)\n"
    )
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", program, path.name],
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=lambda: os.fchdir(handle),
            pass_fds=[handle],
        )
    finally:
        os.close(handle)
    assert done.stdout == "cannot be read: permission denied | check its permissions\n"


def test_names_of_any_alphabet_work(tmp_path: Path) -> None:
    path = written(tmp_path, wav(TONE), "réunion 会議 [1].wav")
    assert b"".join(source(path).pcm()) == TONE
    path = encoded(tmp_path, "réunion 会議.flac", 16_000, 1)
    assert len(b"".join(source(path).pcm())) == len(TONE)


def test_an_hour_is_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    second = pcm16(tone(1.0, 8_000))
    with path.open("wb") as file:
        file.write(wav(b"")[:40] + struct.pack("<I", 3600 * len(second)))
        file.seek(24)
        file.write(struct.pack("<II", 8_000, 16_000))
        file.seek(0, os.SEEK_END)
        for _ in range(3600):
            file.write(second)
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from stt_cli.audio.file_source import FileSource\n"
        "blocks = FileSource(Path(sys.argv[1])).pcm()\n"
        "for _ in range(100): next(blocks)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "count = sum(len(block) for block in blocks)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(count, after - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, grown = map(int, done.stdout.split())
    assert count == pytest.approx((3600 - 10) * 32_000, abs=4)
    assert grown < 8_000  # kilobytes; the hour itself is 115,000


def test_the_sample_recording_is_plain_pcm() -> None:
    encoding = source(WEATHER).encoding
    assert (encoding.codec, encoding.channels) == ("pcm_s16le", 1)
    assert WEATHER.stat().st_size < 150_000
