"""Bad input and bad surroundings: a clear line, a hint, the exit code, nothing lost.

What is wrong inside a recording is in ``test_bad_audio``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audio.tones import WEATHER
from tests.conftest import Runner

FULL = Path("/dev/full")


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    path = tmp_path / "weather.wav"
    path.write_bytes(WEATHER.read_bytes())
    return path


def test_a_recording_is_never_replaced_by_its_transcript(
    stt: Runner, weather: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.wav"
    link.symlink_to(weather)
    for output in (weather, link):
        done = stt("recognize", weather, "-f", "text", "-o", output, "--force")
        assert (done.status, done.stdout) == (2, b"")
        assert f"error: -o {output} would overwrite the recording" in done.stderr
        assert "\nhint: choose a different -o" in done.stderr
        assert weather.read_bytes() == WEATHER.read_bytes()


@pytest.mark.skipif(not FULL.exists(), reason="Linux alone has it")
def test_a_full_disk_below_stdout_is_told_and_the_ledger_has_the_ids(
    stt: Runner, weather: Path
) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "stt_cli", "recognize", str(weather)],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert "error: cannot write the output: No space left" in done.stderr
    assert "hint: free up disk space" in done.stderr
    assert "Traceback" not in done.stderr
    assert "ledger" not in done.stderr
    (row,) = json.loads(stt("history", "--json").stdout)
    assert f"session id: {row['ids']['session_id']}" in done.stderr
    assert row["status"] not in ("started", "running")


@pytest.mark.skipif(not FULL.exists(), reason="Linux alone has it")
def test_a_log_that_cannot_be_written_costs_the_log_alone(
    stt: Runner, weather: Path
) -> None:
    done = stt("recognize", weather, "-p", "local", "--log-file", FULL)
    assert done.status == 0, done.stderr
    assert "weather" in done.text.lower()
    assert done.stderr.count("No space left on device") == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_ends_the_entry_in_the_ledger(
    stt: Runner, weather: Path
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "stt_cli", "recognize", str(weather)],
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0
    assert "ledger" not in done.stderr
    (row,) = json.loads(stt("history", "--json").stdout)
    assert row["status"] not in ("started", "running")


@pytest.mark.parametrize(
    ("arguments", "status", "message", "hint"),
    [
        (["-p", "azur"], 2, "unknown provider 'azur'", "did you mean azure?"),
        (["-p", "none"], 2, "unknown provider 'none'", "choose from local, azure"),
        (
            ["-l", "de-DE"],
            2,
            "only supports English, not German",
            "models download base",
        ),
        (["--session-id", "nonsense"], 2, "is not a GUID", "session-id --new"),
        (["-p", "azure"], 4, "needs a key and a region", "set AZURE_SPEECH_KEY"),
        (
            ["--param", "x", "-p", "azure"],
            2,
            "is not KEY=VALUE",
            "write the service's name",
        ),
        (["-f", "pdf"], 2, "unknown format 'pdf'", "choose from text"),
    ],
)
def test_what_is_wrong_on_the_command_line(
    stt: Runner,
    weather: Path,
    arguments: list[str],
    status: int,
    message: str,
    hint: str,
) -> None:
    done = stt("recognize", weather, *arguments)
    assert (done.status, done.stdout) == (status, b"")
    error, advice = done.stderr.split("\nhint: ")
    assert message in error
    assert hint in advice


@pytest.mark.parametrize(
    ("name", "hint"),
    [("*.flac", "to include subfolders"), (os.devnull, "- for stdin")],
)
def test_inputs_that_are_no_recordings_have_a_hint(
    stt: Runner, tmp_path: Path, name: str, hint: str
) -> None:
    done = stt("recognize", tmp_path / name)
    assert done.status == 10
    assert hint in done.stderr.split("\nhint: ")[1]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.wav", b"RIFF\xff\xff\0\0WAVEfmt ", "no format chunk"),
        ("a.mp3", b"ID3" + bytes(300), "decode"),
        ("a.flac", b"fLaC", "decode"),
    ],
)
def test_files_that_break_off_in_their_header(
    stt_process: Runner, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = stt_process("recognize", tmp_path / name)
    assert (done.status, done.stdout) == (10, b"")
    line = next(line for line in done.stderr.splitlines() if line.startswith("error"))
    assert message in line
    assert "hint: check that the file is complete" in done.stderr


def test_a_notice_names_its_recording_among_several(
    stt: Runner, weather: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.wav"
    cut.write_bytes(WEATHER.read_bytes()[: 44 + 2 * 33_000])
    done = stt("recognize", weather, cut)
    assert done.status == 0
    assert f"notice: {cut}: the recording is truncated" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"provider = \n", "line 1, column 12"),
        (b'providr = "azure"\n', "unknown setting providr"),
        (b"\xff\xfe\0", "is not valid UTF-8"),
    ],
)
def test_a_broken_config_file(
    stt: Runner, weather: Path, stt_home: Path, text: bytes, message: str
) -> None:
    (stt_home / "config").mkdir(parents=True)
    (stt_home / "config" / "config.toml").write_bytes(text)
    for arguments in (["recognize", weather], ["config", "set", "language", "en-US"]):
        done = stt(*arguments)
        assert (done.status, done.stdout) == (2, b"")
        assert message in done.stderr
        hint = done.stderr.split("\nhint: ")[1]
        # `stt config set` reads the file too: it mends none that is no TOML.
        assert "config set" not in hint


def test_a_keyring_whose_own_settings_cannot_be_read_is_a_finding(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied", "keyringrc.cfg")

    monkeypatch.setattr("keyring.get_keyring", refuse)
    findings = json.loads(stt("doctor", "--json").stdout)
    (finding,) = [one for one in findings if one["name"] == "keyring"]
    assert finding["state"] == "failed"
    assert "the keyring cannot be read" in str(finding)


def test_without_portaudio_the_microphone_is_told_to_be_missing(
    stt_process: Runner, tmp_path: Path
) -> None:
    (tmp_path / "sounddevice.py").write_text(
        "raise OSError('PortAudio library not found')\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    for arguments in (["recognize", "--mic"], ["tts", "hello", "--play"]):
        done = stt_process(*arguments, env={"PYTHONPATH": path})
        assert (done.status, done.stdout) == (10, b"")
        assert "error: PortAudio is missing" in done.stderr
        assert "\nhint: " in f"\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_a_machine_without_a_microphone(
    stt: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stt_cli.audio.microphone.list_devices", list)
    done = stt("recognize", "--mic")
    assert (done.status, done.stdout) == (10, b"")
    assert "error: no microphone found" in done.stderr
    assert "hint: connect one" in done.stderr


def test_session_id_beside_an_empty_stdin_tells_the_last_ids(
    stt: Runner, weather: Path
) -> None:
    used = stt("recognize", weather)
    done = subprocess.run(
        [sys.executable, "-m", "stt_cli", "session-id"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert f"session id: {done.stdout.strip()}" in used.stderr
