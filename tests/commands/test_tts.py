"""``stt tts``: text and SSML into files, pipes and the loudspeaker."""

from __future__ import annotations

import array
import json
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

from stt_cli.audio.wav import WavHeaderReader
from tests.conftest import Runner
from tests.sound_server import sound_server
from tests.ui.terminal import run as run_on_terminal

SENTENCE = "what's the weather like"
SSML = (
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" '
    'xml:lang="en-US">hello <break time="2s"/> world</speak>'
)


def seconds_of(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def stream_of(data: bytes) -> array.array[int]:
    """Return the samples of a WAV that came through a pipe."""
    reader = WavHeaderReader()
    reader.receive(data)
    assert reader.header is not None
    return array.array("h", data[reader.header.data_offset :])


@pytest.mark.conformance("LO-03")
def test_a_text_becomes_a_wav_file_with_true_sizes(stt: Runner, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    done = stt("tts", "what's", "the", "weather", "like", "-o", target)
    assert (done.status, done.stdout) == (0, b"")
    assert done.stderr.startswith("session id: ")
    assert 1.0 < seconds_of(target) < 2.0


@pytest.mark.parametrize(
    ("options", "is_told"), [((), True), (("-q",), False), (("--json",), False)]
)
def test_what_was_written_is_told_as_recognize_does(
    stt: Runner, tmp_path: Path, options: tuple[str, ...], is_told: bool
) -> None:
    target = tmp_path / "a.wav"
    done = stt("tts", "hello", "-o", target, *options)
    told = "".join(done.stderr.split()).endswith(f"notice:wrote{target}")
    assert (done.status, told) == (0, is_told)


@pytest.mark.conformance("LO-03")
def test_without_a_terminal_the_audio_goes_to_stdout(stt: Runner) -> None:
    plain, dash = stt("tts", SENTENCE), stt("tts", SENTENCE, "-o", "-")
    assert plain.status == dash.status == 0
    for done in (plain, dash):
        assert 22_050 < len(stream_of(done.stdout)) < 44_100


@pytest.mark.conformance("LO-03")
def test_what_is_spoken_is_recognized_again(stt_process: Runner) -> None:
    spoken = stt_process("tts", SENTENCE, "-o", "-")
    heard = stt_process("recognize", "-", stdin=spoken.stdout)
    assert heard.text == "What's the weather like?\n"


def test_text_comes_from_stdin_however_long(stt: Runner) -> None:
    done = stt("tts", "-", stdin="\ufeffone two three".encode())
    assert len(stream_of(done.stdout)) > 10_000
    bad = stt("tts", "-", stdin=b"\xff\xfe")
    assert bad.status == 2
    assert "not valid UTF-8" in bad.stderr


@pytest.mark.conformance("LO-03")
def test_an_ssml_file_is_spoken(stt: Runner, tmp_path: Path) -> None:
    document = tmp_path / "a.xml"
    document.write_text(SSML)
    done = stt("tts", "--ssml", document)
    piped = stt("tts", "--ssml", "-", stdin=SSML.encode())
    assert len(stream_of(done.stdout)) > 2.5 * 22_050
    assert abs(len(piped.stdout) - len(done.stdout)) < 4_000


def test_wrong_ssml_is_refused_with_line_and_column(stt: Runner) -> None:
    done = stt("tts", "--ssml", "-", stdin=b"<speak>\n<p>hello</speak>")
    assert done.status == 2
    assert "line 2, column 11" in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to speak"),
        (("  ",), "nothing to speak"),
        (("a", "--ssml", "b.xml"), "cannot be used with TEXT"),
        (("--ssml", "no-such.xml"), "cannot read no-such.xml"),
        (("a", "--rate", "quick"), "invalid rate 'quick'"),
        (("a", "--rate", "5000"), "5000 words per minute"),
        (("a", "--pitch", "200Hz"), "hertz"),
        (("a", "--volume", "loudest"), "invalid volume"),
        (("a", "--contour", "(0%,+20Hz)"), "contour"),
        (("a", "--phoneme", "a=ʘ"), "has no sound for"),
        (("a", "--phoneme", "a=ups:x"), "does not support ups phonemes"),
        (("a", "--break", "soon"), "invalid pause"),
        (("a", "--gender", "robot"), "invalid gender"),
        (("a", "--audio-format", "wma"), "local cannot write wma"),
        (("a", "-o", "a.m4a"), "local cannot write m4a"),
        (("a", "-l", "xx-YY"), "does not support xx-YY"),
        (("a", "--json"), "--json requires -o FILE"),
        (("a", "--param", "x=y"), "--param"),
    ],
)
def test_what_cannot_be_is_a_usage_error_before_anything_is_done(
    stt: Runner, arguments: tuple[str, ...], said: str
) -> None:
    done = stt("tts", *arguments)
    assert done.status == 2
    assert said in done.stderr
    assert done.stdout == b""
    assert "session id" not in done.stderr


def test_an_unknown_voice_is_not_found(stt: Runner) -> None:
    done = stt("tts", "a", "--voice", "en-UX")
    assert done.status == 5
    assert "en-US" in done.stderr


def test_options_are_heard(stt: Runner) -> None:
    plain = len(stt("tts", "hello world").stdout)
    assert len(stt("tts", "hello world", "--rate", "+100%").stdout) < plain * 0.7
    assert len(stt("tts", "hello world", "--rate", "100").stdout) > plain * 1.4
    assert len(stt("tts", "hello world", "--break", "hello=1s").stdout) > plain + 40_000
    silent = stt("tts", "hello world", "--volume", "silent")
    assert max(stream_of(silent.stdout)) == 0
    female = stt("tts", "hello world", "--gender", "female").stdout
    assert female != stt("tts", "hello world", "--gender", "male").stdout
    sounds = "world=espeak:h@l'oU"
    assert stt("tts", "hello world", "--phoneme", sounds).status == 0


def test_the_suffix_chooses_the_format(stt: Runner, tmp_path: Path) -> None:
    raw = tmp_path / "a.raw"
    assert stt("tts", "hello", "-o", raw).status == 0
    assert not raw.read_bytes().startswith(b"RIFF")


@pytest.mark.conformance("CO-10")
def test_a_file_that_is_there_stays_unless_forced(stt: Runner, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    target.write_bytes(b"mine")
    done = stt("tts", "hello", "-o", target)
    assert done.status == 2
    assert target.read_bytes() == b"mine"
    assert stt("tts", "hello", "-o", target, "--force").status == 0
    assert seconds_of(target) > 0.3


def test_json_tells_what_was_made(stt: Runner, tmp_path: Path) -> None:
    target = tmp_path / "a.wav"
    done = stt("tts", "hello", "-o", target, "--json")
    made = json.loads(done.stdout)
    assert made["provider"] == "local"
    assert made["bytes"] == target.stat().st_size
    assert made["format"]["sample_rate"] == 22_050
    assert made["ids"]["session_id"] in done.stderr


@pytest.mark.conformance("CO-16")
def test_a_dry_run_shows_what_would_be_spoken_and_speaks_nothing(
    stt: Runner, stt_home: Path
) -> None:
    done = stt("tts", "a < b", "--break", "strong", "--rate", "slow", "--dry-run")
    assert done.status == 0
    assert "rate: 140 words per minute" in done.text
    assert "a &lt; b" in done.text
    assert "session id" not in done.stderr
    assert stt("history").stdout == b""


@pytest.mark.conformance("LO-04")
def test_a_run_stands_in_the_ledger_with_its_session_id(stt: Runner) -> None:
    spoken = stt("tts", "a secret text")
    session = spoken.stderr.removeprefix("session id: ").split()[0]
    row = stt("history").text
    assert session in row
    assert "tts" in row
    assert "success" in row
    assert "secret" not in row


@pytest.mark.conformance("CO-13")
@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_audio_is_refused_where_stdout_is_a_terminal(output: str) -> None:
    command = [sys.executable, "-m", "stt_cli", "tts", "hello", "-o", output]
    seen = run_on_terminal(command)
    assert seen.status == 2
    assert "terminal" in seen.text
    assert "RIFF" not in seen.raw


@pytest.mark.conformance("LO-03")
def test_a_terminal_gets_the_loudspeaker(tmp_path: Path) -> None:
    heard = tmp_path / "heard.raw"
    with sound_server(tmp_path / "sound") as server, server.recording(heard):
        command = [sys.executable, "-m", "stt_cli", "tts", SENTENCE]
        seen = run_on_terminal(command, env=server.env)
    assert seen.status == 0, seen.text
    assert "session id: " in seen.text
    loud = [abs(sample) > 500 for sample in samples_in(heard)]
    first, last = loud.index(True), len(loud) - loud[::-1].index(True)
    assert 0.9 < (last - first) / 22_050 < 4.0  # a busy machine plays with gaps


def test_play_and_a_file_go_together(stt_process: Runner, tmp_path: Path) -> None:
    target, heard = tmp_path / "a.wav", tmp_path / "heard.raw"
    with sound_server(tmp_path / "sound") as server, server.recording(heard):
        done = stt_process("tts", "hello", "--play", "-o", target, env=server.env)
    assert done.status == 0, done.stderr
    assert max(samples_in(heard)) > 1_000
    assert seconds_of(target) > 0.3


def test_without_a_loudspeaker_the_user_is_told(
    stt_process: Runner, tmp_path: Path
) -> None:
    (tmp_path / ".asoundrc").write_text("pcm.!default pulse\n")
    for suffix in ("wav", "mp3"):  # one is played as it comes, the other when whole
        done = stt_process(
            "tts", "hello", "--play", "--audio-format", suffix,
            env={"PULSE_SERVER": "unix:/nowhere"},
        )  # fmt: skip
        assert done.status == 10
        assert "cannot play audio" in done.stderr
        assert "-o FILE" in done.stderr
        assert "ALSA lib" not in done.stderr
        newest = json.loads(stt_process("history", "--json").text)[0]
        assert newest["status"] == "failed"
        assert "cannot play audio" in newest["error"]["message"]


def test_without_portaudio_nothing_is_said_aloud_and_the_package_is_named(
    stt_process: Runner, tmp_path: Path
) -> None:
    (tmp_path / "sounddevice.py").write_text(
        "raise OSError('PortAudio library not found')\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = stt_process("tts", "hello", "--play", env={"PYTHONPATH": path})
    assert done.status == 10
    assert "error: PortAudio is missing" in done.stderr
    assert "hint: " in done.stderr


def samples_in(path: Path) -> array.array[int]:
    data = path.read_bytes()
    return array.array("h", data[: len(data) - len(data) % 2])


@pytest.mark.conformance("CO-09")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_a_long_text_stops_at_once_and_leaves_no_file(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    target = tmp_path / "book.wav"
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "tts", "-", "-o", str(target)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(b"hello world. " * 500_000)
    process.stdin.close()
    assert process.stderr.readline().startswith(b"session id: ")
    time.sleep(0.2)
    process.send_signal(number)
    sent = time.monotonic()
    assert process.wait(20) == status
    assert time.monotonic() - sent < 15
    process.stderr.close()
    assert list(tmp_path.glob("*book*")) == []


def test_time_that_runs_out_ends_it_and_leaves_no_file(
    stt_process: Runner, tmp_path: Path
) -> None:
    target = tmp_path / "book.wav"
    text = b"hello world. " * 500_000
    done = stt_process("tts", "-", "-o", target, "--timeout", "0.7", stdin=text)
    assert done.status == 7
    assert "session id: " in done.stderr
    assert list(tmp_path.glob("*book*")) == []


def test_a_reader_that_leaves_ends_the_run_quietly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stt_cli", "tts", "-", "-q"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"hello world. " * 100_000)
    process.stdin.close()
    process.stdout.read(100)
    process.stdout.close()
    assert process.stderr is not None
    with process:
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_memory_does_not_grow_with_the_length_of_the_text(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from stt_cli.app import run\n"
        "assert run(sys.argv[1:]) == 0\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(repetitions: int) -> int:
        target = str(tmp_path / f"{repetitions}.wav")
        done = subprocess.run(
            [sys.executable, "-c", script, "tts", "-", "-q", "-o", target],
            input=b"hello world. " * repetitions,
            capture_output=True,
            check=True,
        )
        return int(done.stdout)

    short, long = peak(2), peak(1_500)
    made = (tmp_path / "1500.wav").stat().st_size
    assert made > 40_000_000
    assert long - short < 12_000  # kilobytes


def test_a_wav_of_a_pipe_says_that_its_length_is_open(stt: Runner) -> None:
    data = stt("tts", "hello").stdout
    assert data[40:44] == b"\xff\xff\xff\xff"


def test_help_has_examples(stt_process: Runner) -> None:
    words = " ".join(stt_process("tts", "--help").text.split())
    assert "stt tts - -o book.wav" in words
