"""Recordings of every kind are decoded by ffmpeg, and what it does is told."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from stt_cli.audio.ffmpeg import Ffmpeg, Report, find_ffmpeg
from stt_cli.audio.file_source import FileSource
from stt_cli.core.errors import AudioError, ConfigurationError
from tests.audio.speech import (
    FFMPEG,
    NO_FFMPEG,
    heard,
    likeness,
    made,
    needs_ffmpeg,
    opened,
    weather,
)
from tests.audio.tones import WEATHER, pcm16, tone, wav

SPEECH = weather()

# What is made, and what is told of it where no ffmpeg is there.
KINDS = {
    "a.m4a": ((), "AAC audio in MP4"),
    "alac.m4a": (("-c:a", "alac"), "ALAC audio in MP4"),
    "a.mp4": (("-c:a", "libmp3lame", "-ar", "44100"), "MP3 audio in MP4"),
    "a.mov": ((), "AAC audio in MP4"),
    "a.3gp": (("-c:a", "aac"), "AAC audio in MP4"),
    "a.webm": (("-c:a", "libopus"), "Opus audio in WebM"),
    "vorbis.webm": (("-c:a", "libvorbis"), "Vorbis audio in WebM"),
    "a.mkv": (("-c:a", "flac"), "FLAC audio in Matroska"),
    "aac.mka": (("-c:a", "aac"), "AAC audio in Matroska"),
    "a.wma": ((), "WMA audio"),
    "a.avi": (("-c:a", "libmp3lame"), "MP3 audio in AVI"),
    "a.ts": (("-c:a", "aac"), "MPEG-TS audio"),
    "a.ac3": ((), "AC-3 audio"),
    "a.aac": ((), "AAC audio"),
    "a.flv": (("-c:a", "aac", "-ar", "44100"), "FLV audio"),
    "a.wv": ((), "WavPack audio"),
    "a.tta": ((), "TTA audio"),
    "a.mpg": ((), "MPEG audio"),
    "flac.ogg": (("-c:a", "flac"), "FLAC audio in OGG"),
    "a.spx": (("-c:a", "libspeex"), "Speex audio in OGG"),
    "g722.wav": (("-c:a", "g722", "-ar", "16000"), "G.722 audio in WAV"),
    "alac.caf": (("-c:a", "alac"), "ALAC audio in CAF"),
}


@needs_ffmpeg
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.conformance("LO-10")
def test_what_phones_and_meetings_record_is_heard(tmp_path: Path, name: str) -> None:
    how, told = KINDS[name]
    path = made(tmp_path / name, *how)
    source = opened(path)
    samples = heard(source)
    assert likeness(samples, SPEECH) > 0.9
    assert source.notices == ()
    if source.duration is not None:
        assert source.duration == pytest.approx(len(SPEECH) / 16_000, abs=0.15)
    without = opened(path, NO_FFMPEG)
    with pytest.raises(AudioError, match="cannot be decoded on this mac") as caught:
        heard(without)
    assert f"{path}: {told} cannot be" in caught.value.message
    assert "stt-cli[media]" in (caught.value.hint or "")
    with pytest.raises(AudioError, match="cannot be decoded on this machine"):
        without.check_decodable()
    source.check_decodable()


@needs_ffmpeg
def test_the_encoding_is_told_without_ffmpeg(tmp_path: Path) -> None:
    encoding = opened(made(tmp_path / "a.m4a", "-ar", "44100"), NO_FFMPEG).encoding
    assert (encoding.codec, encoding.sample_rate, encoding.channels) == (
        "aac",
        44100,
        1,
    )


@needs_ffmpeg
@pytest.mark.parametrize("name", ["-y.m4a", "pipe:0.m4a", "concat:a|b.m4a", "a%d.m4a"])
def test_a_name_is_never_an_option_or_an_address(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "plain.m4a").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert likeness(heard(opened(name)), SPEECH) > 0.9


@needs_ffmpeg
@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {secret}\n",
    ],
)
def test_a_playlist_opens_no_other_file(tmp_path: Path, playlist: str) -> None:
    """Not as a list, and not disguised as a recording whose first bytes are odd."""
    path = tmp_path / "call.mkv"
    data = playlist.format(secret=WEATHER).encode()
    for front in (b"", b"\0\xff\xfe\0"):
        path.write_bytes(front + data)
        with pytest.raises(AudioError):
            heard(opened(path))


@needs_ffmpeg
def test_a_video_without_sound(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mkv", "a.ts"):
        path = tmp_path / name
        pictures = ["-f", "lavfi", "-i", "color=c=red:s=64x64:d=0.4"]
        subprocess.run([FFMPEG or "", "-v", "error", *pictures, path], check=True)
        with pytest.raises(AudioError, match="video but no audio"):
            heard(opened(path))


@needs_ffmpeg
def test_a_sound_track_shorter_than_its_film_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    film = ["-f", "lavfi", "-i", "color=c=red:s=64x64:d=15", "-i", str(WEATHER)]
    subprocess.run([FFMPEG or "", "-v", "error", *film, path], check=True)
    source = opened(path)
    assert likeness(heard(source), SPEECH) > 0.9
    assert source.notices == ()
    assert source.duration == pytest.approx(len(SPEECH) / 16_000, abs=0.15)


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.webm", "a.m4a"])
def test_a_recording_that_is_cut_off_is_used_as_far_as_it_goes(
    tmp_path: Path, name: str
) -> None:
    front = ("-movflags", "+faststart") if name == "a.m4a" else ("-c:a", "libopus")
    path = made(tmp_path / name, *front)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    source = opened(path)
    samples = heard(source)
    assert 0.2 < len(samples) / len(SPEECH) < 0.8
    assert any("missing" in notice.message for notice in source.notices)


@needs_ffmpeg
def test_the_first_of_several_sound_tracks_is_heard(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mkv", "-map", "0:a", "-map", "0:a", "-c:a", "flac")
    source = opened(path)
    assert len(heard(source)) == pytest.approx(len(SPEECH), abs=400)
    assert "2 audio tracks" in source.notices[0].message


@needs_ffmpeg
def test_a_recording_without_its_index(tmp_path: Path) -> None:
    path = made(tmp_path / "a.m4a")
    path.write_bytes(path.read_bytes()[:4_000])
    with pytest.raises(AudioError, match="ffmpeg cannot decode it: moov atom"):
        heard(opened(path))


def decoders() -> list[psutil.Process]:
    """Return what decodes below this process; other tests' servers may be there."""
    servers = ("postgres", "pulseaudio")
    below = psutil.Process().children(recursive=True)
    return [one for one in below if one.name() not in servers]


@needs_ffmpeg
def test_nothing_is_left_running_when_reading_stops_early(tmp_path: Path) -> None:
    path = made(tmp_path / "a.mkv", "-c:a", "flac")
    blocks = opened(path).pcm()
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]
    assert not decoders()


def program(tmp_path: Path, body: str) -> Ffmpeg:
    """Return a program that says it is ffmpeg."""
    path = tmp_path / "ffmpeg"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Ffmpeg(str(path), stall=1.0)


def unknown(tmp_path: Path) -> Path:
    path = tmp_path / "call.bin"
    path.write_bytes(bytes(range(256)) * 20)
    return path


HALF = wav(pcm16(tone(1.0)))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("time.sleep(60)", "produced no audio for 1 s and was stopped"),
        ("os.kill(os.getpid(), 11)", "crashed (signal 11)"),
        ("sys.exit(9)", "neither stt nor ffmpeg knows"),
        ("sys.exit(0)", "neither stt nor ffmpeg knows"),
        ("print('no WAV at all' * 99)", "not a WAV file"),
    ],
)
def test_a_decoder_that_fails_is_told_from_our_own_faults(
    tmp_path: Path, body: str, message: str
) -> None:
    ffmpeg = program(tmp_path, body)
    source = FileSource(unknown(tmp_path), find_ffmpeg=lambda: ffmpeg)
    with pytest.raises(AudioError) as caught:
        heard(source)
    assert message in caught.value.message
    assert not decoders()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.exit(9)", "ffmpeg cannot decode it: exit status 9"),
        ("sys.exit(0)", "contains no audio"),
        ("print('[error] bad luck', file=sys.stderr); sys.exit(1)", "it: bad luck"),
    ],
)
def test_of_a_known_format_its_reason_is_told(
    tmp_path: Path, body: str, message: str
) -> None:
    path = tmp_path / "a.amr"
    path.write_bytes(b"#!AMR\n" + b"\x3c" * 99)
    ffmpeg = program(tmp_path, body)
    with pytest.raises(AudioError, match=message):
        heard(FileSource(path, find_ffmpeg=lambda: ffmpeg))


@pytest.mark.parametrize(
    "ending", ["sys.exit(1)", "time.sleep(60)", "os.kill(os.getpid(), 9)"]
)
def test_a_decoder_that_fails_half_way_is_heard_so_far(
    tmp_path: Path, ending: str
) -> None:
    body = f"sys.stdout.buffer.write({HALF!r}); sys.stdout.flush(); {ending}"
    ffmpeg = program(tmp_path, body)
    source = FileSource(unknown(tmp_path), find_ffmpeg=lambda: ffmpeg)
    assert len(heard(source)) == 16_000
    assert "damaged after 1.0 s: ffmpeg" in source.notices[0].message


def test_a_decoder_that_talks_without_end_does_not_block(tmp_path: Path) -> None:
    body = (
        "for _ in range(20000): print('[error] bad frame ' * 9, file=sys.stderr)\n"
        f"sys.stdout.buffer.write({HALF!r})"
    )
    ffmpeg = program(tmp_path, body)
    source = FileSource(unknown(tmp_path), find_ffmpeg=lambda: ffmpeg)
    assert len(heard(source)) == 16_000


def test_a_program_that_cannot_be_run(tmp_path: Path) -> None:
    path = tmp_path / "ffmpeg"
    path.write_bytes(b"\x7fELF" + bytes(60))
    path.chmod(0o755)
    source = FileSource(unknown(tmp_path), find_ffmpeg=lambda: Ffmpeg(str(path)))
    with pytest.raises(AudioError, match="cannot run ffmpeg"):
        heard(source)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_the_decoder_ends_with_us_even_when_we_are_killed(tmp_path: Path) -> None:
    """It, and what it has started itself."""
    mark = tmp_path / "pid"
    body = (
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(mark)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}} ')\n"
        "time.sleep(60)"
    )
    ffmpeg = program(tmp_path, body)
    ours = (
        "import sys\n"
        "from pathlib import Path\n"
        "from stt_cli.audio.ffmpeg import Ffmpeg\n"
        "from stt_cli.audio.file_source import FileSource\n"
        "ffmpeg = Ffmpeg(sys.argv[1])\n"
        "list(FileSource(Path(sys.argv[2]), find_ffmpeg=lambda: ffmpeg).pcm())\n"
    )
    command = [sys.executable, "-c", ours, ffmpeg.program, str(unknown(tmp_path))]
    with subprocess.Popen(command, start_new_session=True) as process:
        while not mark.exists() or not mark.read_text().endswith(" "):
            assert process.poll() is None
            time.sleep(0.02)
        children = [psutil.Process(int(one)) for one in mark.read_text().split()]
        process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_what_ffmpeg_is_used(tmp_path: Path) -> None:
    ours = program(tmp_path, "pass").program
    path = {"PATH": str(tmp_path)}
    assert find_ffmpeg(path) == Ffmpeg(ours)
    assert find_ffmpeg({"STT_FFMPEG": ours, "PATH": ""}) == Ffmpeg(ours)
    assert find_ffmpeg({**path, **NO_FFMPEG}) is None
    with pytest.raises(ConfigurationError, match="STT_FFMPEG is set to nowhere"):
        find_ffmpeg({"STT_FFMPEG": "nowhere", **path})


def test_the_extra_brings_one() -> None:
    pytest.importorskip("imageio_ffmpeg")
    found = find_ffmpeg({"PATH": ""})
    assert found is not None
    assert Path(found.program).is_file()


def test_its_report_is_read_line_by_line() -> None:
    report = Report()
    for line in (
        "[info] Input #0, matroska,webm, from 'file:/a.mkv':",
        "[info]     title           : Duration: 09:09:09.00",
        "[info]   Duration: 01:02:03.50, start: 0.000000, bitrate: 35 kb/s",
        "[info]   Stream #0:0: Video: h264, yuv420p",
        "[info]   Stream #0:1(eng): Audio: opus, 48000 Hz, mono, fltp",
        "[info]   Stream #0:2[0x1](und): Audio: aac (LC), 16000 Hz",
        "[matroska,webm @ 0x557a8d3fd9c0] [error] File ended prematurely",
        "[info] Output #0, wav, to 'pipe:1':",
        "[info]   Stream #0:0: Audio: pcm_s16le, 48000 Hz, mono, s16, 768 kb/s",
    ):
        report.add(line)
    assert (report.duration, report.tracks, report.codec) == (3723.5, 2, "opus")
    assert list(report.faults) == ["File ended prematurely"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            [
                "[mov @ 0x1] [error] moov atom not found",
                "[in#0 @ 0x2] [error] Error opening input: Invalid data found when "
                "processing input",
                "[error] Error opening input file file:/tmp/a.m4a.",
            ],
            "moov atom not found",
        ),
        (
            ["[error] file:/a: Invalid data found when processing input"],
            "unknown format",
        ),
        ([], None),
    ],
)
def test_the_reason_is_what_it_complained_about_first(
    lines: list[str], reason: str | None
) -> None:
    report = Report()
    for line in lines:
        report.add(line)
    assert (report.reason is None) == (reason is None)
    assert reason is None or reason in (report.reason or "")


@needs_ffmpeg
def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    path = tmp_path / "long.m4a"
    loop = ["-stream_loop", "-1", "-t", "1200", "-i", str(WEATHER)]
    subprocess.run([FFMPEG or "", "-v", "error", *loop, path], check=True)
    measured = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from stt_cli.audio.ffmpeg import Ffmpeg\n"
        "from stt_cli.audio.file_source import FileSource\n"
        "ffmpeg = Ffmpeg(sys.argv[1])\n"
        "blocks = FileSource(Path(sys.argv[2]), find_ffmpeg=lambda: ffmpeg).pcm()\n"
        "for _ in range(100): next(blocks)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "count = sum(len(block) for block in blocks)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(count, after - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", measured, FFMPEG or "", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, grown = map(int, done.stdout.split())
    assert count / 32_000 == pytest.approx(1_190, abs=1)
    assert grown < 8_000  # kilobytes; the audio is 38,000


def test_silence_is_silence() -> None:
    assert likeness(SPEECH, np.roll(SPEECH, 16_000)) < 0.5
