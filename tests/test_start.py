"""The way in: versions, help, unknown commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stt_cli.version import __version__
from tests.commands.conftest import silent_wav
from tests.conftest import Runner
from tests.emulating import emulated

# Each costs milliseconds, and plain text over a plain WebSocket needs none of them.
NOT_FOR_A_SHORT_RUN = {
    *(
        "asyncio",
        "dask",
        "distributed",
        "httpx",
        "numpy",
        "pocketsphinx",
        "psycopg",
        "rich",
        "sounddevice",
        "soundfile",
    ),
    *("soxr", "ssl", "starlette", "tomllib", "websockets.sync.client"),
    *("stt_cli.audio.microphone", "stt_cli.audio.stream_source"),
    *("stt_cli.core.job", "stt_cli.core.polling", "h11"),
    *("stt_cli.formats.captions", "stt_cli.formats.json_output"),
    *("stt_cli.formats.line_breaking",),
    *("stt_cli.protocols.azure_rest.short_audio", "stt_cli.providers.azure.batch"),
    *("stt_cli.providers.azure.short_audio", "stt_cli.net.client"),
}


def test_version_loads_nothing_but_the_version(stt_process: Runner) -> None:
    done = stt_process("--version")
    assert (done.status, done.text) == (0, f"stt {__version__}\n")


@pytest.mark.parametrize(
    ("where", "fault"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
def test_a_version_that_cannot_be_written_is_told_lightly(
    where: str, fault: str
) -> None:
    command = f'"{sys.executable}" -X importtime -m stt_cli --version {where}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    lines = done.stderr.decode().splitlines()
    told = [line for line in lines if not line.startswith("import time:")]
    assert done.returncode == 2
    assert told == [f"error: cannot write the output: {fault}"]
    assert not [line for line in lines if "typer" in line or "stt_cli.app" in line]


def test_a_version_that_nobody_reads_is_no_failure() -> None:
    script = f'("{sys.executable}" -m stt_cli -V; echo "status $?" >&2) | true'
    command = ["sh", "-c", script]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b"status 0\n"


def test_an_unknown_command_is_a_usage_error(stt: Runner) -> None:
    done = stt("transcrib")
    assert done.status == 2
    assert "unknown command 'transcrib'" in done.stderr
    assert "hint: run `stt --help`" in done.stderr
    assert done.stdout == b""


def test_help_names_every_command_without_loading_one(stt_process: Runner) -> None:
    from stt_cli.cli.command_table import COMMANDS

    done = stt_process("--help")
    assert done.status == 0
    for entry in COMMANDS:
        assert entry.name in done.text


def test_a_short_run_over_the_socket_loads_only_what_it_uses(tmp_path: Path) -> None:
    recording = tmp_path / "a.wav"
    recording.write_bytes(silent_wav())
    with emulated("azure", key=None) as azure:
        done = subprocess.run(
            [
                *(sys.executable, "-X", "importtime", "-m", "stt_cli", "recognize"),
                *(str(recording), "-p", "azure", "--endpoint", azure.url, "-q"),
                *("--transport", "websocket"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "Hello world.\n")
    loaded = set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.M))
    assert "stt_cli.providers.azure.realtime" in loaded
    assert loaded & NOT_FOR_A_SHORT_RUN == set()
