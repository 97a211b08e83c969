"""Help screens: narrow enough to read, aligned, quick to show.

Typer draws its own with Rich in boxes and columns that leave the words a third
of an 80-column terminal, and spends half of a run's time on loading Rich. These
need the standard library alone.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stt_cli.cli.description import (
    Description,
    Parameter,
    describe_alone,
    describe_root,
)
from stt_cli.core.environment import Environment
from stt_cli.ui.pager import show
from stt_cli.ui.style import wants_color

_NARROWEST, _WIDEST = 60, 92
_WIDEST_NAME = 28
_NO_SHORT = "    "
_ENV = re.compile(r"\[env: [^]]*\]")
_NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A name with its explanation; ``styled`` is the name as a terminal shows it."""

    name: str
    styled: str
    text: str


class HelpScreen:
    """Writes help for a width, in color or without."""

    def __init__(self, width: int, *, color: bool) -> None:
        self._width = max(_NARROWEST, min(width, _WIDEST))
        self._color = color

    def text(self, command: Description, usage: str) -> str:
        """Return a command's whole help, ending in a line feed."""
        sections = [self._about(command), [f"{self._bold('Usage:')} {usage}"]]
        groups = _groups(command)
        names = [row.name for rows in groups.values() for row in self._rows(rows)]
        column = 4 + max(
            (len(name) for name in names if len(name) <= _WIDEST_NAME), default=10
        )
        for title, members in groups.items():
            lines = [self._bold(title)]
            for row in self._rows(members):
                lines += self._row(row, column)
            sections.append(lines)
        if command.examples:
            typed = [f"  {self._dim('$')} {line}" for line in command.examples]
            sections.append([self._bold("Examples"), *typed])
        return "\n\n".join("\n".join(lines) for lines in sections) + "\n"

    def _about(self, command: Description) -> list[str]:
        paragraphs = command.text.split("\n\n") if command.text else [command.summary]
        folded = ("\n".join(textwrap.wrap(text, self._width)) for text in paragraphs)
        return ["\n\n".join(folded)]

    def _row(self, row: _Row, column: int) -> Iterator[str]:
        text = _ENV.sub(lambda found: found[0].replace(" ", _NO_BREAK), row.text)
        lines = textwrap.wrap(text, self._width - column, break_on_hyphens=False)
        lines = [line.replace(_NO_BREAK, " ") for line in lines] or [""]
        if len(row.name) + 4 > column:
            yield f"  {row.styled}"
        else:
            gap = " " * (column - 2 - len(row.name))
            yield f"  {row.styled}{gap}{lines.pop(0)}".rstrip()
        for line in lines:
            yield " " * column + line

    def _rows(self, members: Iterable[Parameter | Description]) -> Iterator[_Row]:
        for member in members:
            if isinstance(member, Parameter):
                yield self._parameter_row(member)
            else:
                name = member.path[-1]
                yield _Row(name, self._cyan(name), member.summary)

    def _parameter_row(self, parameter: Parameter) -> _Row:
        value = f" {parameter.metavar}" if parameter.metavar else ""
        if not parameter.flags:
            name = value.strip()
            return _Row(name, self._cyan(name), _explained(parameter))
        short = [flag for flag in parameter.flags if not flag.startswith("--")]
        long = [flag for flag in parameter.flags if flag.startswith("--")]
        before = f"{short[0]}, " if short else _NO_SHORT
        flags = before + " / ".join(long)
        return _Row(flags + value, self._cyan(flags) + value, _explained(parameter))

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._color else text

    def _cyan(self, text: str) -> str:
        return f"\x1b[36m{text}\x1b[0m" if self._color else text

    def _dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self._color else text


def show_help(command: Any, ctx: Any, formatter: Any) -> None:
    """Write a command's help where Click asks for it."""
    root = ctx.find_root()
    environment = root.obj
    color = isinstance(environment, Environment) and wants_color(
        environment.stdout, environment
    )
    if color:
        ctx.color = True  # or Click takes it out again for a pipe that wants it
    known = describe_root(command) if ctx is root else describe_alone(command)
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    screen = HelpScreen(shutil.get_terminal_size().columns, color=color)
    text = screen.text(known, usage)
    if ctx.get_parameter_source("help") and isinstance(environment, Environment):
        show(text, environment)
        ctx.exit()
    formatter.write(text)  # of a group that was called without a command


def _groups(
    command: Description,
) -> dict[str, list[Parameter | Description]]:
    """Return arguments, commands and options under their titles, in that order."""
    groups: dict[str, list[Parameter | Description]] = {}
    if command.arguments:
        groups["Arguments"] = list(command.arguments)
    for child in command.children:
        groups.setdefault(child.panel or "Commands", []).append(child)
    # Those without a title of their own come first, --help last among them.
    for option in sorted(command.options, key=lambda one: one.panel != "Options"):
        groups.setdefault(option.panel, []).append(option)
    return groups


def _explained(parameter: Parameter) -> str:
    notes = [parameter.limits] if parameter.limits else []
    if parameter.default is not None:
        notes.append(f"default: {parameter.default}")
    return f"{parameter.help} [{', '.join(notes)}]" if notes else parameter.help
