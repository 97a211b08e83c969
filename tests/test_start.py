"""The way in: versions, help, unknown commands."""

from __future__ import annotations

from stt_cli.version import __version__
from tests.conftest import Runner


def test_version_loads_nothing_but_the_version(stt_process: Runner) -> None:
    done = stt_process("--version")
    assert (done.status, done.text) == (0, f"stt {__version__}\n")


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
