"""Whether to color, and the few colors of plain stderr lines (no Rich needed)."""

from __future__ import annotations

import os
from typing import BinaryIO, TextIO

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import printable
from stt_cli.ui.folding import folded

_COLORS = {"error": "1;31", "warning": "33", "hint": "36"}
_OTHER = "2"


def is_terminal(stream: TextIO | BinaryIO) -> bool:
    """Whether a person may be looking at ``stream``."""
    return not stream.closed and stream.isatty()


def columns_of(stream: TextIO, environment: Environment) -> int | None:
    """Return how wide a terminal is; ``None`` for what is none, or does not know.

    ``COLUMNS`` overrides it, as everywhere.
    """
    if not is_terminal(stream):
        return None
    columns = environment.variables.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def wants_color(stream: TextIO, environment: Environment) -> bool:
    """Whether ``stream`` takes color: --color, then variables, then the terminal."""
    if environment.verbosity.color is not None:
        return environment.verbosity.color
    if environment.variables.get("NO_COLOR"):
        return False
    if environment.variables.get("FORCE_COLOR"):
        return True
    return environment.variables.get("TERM") != "dumb" and is_terminal(stream)


def styled(name: str, environment: Environment) -> str:
    """Return the word before a stderr line's colon, colored where that is wanted."""
    if not wants_color(environment.stderr, environment):
        return name
    return f"\x1b[{_COLORS.get(name, _OTHER)}m{name}\x1b[0m"


def labeled(name: str, text: str, environment: Environment) -> str:
    """Return ``name: text`` for stderr: colored, harmless and without secrets."""
    line = f"{name}: {printable(environment.redactor.clean(text))}"
    line = folded(line, columns_of(environment.stderr, environment))
    return styled(name, environment) + line.removeprefix(name)


def dim(text: str, environment: Environment) -> str:
    """Return a whole line for stderr, dim where color is wanted, harmless anyway.

    Its parts are separated by ``" · "``, and are kept together where there is room.
    """
    clean = printable(environment.redactor.clean(text))
    clean = folded(clean, columns_of(environment.stderr, environment), joint=" · ")
    return (
        f"\x1b[2m{clean}\x1b[0m"
        if wants_color(environment.stderr, environment)
        else clean
    )


def is_drawable(stream: TextIO, environment: Environment) -> bool:
    """Whether ``stream`` is a terminal on which lines can be drawn over."""
    return (
        is_terminal(stream)
        and environment.variables.get("TERM") not in ("dumb", "unknown")
        # Bars and spinners need more characters than other encodings have.
        and (stream.encoding or "").lower().replace("-", "") == "utf8"
    )
