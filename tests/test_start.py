"""The way in: versions, help, unknown commands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stt_cli.version import __version__
from tests.conftest import Runner


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
    assert told == [f"error: the output cannot be written: {fault}"]
    assert not [line for line in lines if "typer" in line or "stt_cli.app" in line]


def test_a_version_that_nobody_reads_is_no_failure() -> None:
    script = f'("{sys.executable}" -m stt_cli -V; echo "status $?" >&2) | true'
    command = ["sh", "-c", script]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b"status 0\n"


def test_an_unknown_command_is_a_usage_error(stt: Runner) -> None:
    done = stt("transcrib")
    assert done.status == 2
    assert "there is no command 'transcrib'" in done.stderr
    assert "hint: `stt --help`" in done.stderr
    assert done.stdout == b""


def test_help_names_every_command_without_loading_one(stt_process: Runner) -> None:
    from stt_cli.command_table import COMMANDS

    done = stt_process("--help")
    assert done.status == 0
    for entry in COMMANDS:
        assert entry.name in done.text
