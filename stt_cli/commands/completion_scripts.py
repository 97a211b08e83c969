"""Completion scripts for bash, zsh, fish and PowerShell, written from a description.

They are plain text with everything in it: completing starts no Python, so it is
as fast as the shell. None needs a package beyond the shell itself.
"""

from __future__ import annotations

from collections.abc import Callable

from stt_cli.commands.completion_bash import bash
from stt_cli.commands.completion_fish import fish
from stt_cli.commands.completion_powershell import powershell
from stt_cli.commands.completion_zsh import zsh
from stt_cli.commands.description import Description

SCRIPTS: dict[str, Callable[[Description], str]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
    "powershell": powershell,
}
FILES = {"bash": "stt.bash", "zsh": "_stt", "fish": "stt.fish", "powershell": "stt.ps1"}
