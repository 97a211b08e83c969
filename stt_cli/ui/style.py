"""How lines look: color, width, folding between words, and consoles without markup."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, BinaryIO, TextIO

from stt_cli.core.environment import Environment
from stt_cli.core.plain_text import printable

if TYPE_CHECKING:
    from rich.console import Console

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


def console_for(stream: TextIO, environment: Environment) -> Console:
    """Return a console on ``stream``: no markup, no guessed highlights, no emoji codes.

    Rich reads NO_COLOR, FORCE_COLOR, TERM and COLUMNS from the variables given;
    ``--color`` comes before them.
    """
    from rich.console import Console

    variables = dict(environment.variables)
    if environment.verbosity.color:
        variables.pop("NO_COLOR", None)
        variables["FORCE_COLOR"] = "1"
    return Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None if environment.verbosity.color is False else "auto",
        _environ=variables,
    )


_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_PIECE = re.compile(
    r"`[^`]*`\S*"  # a command between backticks
    r"|(?<=: )stt .*"  # or up to the end: "to continue, run: stt poll ..."
    r"|\S+"
)


def folded(text: str, columns: int | None, *, joint: str = "") -> str:
    """Return text with line feeds between words where it is wider than the terminal.

    A command stays in one piece, even one that is wider than the terminal: that
    folds it by itself, so that it can be copied as a whole.

    Args:
        joint: stands between parts that are kept together where there is room.
    """
    if columns is None or "\n" in text or width_of(text) <= columns:
        return text
    lines = [""]
    for part in text.split(joint) if joint else [text]:
        before = joint if lines[-1] else ""
        if width_of(lines[-1] + before + part) <= columns:
            lines[-1] += before + part
            continue
        lines[-1] += before.rstrip()
        if lines[-1]:
            lines.append("")
        for found in _PIECE.finditer(part):
            space = " " if lines[-1] else ""
            if lines[-1] and width_of(lines[-1] + space + found[0]) > columns:
                lines.append(found[0])
            else:
                lines[-1] += space + found[0]
    return "\n".join(lines)


def width_of(text: str) -> int:
    """Return how many cells of a terminal a text takes, its colors aside."""
    plain = _STYLE.sub("", text)
    if plain.isascii():
        return len(plain)
    from rich.cells import cell_len

    return cell_len(plain)
