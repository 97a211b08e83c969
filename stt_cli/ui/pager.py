"""Text that is longer than the terminal, in the user's pager, as git and gh show it."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from typing import IO

from stt_cli.core.environment import Environment
from stt_cli.ui.style import is_terminal

VARIABLES = ("STT_PAGER", "PAGER")
"""What names the pager; the first that is set decides, and empty means none."""

_DEFAULTS = {"LESS": "FRX", "LV": "-c"}
"""Colors and no cleared screen, as git sets them where the user has no choice."""


def show(text: str, environment: Environment) -> None:
    """Write text to stdout: through a pager where the terminal is too short for it."""
    if not _is_too_long(text, environment) or not _page(text, environment):
        environment.stdout.write(text)
        environment.stdout.flush()


def pager_command(variables: Mapping[str, str]) -> list[str]:
    """Return the pager with its arguments; nothing where none is wanted."""
    if variables.get("TERM") == "dumb":
        return []
    chosen = next((variables[name] for name in VARIABLES if name in variables), None)
    if chosen is None:
        return ["less"] if shutil.which("less", path=variables.get("PATH")) else []
    try:
        command = shlex.split(chosen)
    except ValueError:  # a quote that is not closed
        return []
    return [] if command == ["cat"] else command


def _is_too_long(text: str, environment: Environment) -> bool:
    if not is_terminal(environment.stdout):
        return False
    try:
        rows = os.get_terminal_size(environment.stdout.fileno()).lines
    except (OSError, ValueError):
        return False
    # The prompt that comes next needs a row as well.
    return 0 < rows <= text.count("\n")


def _page(text: str, environment: Environment) -> bool:
    """Show text in the pager; return whether there is one that starts."""
    command = pager_command(environment.variables)
    if not command:
        return False
    import subprocess

    environment.stdout.flush()
    variables = {**_DEFAULTS, **environment.variables}
    try:
        pager = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            env=variables,
        )
    except OSError:
        return False
    if pager.stdin is not None:
        _feed(text, pager.stdin)
    while True:
        try:
            pager.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C is the pager's: it stops its search and goes on
        return True


def _feed(text: str, stdin: IO[str]) -> None:
    try:
        with stdin:
            stdin.write(text)
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # it was left before the end
